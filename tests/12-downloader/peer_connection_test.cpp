// One connection alone: a peer on a wire in memory, a torrent that only listens.
#include "io/memory_pipe.hpp"
#include "message/allowed_fast.hpp"
#include "session/fast_hints.hpp"
#include "session/peer_connection.hpp"
#include "session/their_pieces.hpp"
#include "support/catch.hpp"
#include "swarm.hpp"

using namespace cotorra;
using namespace cotorra::test;

namespace {

constexpr std::uint32_t piece_length = 16 * 1024;
constexpr piece_index pieces = 200;

struct quiet_download : session::download::host {
  void piece_verified(piece_index) override {}
  void piece_failed(piece_index, bool) override {}
  void peer_poisoned(piece::offender const&, piece_index) override {}
  void disk_failed(std::error_code) override {}
};

// The torrent's side: counts what it is told.
struct listening_host : session::peer_connection::host {
  std::size_t blocks = 0, sent = 0, interest = 0, named = 0;
  void block_arrived(session::peer_connection&, piece::block, bytes) override {
    ++blocks;
  }
  void block_sent(std::size_t n, time_point) override { sent += n; }
  void interest_changed() override { ++interest; }
  void pieces_changed(session::peer_connection&) override {}
  void peers_named(endpoint const&, extension::pex_message const& m) override {
    named += m.added.size();
  }
  void disk_failed(std::error_code) override {}
  std::uint16_t dht_port() const override { return node; }
  void node_named(endpoint const& e) override { nodes.push_back(e); }
  std::uint16_t node = 0; // of the DHT, ours
  std::vector<endpoint> nodes;
};

struct desk {
  temporary_folder folder;
  io::simulation sim{1};
  io::world world = sim.add_host(*ip_address::parse("10.0.0.1")).doors();
  session::settings limits;
  session::shared_disk disk{world, 1 << 20};
  session::add_torrent_params params;
  quiet_download told;
  listening_host torrent;
  std::optional<session::content> here;
  std::unique_ptr<io::memory_stream> near, peer;
  std::unique_ptr<session::peer_connection> connection;

  // we_have_it: so many of its pieces, the first ones; else nothing
  explicit desk(bool we_have_it, piece_index so_many = pieces, bool extensions = false) {
    std::vector<file_content> const files{{"", random_bytes(5, pieces * piece_length)}};
    params.ti = std::make_shared<metainfo::metainfo const>(
        make_metainfo("payload.bin", files, piece_length));
    params.save_path = folder.path();
    buffer content = files[0].content;
    std::fill(content.begin() + so_many * piece_length, content.end(), std::byte{});
    if (we_have_it) write_file(folder.path() / "payload.bin", content);
    here.emplace(world, limits, disk, params, told);
    REQUIRE_FALSE(sim.run(here->check()));
    std::tie(near, peer) = io::memory_stream::pair(sim.executor());
    session::connected_peer p;
    p.at = *endpoint::parse("80.4.4.200:6881");
    p.key = 1;
    p.theirs.reserved.set_fast();
    if (extensions) p.theirs.reserved.set_extensions();
    p.stream = std::move(near);
    p.in = std::make_unique<io::reader>(*p.stream);
    connection = std::make_unique<session::peer_connection>(torrent, world, limits, *here,
                                                            std::move(p));
    sim.spawn(connection->run(), "connection");
    sim.run_for(10ms);
  }
  ~desk() { sim.end(); }

  template <class Message> void says(Message const& m) {
    buffer wire;
    message::encode(wire, m);
    peer->say(wire);
    sim.run_for(10ms);
  }
  // The messages that came since the last look: their names, with the piece where there
  // is one.
  std::vector<std::string> heard() {
    std::vector<std::string> all;
    bytes rest = peer->heard();
    while (rest.size() >= 4) {
      std::size_t const size = get_u32(rest);
      message::any const m = message::decode(rest.subspan(4, size));
      std::string words(message::name(m));
      std::visit(
          [&words](auto const& each) {
            if constexpr (requires { each.piece; })
              words += " " + std::to_string(each.piece);
          },
          m);
      all.push_back(words);
      rest = rest.subspan(4 + size);
    }
    peer->forget_heard();
    return all;
  }
};

std::size_t count(std::vector<std::string> const& all, std::string const& word) {
  return static_cast<std::size_t>(std::ranges::count(all, word));
}

} // namespace

