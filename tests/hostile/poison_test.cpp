// Garbage: the peers that send it are found, and honest peers are not harmed.
#include "hostile/scene.hpp"
#include "support/catch.hpp"

using namespace cotorra;
using namespace cotorra::hostile;

namespace {

// One block of garbage, so that the piece is suspect; then right blocks, each just in
// time.
task<> spoil_and_drip(visit& v) {
  co_await v.pose_as_seeder();
  for (bool right = false;; right = true) {
    co_await v.flush();
    auto const r = co_await v.next_request();
    if (right) co_await v.self.host.doors().clock.sleep_for(15s);
    v.put_block(r, right);
  }
}
constexpr species dripper{"spoil and drip", "spoils a piece, then sits on it",
                          spoil_and_drip};

// Answers no request, and sends garbage for the first block of each piece in turn: now
// and then that block was requested.
task<> scatter(visit& v) {
  co_await v.pose_as_seeder();
  auto const pieces = static_cast<piece_index>(v.self.info.pieces.size() - 1);
  for (piece_index i = 0;; i = (i + 1) % pieces) {
    v.put_block({i, 0, 16 * 1024}, false);
    co_await v.flush();
    co_await v.self.host.doors().clock.sleep_for(200ms);
  }
}
constexpr species scatterer{"scatterer", "sends garbage without a request", scatter};

// Spoils one block, then rejects every request, but stays in the swarm.
task<> spoil_and_reject(visit& v) {
  co_await v.pose_as_seeder();
  co_await v.flush();
  if (v.number == 0) {
    auto const r = co_await v.next_request();
    v.put_block(r, false);
  }
  co_await v.reject_all();
}
constexpr species spoiler{"spoil and reject",
                          "spoils a block, then rejects every request", spoil_and_reject,
                          std::nullopt, true};

task<> offer_the_last_piece(visit& v) {
  co_await v.answer();
  bitfield last(v.self.info.pieces.size());
  last.set(static_cast<piece_index>(last.size() - 1));
  v.put(message::bitfield{last.encode()});
  v.put(message::unchoke{});
  co_await v.flush();
}

// Claims the last piece alone. The answers to its first two requests, which are all of
// that piece, come at this moment, and are garbage.
duration spoiled_after;
task<> spoil_late(visit& v) {
  time_point const begun = v.self.host.doors().clock.now();
  co_await offer_the_last_piece(v);
  auto const first = co_await v.next_request();
  auto const second = co_await v.next_request();
  co_await v.self.host.doors().clock.sleep_until(begun + spoiled_after);
  v.put_block(first, false);
  v.put_block(second, false);
  co_await v.flush();
  co_await v.rest();
}
constexpr species late_spoiler{"spoil late", "spoils the last missing piece", spoil_late};

// Claims the last piece alone, sends one of its blocks, and waits.
task<> give_one(visit& v) {
  co_await offer_the_last_piece(v);
  auto const r = co_await v.next_request();
  v.put_block(r, true);
  co_await v.flush();
  co_await v.hear_cancels();
}
constexpr species giver{"give one", "gives one block, and waits", give_one};

// Settings for this many connections, without a tracker that names peers.
session::settings alone_with_places(std::size_t places) {
  session::settings s;
  s.connections_limit_per_torrent = places;
  s.announce = false;
  return s;
}

} // namespace

