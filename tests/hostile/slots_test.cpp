// Peers that hold a slot and use it little or not at all, and an honest leecher that
// comes after them: how long it waits to be unchoked.
#include "12-downloader/swarm.hpp"
#include "handshake/handshake_talk.hpp"
#include "message/message_talk.hpp"
#include "support/catch.hpp"
#include <algorithm>

using namespace cotorra;
using namespace cotorra::test;

namespace {

constexpr std::uint32_t piece_length = 256 * 1024;
constexpr std::size_t payload = 15 * piece_length; // too few pieces to be granted some

// What the peers before the honest one do with their slots.
struct habit {
  std::size_t peers;
  duration a_block_every = {}; // zero: they ask for nothing
  std::uint32_t at_once = 1;   // requests; they read one block in the time above
};

struct waits {
  duration for_its_slot, for_half_of_it; // of what the server has
};

// One server, one honest leecher, and the others, which are interested in the server.
class crowd {
public:
  crowd() : crowd({{"", random_bytes(7, payload)}}) {}

  // How long the honest leecher waits when it comes `later` than all the others. The
  // server is a seed, or has half of the file.
  waits before(habit of, duration later, bool seed) {
    auto& server = world_.add_host({.up = 1'000'000});
    buffer content = content_;
    if (!seed) std::fill(content.begin() + payload / 2, content.end(), std::byte{});
    write_file(server.folder.path() / "payload.bin", content);
    world_.start(server);
    world_.sim.run_for(1s);
    for (std::uint32_t i = 0; i < of.peers; ++i) {
      io::host& h = world_.sim.add_host(ip_address::v4(0x0a020000 + i + 1));
      world_.sim.spawn(pester(h, world_.at(server), i, of), "pest");
    }
    world_.sim.run_for(later);
    auto& honest = world_.add_leecher({.latency = 20ms});
    time_point const came = world_.sim.now();
    auto const served = [&] {
      auto const peers = honest.torrent.get_peer_info();
      return std::ranges::any_of(
          peers, [](session::peer_info const& p) { return !p.peer_choking; });
    };
    CHECK(world_.sim.run_until(served, 5min));
    duration const for_its_slot = world_.sim.now() - came;
    auto const has_half = [&] {
      return honest.torrent.status().total_payload_download >= payload / 4;
    };
    CHECK(world_.sim.run_until(has_half, 5min));
    return {for_its_slot, world_.sim.now() - came};
  }

private:
  explicit crowd(std::vector<file_content> files)
      : content_(files[0].content),
        info_(make_metainfo("payload.bin", files, piece_length, swarm::tracker_url)),
        world_(1, info_, std::move(files)) {}

  task<> pester(io::host& from, endpoint to, std::uint32_t number, habit of) {
    try {
      auto const stream = co_await from.doors().network.connect(to);
      io::reader in(*stream);
      handshake::handshake ours{{}, info_.hash, {}};
      random_source(100 + number).fill(ours.id.value);
      handshake::handshake const theirs =
          co_await handshake::exchange_handshakes(in, *stream, ours);
      (void)theirs;
      buffer words;
      message::encode(words, message::interested{});
      co_await io::write(*stream, words);
      co_await take(in, *stream, of);
    } catch (protocol_error const&) {
    } catch (std::system_error const&) { // sent away
    }
  }

  task<> take(io::reader& in, io::stream& out, habit of) {
    message::message_reader messages(in);
    for (bool more = true; more;) {
      std::uint32_t asks = 0;
      while (auto frame = messages.next_frame()) {
        message::any const m = message::decode(*frame);
        if (std::holds_alternative<message::unchoke>(m)) asks = of.at_once;
        if (!std::holds_alternative<message::piece>(m)) continue;
        ++asks;
        co_await world_.sim.clock().sleep_for(of.a_block_every);
      }
      buffer words;
      if (of.a_block_every == duration::zero()) asks = 0;
      for (; asks > 0; --asks) message::encode(words, message::request{0, 0, 16 * 1024});
      if (!words.empty()) co_await io::write(out, words);
      more = co_await messages.fill();
    }
  }

  buffer content_;
  metainfo::metainfo info_;
  swarm world_;
};

} // namespace

// Before, in this world: 11 s, 51 s, 129 s.
TEST_CASE("a crowd that wastes its slots delays an honest leecher by seconds") {
  struct row {
    habit of;
    duration at_most;
  };
  row const rows[] = {
      {{.peers = 8}, 4s},
      {{.peers = 40}, 10s},
      {{.peers = 8, .a_block_every = 4s}, 15s},
      {{.peers = 8, .a_block_every = 4s, .at_once = 50}, 15s}, // reads slowly
  };
  for (row const& r : rows)
    for (bool const seed : {true, false})
      for (duration const later : {100ms, 5000ms, 20'000ms, 70'000ms}) {
        INFO(r.of.peers << " peers at a " << (seed ? "seed" : "leecher")
                        << ", a block in " << seconds(r.of.a_block_every) << " s, "
                        << r.of.at_once << " at once; the honest one comes "
                        << seconds(later) << " s later");
        waits const w = crowd().before(r.of, later, seed);
        CHECK(w.for_its_slot < r.at_most);
        CHECK(w.for_half_of_it < r.at_most + 6s); // alone: 1.4 s
      }
}