TEST_CASE("a new piece is announced even to a peer that has it as super-seeders want") {
  desk d(true);
  d.says(message::have{7});
  d.heard();
  d.connection->verified(7);
  d.sim.run_for(10ms);
  CHECK(d.heard() == std::vector<std::string>{"have 7"});
}

TEST_CASE("a choked peer may fetch the pieces that it was granted and no others") {
  desk d(true);
  auto const granted = message::allowed_fast_set(ip_address::parse("80.4.4.200").value(),
                                                 d.params.ti->hash, pieces, pieces / 64);
  REQUIRE(granted.size() == 3);
  auto const greeting = d.heard();
  REQUIRE(greeting.size() == 4);
  CHECK(greeting[0] == "have all");
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(greeting[1 + i] == "allowed fast " + std::to_string(granted[i]));
  d.says(message::have_none{});
  d.says(message::interested{});
  d.says(message::request{granted[0], 0, piece_length});
  CHECK(d.heard() == std::vector<std::string>{"piece " + std::to_string(granted[0])});
  piece_index other = 0;
  while (std::ranges::count(granted, other) != 0) ++other;
  d.says(message::request{other, 0, piece_length});
  CHECK(d.heard() == std::vector<std::string>{"reject request " + std::to_string(other)});
}

TEST_CASE("a choked peer that has pieces to trade is granted none") {
  desk d(true);
  auto const granted = message::allowed_fast_set(ip_address::parse("80.4.4.200").value(),
                                                 d.params.ti->hash, pieces, pieces / 64);
  for (piece_index i : {0, 1, 2}) d.says(message::have{i});
  d.says(message::interested{});
  d.heard();
  d.says(message::request{granted[0], 0, piece_length});
  CHECK(d.heard() ==
        std::vector<std::string>{"reject request " + std::to_string(granted[0])});
}

TEST_CASE("a peer whose interest flaps thousands of times is sent away") {
  desk d(true);
  buffer both;
  message::encode(both, message::interested{});
  message::encode(both, message::not_interested{});
  buffer many;
  for (int i = 0; i < 1900; ++i) append(many, both);
  d.peer->say(many);
  d.sim.run_for(10ms);
  CHECK_FALSE(d.connection->ended());
  d.peer->say(many);
  d.sim.run_for(10ms);
  CHECK(d.connection->ended());
  CHECK(d.connection->end() == errc::flooding);
}

TEST_CASE("a piece that the peer suggests is asked for first") {
  desk d(false);
  d.says(message::have_all{});
  d.says(message::suggest_piece{123});
  d.heard();
  d.says(message::unchoke{});
  auto const asked = d.heard();
  REQUIRE_FALSE(asked.empty());
  CHECK(asked[0] == "request 123");
  CHECK(asked.size() > 1); // and others after it
}

TEST_CASE("what a peer has only grows and so our interest follows what we lack") {
  desk d(false);
  session::their_pieces theirs(*d.here);
  CHECK_FALSE(theirs.known());
  theirs.add(7);
  CHECK(theirs.known());
  CHECK(theirs.all().count() == 1);
  CHECK(theirs.are_of_interest());
  theirs.verified(8); // another one
  CHECK(theirs.are_of_interest());
  theirs.verified(7);
  CHECK_FALSE(theirs.are_of_interest());
  bitfield more(pieces);
  more.set(7);
  more.set(9);
  theirs.add(more);
  CHECK(theirs.all().count() == 2);
  theirs.add(9); // again
  CHECK(theirs.are_of_interest());
  theirs.verified(9);
  CHECK_FALSE(theirs.are_of_interest());
}

TEST_CASE("a peer has one port: what it says later is not told to others") {
  desk d(false, pieces, true);
  auto const says_port = [&](std::uint16_t port) {
    extension::extended_handshake h;
    h.port = port;
    buffer const payload = extension::encode(h);
    d.says(message::extended{0, payload});
  };
  CHECK(d.connection->listens_at().port == 0);
  says_port(7000);
  says_port(7001);
  CHECK(d.connection->listens_at().port == 7000);
}

TEST_CASE("a peer that says where its node of the DHT is is heard once") {
  desk d(false);
  CHECK(count(d.heard(), "port") == 0); // we have none to tell of
  d.says(message::port{7000});
  d.says(message::port{7001});
  CHECK(d.torrent.nodes == std::vector<endpoint>{*endpoint::parse("80.4.4.200:7000")});
}