TEST_CASE(
    "a slow honest seeder gets a bad piece back from a peer that rejects everything") {
  scene s(1 << 20, 60'000, 1 << 20); // one piece, 17 s alone: longer than our patience
  s.let_in(spoiler);
  s.start_leecher();
  CHECK(s.complete_within(3min));
  CHECK(s.swarm.has_right_bytes(*s.leecher));
}

TEST_CASE("a peer that drips does not keep a bad piece while another peer is idle") {
  // one piece of 64 blocks: at a block in 15 s it takes 16 minutes
  scene s(1 << 20, 60'000, 1 << 20);
  s.let_in(dripper);
  s.let_in(dripper);
  s.start_leecher();
  CHECK(s.complete_within(6min));
  CHECK(s.swarm.has_right_bytes(*s.leecher));
}

TEST_CASE(
    "a peer that scatters unrequested garbage is dropped and slows no honest seeder") {
  scene s(1'000'000, 150'000); // 7 s alone
  den& animal = s.let_in(scatterer);
  s.start_leecher();
  CHECK(s.complete_within(9s));
  CHECK(s.swarm.has_right_bytes(*s.leecher));
  REQUIRE(s.run_until([&] { return !s.records(animal).empty(); }, 5s));
  auto const why = s.records(animal).front().ended; // the first offence found
  CHECK((why == errc::bad_piece || why == errc::unwanted_block));
}

TEST_CASE("two poisoners that share each piece with an honest seeder are both found") {
  // one piece of 64 blocks: every peer contributes to it
  scene s(1 << 20, 60'000, 1 << 20);
  den& first = s.let_in(species_named("poisoner"));
  den& second = s.let_in(species_named("half poisoner"));
  s.start_leecher();
  CHECK(s.complete_within(3min));
  CHECK(s.swarm.has_right_bytes(*s.leecher));
  CHECK(s.on_record(first));
  CHECK(s.on_record(second));
  CHECK(s.records(first).front().ended_because ==
        "the peer sent a piece that does not match its hash");
  CHECK(s.bad_pieces_of_several > 0);
  CHECK(s.banned_for_bad_pieces == std::set{first.host.address(), second.host.address()});
}

TEST_CASE("a banned peer is not dialled again and refused when it comes by itself") {
  scene s(1'000'000, 60'000);
  den& poisoner = s.let_in(species_named("poisoner"));
  s.start_leecher();
  REQUIRE(s.run_until([&] { return s.on_record(poisoner); }, 30s));
  unsigned const visits = poisoner.visits;
  s.swarm.sim.spawn(come_again(poisoner, 3), "come again");
  CHECK(s.complete_within(60s));
  s.swarm.sim.run_for(60s);
  CHECK(poisoner.visits == visits);
  CHECK(poisoner.kept == 0);
  CHECK_FALSE(s.is_connected(poisoner));
}

TEST_CASE("a poisoner that leaves before it is found out is banned anyway") {
  scene s(1'000'000, 60'000);
  den& runner = s.let_in(species_named("hit and run"));
  s.start_leecher();
  CHECK(s.complete_within(60s));
  s.swarm.sim.run_for(60s);
  CHECK(runner.visits == 1);
  // and no other peer is: new addresses are still welcome
  den& late = s.let_in(species_named("mute"));
  s.leecher->torrent.connect_peer(late.at());
  s.swarm.sim.run_for(5s);
  CHECK(late.visits == 1);
}

TEST_CASE("a poisoner with the peer_id of an honest seeder harms only itself") {
  scene s(1'000'000, 60'000);
  den& thief = s.let_in(species_named("poisoner"));
  s.swarm.sim.run_for(1s);
  thief.id = s.seeder->session->id();
  s.start_leecher();
  CHECK(s.complete_within(90s));
  CHECK(s.swarm.has_right_bytes(*s.leecher));
}

TEST_CASE("a crowd with one peer_id gets one connection") {
  scene s(1'000'000, 60'000);
  den& crowd = s.let_in(species_named("mute"));
  s.start_leecher();
  s.swarm.sim.run_for(2s);
  s.swarm.sim.spawn(come_again(crowd, 30), "a crowd");
  CHECK(s.complete_within(60s));
  std::size_t of_crowd = 0;
  for (session::peer_info const& p : s.leecher->torrent.get_peer_info())
    if (p.pid == crowd.id) ++of_crowd;
  CHECK(of_crowd == 1);
  auto const records = s.records(crowd);
  CHECK(std::count_if(records.begin(), records.end(), [](session::peer_info const& p) {
          return p.ended == errc::duplicate_peer;
        }) == 30);
}

TEST_CASE("a peer_id keeps no other peer out and brings no crowd in") {
  scene s(4'000'000, 60'000);
  den& crowd = s.let_in(species_named("mute"));
  s.start_leecher();
  s.swarm.sim.run_for(10s); // now no dials cross
  s.swarm.sim.spawn(come_again(crowd, 30), "a crowd");
  s.swarm.sim.run_for(20s);
  std::size_t of_crowd = 0;
  for (session::peer_info const& p : s.leecher->torrent.get_peer_info())
    if (p.pid == crowd.id) ++of_crowd;
  CHECK(of_crowd == 2); // the second one might be the true owner of the peer_id
}

TEST_CASE("peers that never send the last piece do not keep it") {
  // eight liars and drippers take blocks; the seeder is slow
  scene s(600'000, 20'000); // 30 s alone
  for (int i = 0; i < 4; ++i) s.let_in(species_named("liar"));
  for (int i = 0; i < 4; ++i) s.let_in(species_named("slow drip"));
  s.start_leecher();
  auto has = [&](std::size_t pieces) {
    return [&s, pieces] { return s.leecher->torrent.status().num_pieces >= pieces; };
  };
  std::size_t const all = (600'000 + scene::piece_length - 1) / scene::piece_length;
  REQUIRE(s.run_until(has(all / 2), 2min));
  CHECK(s.run_until(has(all), 1min));
  CHECK(s.swarm.has_right_bytes(*s.leecher));
}

TEST_CASE("an address with many peer_ids leaves places to other peers") {
  scene s(300'000, 60'000);
  den& crowd = s.let_in(species_named("mute"));
  session::settings const few = alone_with_places(8); // it hears of the seeder later
  s.start_leecher(few);
  s.swarm.sim.spawn(come_under_many_names(crowd, 40), "a crowd");
  s.swarm.sim.run_for(5s);
  CHECK(s.leecher->torrent.get_peer_info().size() == 5);
  s.leecher->torrent.connect_peer(s.swarm.at(*s.seeder));
  CHECK(s.complete_within(30s));
  CHECK(s.swarm.has_right_bytes(*s.leecher));
}

TEST_CASE("addresses that do not answer hold no places for long") {
  scene s(300'000, 60'000);
  den& one = s.let_in(species_named("mute"));
  den& another = s.let_in(species_named("mute"));
  session::settings const few = alone_with_places(8);
  s.start_leecher(few);
  for (std::uint32_t i = 0; i < 2; ++i) // two places are reserved for these
    s.leecher->torrent.connect_peer({ip_address::v4(0x0a090000 + i), 6881});
  s.swarm.sim.spawn(come_under_many_names(one, 40), "a crowd");
  s.swarm.sim.spawn(come_under_many_names(another, 40), "another");
  s.swarm.sim.run_for(1s);
  s.seeder->torrent.connect_peer(s.swarm.at(*s.leecher)); // comes by itself
  CHECK(s.complete_within(5min));
  CHECK(s.swarm.has_right_bytes(*s.leecher));
}

TEST_CASE("a newcomer gets the place of an idle guest from a full network") {
  scene s(300'000, 60'000);
  den& crowd = s.let_in(species_named("mute"));
  session::settings few = alone_with_places(4);
  few.useless_after = 1min;
  s.start_leecher(few);
  s.swarm.sim.spawn(come_under_many_names(crowd, 40), "a crowd");
  s.swarm.sim.run_for(90s); // three of them, and nothing came or went
  std::size_t const before = s.records(crowd).size();
  s.swarm.sim.spawn(come_under_many_names(crowd, 1), "one more of that address");
  s.swarm.sim.run_for(5s);
  auto const after = s.records(crowd);
  CHECK(std::ranges::count_if(after, [](session::peer_info const& p) {
          return p.ended == errc::idle_for_long;
        }) == 1);
  CHECK(after.size() > before);
}

// While the piece is judged, another peer is asked for the same block, in the endgame.
TEST_CASE("the last missing piece is fetched again, whenever it was spoiled") {
  for (duration at = 14s; at < 18s; at += 200ms) {
    spoiled_after = at;
    INFO(seconds(at));
    scene s(32 * 32 * 1024, 60'000);
    s.let_in(late_spoiler);
    s.start_leecher();
    CHECK(s.complete_within(3min));
    CHECK(s.swarm.has_right_bytes(*s.leecher));
  }
}

TEST_CASE("another peer that was asked for the last block hears that it is here") {
  scene s(8 * 32 * 1024, 60'000);
  den& d = s.let_in(giver);
  s.start_leecher();
  CHECK(s.complete_within(1min));
  s.swarm.sim.run_for(1s);
  CHECK(d.cancels == 1);
}

TEST_CASE("peers that hold every connection and give nothing make room in the end") {
  scene s(300'000, 60'000);
  for (int i = 0; i < 3; ++i) s.let_in(species_named("slow drip"));
  session::settings few;
  few.connections_limit_per_torrent = 3;
  s.swarm.sim.run_for(2s); // the tracker knows the seeder
  s.start_leecher(few);
  CHECK_FALSE(s.complete_within(4min));
  CHECK(s.complete_within(8min));
  CHECK(s.swarm.has_right_bytes(*s.leecher));
}

// Each miser opens a piece and leaves it open. Memory is bounded, and the honest seeder
// sends the withheld blocks.
TEST_CASE("forty misers do not fill the memory with pieces that lack their last block") {
  scene s(2'000'000, 200'000, 64 * 1024);
  for (int i = 0; i < 40; ++i) s.let_in(species_named("miser"));
  session::settings few;
  few.open_pieces_limit = 256 * 1024; // four pieces
  s.start_leecher(few);
  CHECK(s.complete_within(60s));
  CHECK(s.swarm.has_right_bytes(*s.leecher));
}
