// Magnet links: torrents that begin with no more than an info_hash.
#include "explain/facts.hpp"
#include "message/allowed_fast.hpp"
#include "piece/learned_file.hpp"
#include "piece/resume_file.hpp"
#include "session/fast_grants.hpp"
#include "session/learned_info.hpp"
#include "session/magnet_uri.hpp"
#include "support/catch.hpp"
#include "swarm.hpp"

using namespace cotorra;
using namespace cotorra::test;
using Catch::Matchers::ContainsSubstring;
using state = session::torrent_status::state_t;

namespace {

// Small pieces make a large info dictionary: 3 pieces of metadata, and one more.
swarm make_swarm(std::string tracker = "", std::size_t payload = 3 << 20) {
  std::vector<file_content> files{{"a", random_bytes(1, payload)},
                                  {"b", random_bytes(2, 50'000)}};
  metainfo::metainfo info = make_metainfo("stuff", files, 1024, std::move(tracker));
  return swarm(1, std::move(info), std::move(files));
}

session::add_torrent_params link_of(swarm& s, std::string const& more = "") {
  return session::parse_magnet_uri("magnet:?xt=urn:btih:" + s.info().hash.hex() + more);
}

} // namespace

TEST_CASE("a magnet link becomes parameters") {
  auto const p = session::parse_magnet_uri(
      "magnet:?xt=urn:btih:" + std::string(40, 'a') +
      "&dn=The+name&tr=http://t.example/announce&x.pe=192.0.2.1:7&x.pe=host.example:8"
      "&ws=http://w.example/&so=0,2-4");
  CHECK(p.hash().hex() == std::string(40, 'a'));
  CHECK(p.name == "The name");
  CHECK(p.trackers == std::vector<std::string>{"http://t.example/announce"});
  CHECK(p.url_seeds == std::vector<std::string>{"http://w.example/"});
  REQUIRE(p.peers.size() == 1);
  CHECK(p.peers[0].text() == "192.0.2.1:7");
  CHECK(p.select_only.size() == 2);
  CHECK_FALSE(p.ti);
  CHECK_THROWS_AS(session::parse_magnet_uri("magnet:?dn=x"), input_error);
}

TEST_CASE("a magnet link with a tracker downloads the torrent") {
  swarm s = make_swarm(swarm::tracker_url);
  s.add_seeder();
  auto& n = s.add_leecher({}, link_of(s, std::string("&tr=") + swarm::tracker_url));
  auto const before = n.torrent.status();
  CHECK_FALSE(before.has_metadata);
  CHECK_FALSE(before.is_finished);
  CHECK(before.name == s.info().hash.hex());
  REQUIRE(s.sim.run_until([&] { return n.torrent.status().has_metadata; }, 10s));
  CHECK(n.torrent.status().name == "stuff");
  REQUIRE(s.sim.run_until([&] { return s.complete(n); }, 60s));
  CHECK(s.has_right_bytes(n));
}

TEST_CASE("a magnet link with the address of a peer needs no tracker") {
  swarm s = make_swarm();
  auto& seeder = s.add_seeder();
  auto& n = s.add_leecher({}, link_of(s, "&x.pe=" + s.at(seeder).text()));
  time_point const start = s.sim.now();
  REQUIRE(s.sim.run_until([&] { return s.complete(n); }, 60s));
  CHECK(s.has_right_bytes(n));
  CHECK(s.sim.now() - start < 10s); // the second dial comes at once
}

TEST_CASE("a peer that dials us gives us the metadata too") {
  swarm s = make_swarm();
  auto& n = s.add_leecher({}, link_of(s));
  session::add_torrent_params params;
  params.peers = {s.at(n)};
  s.add_seeder({}, std::move(params));
  REQUIRE(s.sim.run_until([&] { return s.complete(n); }, 60s));
  CHECK(s.has_right_bytes(n));
}

TEST_CASE("several that learn take the metadata from one seeder, and trade pieces") {
  swarm s = make_swarm(swarm::tracker_url);
  s.add_seeder();
  for (int i = 0; i < 5; ++i)
    s.add_leecher({}, link_of(s, std::string("&tr=") + swarm::tracker_url));
  REQUIRE(s.sim.run_until([&] { return s.all_complete(); }, 120s));
  for (auto const& n : s.nodes) CHECK(s.has_right_bytes(*n));
}

TEST_CASE("while no peer gives the metadata the status says so") {
  swarm s = make_swarm();
  auto& n = s.add_leecher({}, link_of(s, "&dn=wanted"));
  s.sim.run_for(5s);
  auto const now = n.torrent.status();
  CHECK(now.state == state::downloading_metadata);
  CHECK(now.name == "wanted");
  CHECK(now.total_wanted == 0);
  CHECK(now.progress == 0);
  CHECK(now.num_peers == 0);
}

TEST_CASE("a torrent that learns can be paused and resumed") {
  swarm s = make_swarm();
  auto& seeder = s.add_seeder();
  session::add_torrent_params params = link_of(s);
  params.paused = true;
  auto& n = s.add_leecher({}, std::move(params));
  n.torrent.connect_peer(s.at(seeder));
  s.sim.run_for(5s);
  CHECK_FALSE(n.torrent.status().has_metadata);
  n.torrent.resume();
  s.sim.run_for(5ms);
  n.torrent.pause();
  s.sim.run_for(20s);
  CHECK_FALSE(n.torrent.status().has_metadata);
  n.torrent.resume();
  s.sim.run_for(20s);
  REQUIRE(s.sim.run_until([&] { return s.complete(n); }, 60s));
}

TEST_CASE("on_metadata comes before any file is made, and may let the torrent rest") {
  swarm s = make_swarm();
  auto& seeder = s.add_seeder();
  session::add_torrent_params params = link_of(s, "&x.pe=" + s.at(seeder).text());
  std::size_t called = 0;
  params.on_metadata = [&called](session::add_torrent_params& p) {
    ++called;
    p.paused = true;
    CHECK(p.ti->name == "stuff");
  };
  auto& n = s.add_leecher({}, std::move(params));
  s.sim.run_for(20s);
  CHECK(called == 1);
  CHECK(n.torrent.status().paused);
  CHECK(n.torrent.status().has_metadata);
  CHECK(std::filesystem::is_empty(n.folder.path()));
  n.torrent.resume();
  REQUIRE(s.sim.run_until([&] { return s.complete(n); }, 60s));
  CHECK(called == 1);
}

TEST_CASE("an input_error of on_metadata is the torrent's error") {
  swarm s = make_swarm();
  auto& seeder = s.add_seeder();
  session::add_torrent_params params = link_of(s, "&x.pe=" + s.at(seeder).text());
  params.on_metadata = [](auto&) { throw input_error("there are 2 files, not 7"); };
  auto& n = s.add_leecher({}, std::move(params));
  s.sim.run_for(20s);
  CHECK(n.torrent.status().paused);
  CHECK(n.torrent.status().error == "there are 2 files, not 7");
}

TEST_CASE("so= selects files") {
  swarm s = make_swarm();
  auto& seeder = s.add_seeder();
  auto& n = s.add_leecher({}, link_of(s, "&so=1&x.pe=" + s.at(seeder).text()));
  REQUIRE(s.sim.run_until([&] { return n.torrent.status().is_finished; }, 60s));
  CHECK(n.torrent.status().total_wanted < 60'000);
  CHECK(read_file(n.folder.path() / "stuff/b").size() == 50'000);
  CHECK_FALSE(std::filesystem::exists(n.folder.path() / "stuff/a"));
}

TEST_CASE("so= of files that are not there is an error, and a huge range is none") {
  swarm s = make_swarm();
  auto p = link_of(s, "&so=2-9");
  CHECK_THROWS_WITH(session::learn_from(s.info().info, p), ContainsSubstring("so="));
  p = link_of(s, "&so=1-4294967295");
  session::learn_from(s.info().info, p);
  CHECK(p.wanted_files == std::vector<bool>{false, true});
}

TEST_CASE("metadata that is no info dictionary is an error that says so") {
  auto p = session::parse_magnet_uri("magnet:?xt=urn:btih:" + std::string(40, 'a'));
  CHECK_THROWS_WITH(session::learn_from(as_bytes("d4:name1:xe"), p),
                    ContainsSubstring("cannot be used"));
}

TEST_CASE("after a restart no peer is needed for the metadata, and pieces are believed") {
  swarm s = make_swarm();
  auto& seeder = s.add_seeder();
  session::add_torrent_params params = link_of(s, "&x.pe=" + s.at(seeder).text());
  params.download_limit = 500'000; // bytes per second
  auto& n = s.add_leecher({}, params);
  REQUIRE(s.sim.run_until([&] { return n.torrent.status().num_pieces > 1000; }, 60s));
  n.session->stop();
  REQUIRE(s.sim.run_until([&] { return n.ended; }, 10s));
  CHECK(std::filesystem::exists(piece::learned_path(n.folder.path(), s.info().hash)));
  n.ended = false;
  SECTION("with the link") { params.peers.clear(); }
  SECTION("with the .torrent, which shares the state") { params = {}; }
  s.start(n, std::move(params));
  REQUIRE(s.sim.run_until([&] { return n.torrent.status().num_pieces > 1000; }, 10s));
  CHECK(n.torrent.status().num_pieces_believed > 1000);
  n.torrent.connect_peer(s.at(seeder));
  REQUIRE(s.sim.run_until([&] { return s.complete(n); }, 60s));
  CHECK(s.has_right_bytes(n));
  n.session->stop();
  REQUIRE(s.sim.run_until([&] { return n.ended; }, 10s));
  CHECK_FALSE(
      std::filesystem::exists(piece::learned_path(n.folder.path(), s.info().hash)));
}

TEST_CASE("a learned .torrent is believed only when the info_hash proves it") {
  temporary_folder folder;
  swarm s = make_swarm();
  auto const at = piece::learned_path(folder.path(), s.info().hash);
  CHECK(piece::load_learned(folder.path(), s.info().hash).empty());
  REQUIRE_FALSE(piece::save_learned(folder.path(), s.info().hash, s.info().info));
  CHECK(metainfo::decode(read_file(at)).hash == s.info().hash);
  CHECK(piece::load_learned(folder.path(), s.info().hash) == s.info().info);
  buffer damaged = read_file(at);
  damaged[100] ^= std::byte{1};
  write_file(at, damaged);
  CHECK(piece::load_learned(folder.path(), s.info().hash).empty());
  piece::remove_learned(folder.path(), s.info().hash); // not ours: it stays
  CHECK(piece::save_learned(folder.path(), s.info().hash, s.info().info));
  CHECK(read_file(at) == damaged);
}

TEST_CASE("a private torrent gives its info dictionary to no peer") {
  std::vector<file_content> files{{"", random_bytes(1, 50'000)}};
  metainfo::created_file one;
  one.length = 50'000;
  metainfo::create_options options;
  options.name = "secret";
  options.piece_length = 65536;
  options.is_private = true;
  metainfo::metainfo info = metainfo::decode(
      metainfo::encode(options, std::vector{one}, std::vector{sha1(files[0].content)}));
  swarm s(1, std::move(info), std::move(files));
  auto& seeder = s.add_seeder();
  auto& n = s.add_leecher({}, link_of(s, "&x.pe=" + s.at(seeder).text()));
  s.sim.run_for(5min);
  CHECK_FALSE(n.torrent.status().has_metadata);
}

TEST_CASE("few pieces are granted, of those that we offer, and never to a rich peer") {
  session::fast_grants grants;
  auto const at = *ip_address::parse("80.4.4.200");
  info_hash const hash{};
  bitfield all(640, true);
  auto const granted = grants.choose(at, hash, all);
  CHECK(granted == message::allowed_fast_set(at, hash, 640, 5));
  CHECK(grants.allows(granted[0], 4));
  CHECK_FALSE(grants.allows(granted[0], 5));
  CHECK(session::fast_grants().choose(at, hash, bitfield(15, true)).empty());
  CHECK(session::fast_grants().choose(at, hash, bitfield(640)).empty());
}

TEST_CASE("show tells what an extended message says") {
  auto const told = [](std::uint8_t id, std::string_view payload) {
    return explain::line_of(explain::facts_of(message::extended{id, as_bytes(payload)}));
  };
  CHECK_THAT(told(0, "d1:md11:ut_metadatai3ee13:metadata_sizei31235e1:v3:abce"),
             ContainsSubstring("m ut_metadata 3, client abc, metadata_size 31235"));
  CHECK_THAT(told(3, "d8:msg_typei1e5:piecei4e10:total_sizei70000eexx"),
             ContainsSubstring("msg_type data, metadata_piece 4, length 2"));
  CHECK_THAT(told(3, "what another extension says"), ContainsSubstring("payload"));
}

TEST_CASE("a link and its info dictionary make a .torrent with the link's trackers") {
  swarm s = make_swarm();
  metainfo::magnet link;
  link.hash = s.info().hash;
  auto made = metainfo::decode(metainfo::torrent_of(link, s.info().info));
  CHECK(made.hash == s.info().hash);
  CHECK(made.trackers.empty());
  link.trackers = {"http://a.example/announce", "http://b.example/announce"};
  link.web_seeds = {"http://w.example/"};
  made = metainfo::decode(metainfo::torrent_of(link, s.info().info));
  CHECK(made.trackers ==
        std::vector<std::vector<std::string>>{{link.trackers[0]}, {link.trackers[1]}});
  CHECK(made.url_list == link.web_seeds);
  CHECK(made.warnings.empty());
}