TEST_CASE("hints count when they are new, few, wanted, and of pieces that the peer has") {
  session::fast_hints hints;
  auto const all = [](piece_index) { return true; };
  bitfield const theirs(1000, true);
  CHECK(hints.first(true, theirs, all).size() == 0);
  for (piece_index i = 0; i < 100; ++i) CHECK(hints.allow(i) == (i < 64));
  CHECK_FALSE(hints.allow(3));
  CHECK(hints.first(true, theirs, all).count() == 64);
  hints.disallow(3);
  CHECK_FALSE(hints.first(true, theirs, all)[3]);
  CHECK(hints.first(false, theirs, all).size() == 0); // nothing is suggested
  for (piece_index i = 0; i < 20; ++i) CHECK(hints.suggest(i));
  CHECK_FALSE(hints.suggest(19));
  auto const suggested = hints.first(false, theirs, all);
  CHECK(suggested.count() == 16);
  CHECK_FALSE(suggested[3]); // an old one
  CHECK(suggested[4]);
  CHECK(hints.first(false, theirs, [](piece_index i) { return i == 7; }).count() == 1);
  CHECK(hints.first(false, bitfield(1000), all).size() == 0);
}

TEST_CASE("an absurd set of allowed fast pieces is kept short") {
  desk d(false);
  buffer many;
  for (int round = 0; round < 18; ++round)
    for (piece_index i = 0; i < pieces; ++i)
      message::encode(many, message::allowed_fast{i});
  d.peer->say(many);
  d.sim.run_for(10ms);
  CHECK_FALSE(d.connection->ended()); // a few thousand are borne
  d.peer->say(many);
  d.sim.run_for(10ms);
  CHECK(d.connection->end() == errc::flooding);
}

TEST_CASE("a late block is not cancelled and is accepted when it arrives") {
  desk d(false);
  d.says(message::have{7});
  d.says(message::unchoke{});
  REQUIRE(count(d.heard(), "request 7") == 1);
  for (int second = 0; second < 100; ++second) {
    d.sim.run_for(1s);
    d.connection->tick(d.sim.now());
  }
  CHECK(d.connection->is_late());
  CHECK(count(d.heard(), "cancel 7") == 0);
  d.says(message::piece{7, 0, buffer(piece_length)});
  CHECK(d.torrent.blocks == 1);
  CHECK_FALSE(d.connection->is_late());
}

TEST_CASE("an unchoked peer that asks for nothing wastes its slot") {
  desk d(true);
  d.says(message::interested{});
  d.connection->unchoke();
  auto const wastes = [&d] {
    return d.connection->candidate(d.sim.now(), true, false).wastes;
  };
  d.sim.run_for(1s);
  CHECK_FALSE(wastes());
  d.sim.run_for(1s);
  CHECK(wastes());
  d.says(message::request{0, 0, piece_length});
  CHECK_FALSE(wastes());
  CHECK(d.torrent.sent == piece_length);
}

TEST_CASE("an unchoked peer that takes less than a block a second wastes its slot") {
  desk d(true);
  bool const seeding = true, uplink_is_full = true;
  auto const wastes = [&d](bool seeds, bool limited) {
    return d.connection->candidate(d.sim.now(), seeds, limited).wastes;
  };
  d.says(message::interested{});
  d.connection->unchoke();
  for (piece_index i = 0; i < 9; ++i) d.says(message::request{i, 0, piece_length});
  d.sim.run_for(9s);
  CHECK_FALSE(wastes(seeding, !uplink_is_full));
  d.sim.run_for(1s);
  CHECK(wastes(seeding, !uplink_is_full));
  CHECK(wastes(!seeding, !uplink_is_full)); // it gives us nothing
  CHECK_FALSE(wastes(seeding, uplink_is_full));
  for (piece_index i = 0; i < 10; ++i) d.says(message::request{i, 0, piece_length});
  CHECK_FALSE(wastes(seeding, !uplink_is_full));
}

TEST_CASE("a peer that gives us something may take little") {
  desk d(true, 100);
  d.says(message::have{150});
  d.says(message::unchoke{});
  d.says(message::interested{});
  d.connection->unchoke();
  d.says(message::piece{150, 0, buffer(piece_length)});
  d.says(message::request{7, 0, piece_length});
  REQUIRE(d.torrent.blocks == 1);
  REQUIRE(d.torrent.sent == piece_length);
  d.sim.run_for(11s);
  CHECK_FALSE(d.connection->candidate(d.sim.now(), false, false).wastes);
}
