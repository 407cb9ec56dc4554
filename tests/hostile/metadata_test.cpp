// Peers that lie about the metadata of a magnet link, and one that is honest.
#include "12-downloader/swarm.hpp"
#include "extension/extension_wire.hpp"
#include "extension/metadata_wire.hpp"
#include "handshake/handshake_wire.hpp"
#include "io/reader.hpp"
#include "message/message_talk.hpp"
#include "session/magnet_uri.hpp"
#include "support/catch.hpp"

using namespace cotorra;
using namespace cotorra::test;
using extension::metadata_message;

namespace {

// How one peer treats those that ask it for metadata.
struct liar {
  std::uint64_t says = 0; // metadata_size; 0: the right one
  enum { garbage, short_block, huge_block, silence, rejects, renumbers } does = garbage;
};

struct scene {
  std::vector<file_content> files{{"", random_bytes(1, 1 << 20)}};
  swarm s;
  std::vector<endpoint> peers;
  std::vector<std::unique_ptr<io::listener>> doors;

  scene() : s(1, make_metainfo("payload.bin", files, 256), files) {}
  ~scene() { s.sim.end(); }

  void let_in(liar kind) {
    auto& host = s.add_host({}).host;
    doors.push_back(host.doors().network.listen({host.address(), 6881}));
    peers.push_back({host.address(), 6881});
    s.sim.spawn(live(kind, *doors.back()), "liar");
  }
  task<> live(liar kind, io::listener& door) {
    for (;;) {
      auto stream = co_await door.accept();
      try {
        co_await talk(kind, *stream);
      } catch (std::exception const&) {
        // the other side has left
      }
    }
  }
  static void say(buffer& out, std::uint8_t id, buffer const& payload) {
    message::encode(out, message::extended{id, payload});
  }
  task<> talk(liar kind, io::stream& to) {
    handshake::handshake h{{}, s.info().hash, {}};
    h.id.value.fill(std::byte{'x'});
    h.reserved.set_extensions();
    std::uint64_t const size = kind.says != 0 ? kind.says : s.info().info.size();
    extension::extended_handshake ours;
    ours.ids = {{"ut_metadata", 7}};
    ours.metadata_size = size;
    auto const first = handshake::encode(h);
    buffer out(first.begin(), first.end());
    say(out, 0, extension::encode(ours));
    std::array<bytes, 1> const greeting{out};
    co_await to.write(greeting);
    io::reader in(to);
    while (in.buffered().size() < handshake::handshake_size) {
      bool const more = co_await in.fill(1);
      if (!more) co_return;
    }
    in.consume(handshake::handshake_size);
    message::message_reader messages(in);
    for (std::uint8_t id = 7;;) {
      auto const m = co_await messages.next();
      if (!m) co_return;
      auto const* asked = std::get_if<message::extended>(&*m);
      if (!asked || asked->extension == 0) continue;
      auto const request = extension::decode_metadata(asked->payload);
      buffer const answer = answer_of(kind, size, request->piece);
      buffer more;
      if (kind.does == liar::renumbers) {
        ours.ids = {{"ut_metadata", ++id}};
        say(more, 0, extension::encode(ours));
      }
      if (!answer.empty()) say(more, extension::handshake_id + 1, answer);
      std::array<bytes, 1> const said{more};
      co_await to.write(said);
    }
  }
  buffer answer_of(liar kind, std::uint64_t size, std::uint32_t piece) {
    metadata_message m;
    m.msg_type = metadata_message::type::data;
    m.piece = piece;
    m.total_size = size;
    buffer const wrong(20'000, std::byte{'!'});
    std::uint32_t const length = extension::metadata_length(size, piece);
    m.block = bytes(wrong).first(length);
    bytes const right = s.info().info;
    switch (kind.does) {
    case liar::silence:
      return {};
    case liar::rejects:
      m.msg_type = metadata_message::type::reject;
      m.block = {};
      break;
    case liar::short_block:
      m.block = bytes(wrong).first(1);
      break;
    case liar::huge_block:
      m.block = wrong;
      break;
    case liar::renumbers:
      m.block = right.subspan(piece * extension::metadata_piece_size, length);
      break;
    case liar::garbage:
      break;
    }
    return extension::encode(m);
  }
  swarm::node& start(bool with_honest = true) {
    auto params = session::parse_magnet_uri("magnet:?xt=urn:btih:" + s.info().hash.hex());
    if (with_honest) peers.push_back(s.at(s.add_seeder()));
    params.peers = peers;
    return s.add_leecher({}, std::move(params));
  }
  bool learns(swarm::node& n, duration within) {
    return s.sim.run_until([&] { return n.torrent.status().has_metadata; }, within);
  }
  // Why each peer was sent away, first of all.
  std::optional<errc> end_of(swarm::node& n, endpoint at) {
    for (auto const& p : n.torrent.past_peers())
      if (p.ip == at) return p.ended;
    return std::nullopt;
  }
};

} // namespace

TEST_CASE("a peer that claims a gigabyte of metadata is sent away at once") {
  scene d;
  d.let_in({.says = 1'000'000'000});
  auto& n = d.start();
  CHECK(d.learns(n, 5s));
  CHECK(d.end_of(n, d.peers[0]) == errc::limit_exceeded);
}

TEST_CASE("each kind of bad metadata costs its sender the connection, and us little") {
  struct row {
    liar kind;
    errc end;
  };
  for (auto const& [kind, end] :
       {row{{.does = liar::garbage}, errc::bad_piece},
        row{{.does = liar::short_block}, errc::malformed_message},
        row{{.does = liar::huge_block}, errc::malformed_message}}) {
    scene d;
    d.let_in(kind);
    auto& alone = d.start(false);
    CHECK_FALSE(d.learns(alone, 30s));
    CHECK(d.end_of(alone, d.peers[0]) == end);
  }
}

TEST_CASE("ten liars of every kind do not keep us from an honest peer") {
  scene d;
  for (int i = 0; i < 2; ++i) {
    d.let_in({.does = liar::garbage});
    d.let_in({.does = liar::short_block});
    d.let_in({.does = liar::silence});
    d.let_in({.does = liar::rejects});
    d.let_in({.says = 5000, .does = liar::garbage});
  }
  auto& n = d.start();
  CHECK(d.learns(n, 3min));
  CHECK(d.s.sim.run_until([&] { return d.s.complete(n); }, 3min));
}

TEST_CASE("a peer that renumbers its extensions in mid-flight is understood") {
  scene d;
  d.let_in({.does = liar::renumbers});
  auto& n = d.start(false);
  CHECK(d.learns(n, 10s));
}
