// Thousands of random steps of a swarm, and after each the picker is compared with a
// naive one that counts everything anew.
#include "07-pieces/print.hpp"
#include "piece/picker.hpp"
#include <map>
#include <set>

using namespace cotorra;
using namespace cotorra::piece;

namespace {

struct model_peer {
  bitfield has;
  std::set<block> asked;
};

class swarm {
public:
  swarm(std::uint64_t seed, std::uint64_t total, std::uint32_t piece_length)
      : random_(seed), layout_(total, piece_length), picker_(layout_, random_) {}

  void step() {
    switch (random_.below(13)) {
    case 0:
      join();
      break;
    case 1:
      leave();
      break;
    case 2:
      got();
      break;
    case 3:
      give_back();
      break;
    case 4:
      wish();
      break;
    case 5:
    case 6:
    case 7:
      ask();
      break;
    case 8:
      late();
      break;
    default:
      arrive();
      break;
    }
    check();
  }

  // A seed comes, and everything wanted gets done.
  bool finish() {
    bitfield const all(layout_.piece_count(), true);
    for (piece_index i = 0; i < layout_.piece_count(); ++i) picker_.set_wanted(i, true);
    picker_.add_peer(all);
    peers_[++last_key_].has = all;
    for (int i = 0; i < 100000 && picker_.wanted_left() > 0; ++i) {
      ask();
      arrive();
    }
    check();
    return picker_.have().all() && picker_.open_pieces() == 0 && picker_.requested() == 0;
  }

private:
  std::pair<peer_key const, model_peer>* any_peer() {
    if (peers_.empty()) return nullptr;
    auto it = peers_.begin();
    std::advance(it, random_.below(peers_.size()));
    return &*it;
  }

  void join() {
    if (peers_.size() > 8) return;
    model_peer p{bitfield(layout_.piece_count()), {}};
    std::uint64_t const kind = random_.below(4); // 0: a seed
    for (piece_index i = 0; i < layout_.piece_count(); ++i)
      if (kind == 0 || random_.below(4) < kind) p.has.set(i);
    picker_.add_peer(p.has);
    peers_.emplace(++last_key_, std::move(p));
  }

  void leave() {
    auto* const p = any_peer();
    if (p == nullptr || random_.below(3) != 0) return;
    for (block const& b : p->second.asked) picker_.give_back(p->first, b);
    picker_.remove_peer(p->second.has);
    picker_.forget(p->first);
    peers_.erase(p->first);
  }

  void got() {
    auto* const p = any_peer();
    if (p == nullptr) return;
    auto const i = static_cast<piece_index>(random_.below(layout_.piece_count()));
    if (p->second.has[i]) return;
    p->second.has.set(i);
    picker_.peer_got(i);
  }

  void wish() {
    auto const i = static_cast<piece_index>(random_.below(layout_.piece_count()));
    picker_.set_wanted(i, random_.below(3) != 0);
  }

  void give_back() {
    auto* const p = any_peer();
    if (p == nullptr || p->second.asked.empty()) return;
    block const b = *p->second.asked.begin();
    picker_.give_back(p->first, b);
    p->second.asked.erase(b);
  }

  void late() {
    auto* const p = any_peer();
    if (p == nullptr || p->second.asked.empty()) return;
    block const b = *p->second.asked.begin();
    picker_.late(p->first, b);
    late_.insert(b);
  }

  void ask() {
    auto* const p = any_peer();
    if (p == nullptr) return;
    std::vector<block> out;
    bool const endgame = picker_.in_endgame();
    bool const idle = p->second.asked.empty();
    bool const bounded = random_.below(4) == 0;
    picker_.set_most_open(bounded ? 2 : layout_.piece_count());
    bool const full = !picker_.may_open();
    std::size_t const open = picker_.open_pieces();
    picker_.pick(p->first, p->second.has, 1 + random_.below(6), out);
    REQUIRE((picker_.open_pieces() <= 2 || !bounded || picker_.open_pieces() <= open));
    std::size_t duplicates = 0;
    for (block const& b : out) {
      REQUIRE(layout_.is_whole_block(b));
      REQUIRE(p->second.has[b.piece]);
      REQUIRE_FALSE(arrived_.contains(b));
      duplicates += asked_of(b) > 0 && late_.erase(b) == 0 ? 1 : 0;
      REQUIRE(p->second.asked.insert(b).second); // never the same of the same peer
    }
    REQUIRE(duplicates <= 1);
    if (duplicates == 1) REQUIRE(((endgame || full) && idle && out.size() == 1));
  }

  std::size_t asked_of(block const& b) const {
    std::size_t n = 0;
    for (auto const& [key, p] : peers_) n += p.asked.count(b);
    return n;
  }

  void arrive() {
    auto* const p = any_peer();
    if (p == nullptr || p->second.asked.empty()) return;
    block const b = *p->second.asked.begin();
    REQUIRE(picker_.arrived(p->first, b) == arrival::wanted);
    REQUIRE(arrived_.insert(b).second);
    std::vector<peer_key> others;
    picker_.others_of(b, p->first, others);
    REQUIRE(others.size() + 1 == asked_of(b));
    for (peer_key k : others) REQUIRE(peers_.at(k).asked.erase(b) == 1);
    p->second.asked.erase(b);
    if (!picker_.complete(b.piece)) return;
    if (random_.below(5) != 0) {
      picker_.verified(b.piece);
    } else {
      picker_.failed(b.piece);
      for (std::uint32_t n = 0; n < layout_.block_count(b.piece); ++n)
        arrived_.erase(layout_.block_at(b.piece, n));
    }
  }

  void check() const {
    REQUIRE(picker_.consistent());
    for (auto const& [key, p] : peers_) REQUIRE(picker_.requested(key) == p.asked.size());
    for (piece_index i = 0; i < layout_.piece_count(); ++i) {
      std::uint32_t n = 0;
      for (auto const& [key, p] : peers_) n += p.has[i] ? 1 : 0;
      REQUIRE(picker_.availability(i) == n);
    }
    for (auto const& [key, p] : peers_) {
      bool any = false;
      for (piece_index i = 0; i < layout_.piece_count(); ++i)
        any = any || (p.has[i] && picker_.is_wanted(i) && !picker_.have()[i]);
      REQUIRE(picker_.interesting(p.has) == any);
    }
  }

  random_source random_;
  piece_layout layout_;
  piece_picker picker_;
  std::map<peer_key, model_peer> peers_;
  std::set<block> arrived_;
  std::set<block> late_;
  peer_key last_key_ = 0;
};

} // namespace

TEST_CASE("whatever happens in a swarm the picker's books are right and it gets done") {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    INFO("seed " << seed);
    swarm s(seed, 20 * 50000 + 17, 50000); // short last blocks, a tiny last piece
    for (int i = 0; i < 800; ++i) s.step();
    REQUIRE(s.finish());
  }
}

TEST_CASE("pieces of a single block work too") {
  swarm s(99, 30 * block_size - 5, block_size);
  for (int i = 0; i < 800; ++i) s.step();
  REQUIRE(s.finish());
}
