#include "cli/arguments.hpp"
#include "cli/files.hpp"
#include "cli/output.hpp"
#include "cli/runtime.hpp"
#include "cli/text.hpp"
#include "cli/verbs.hpp"
#include "explain/facts.hpp"
#include "handshake/handshake_talk.hpp"
#include "handshake/peer_id.hpp"
#include "io/deadline.hpp"
#include "message/message_talk.hpp"
#include <asio/error.hpp>
#include <fmt/format.h>

namespace cotorra::cli {
namespace {

struct handshake_arguments {
  std::string peer, torrent;
  bool json = false;
};

info_hash hash_of(std::string const& text) {
  std::error_code error;
  bool const is_hash = text.size() == 40 && from_hex(text);
  bool const no_file = !std::filesystem::exists(text, error) && !error;
  if (is_hash || no_file) return parse_info_hash(text);
  return read_torrent(text).hash;
}

// Throws a sentence for the user.
[[noreturn]] void explain(std::string const& peer, std::system_error const& e) {
  std::string what = e.code().message();
  if (e.code() == asio::error::connection_refused) what = "no program listens there";
  if (e.code().category() == asio::error::get_netdb_category())
    what = "there is no host of that name";
  if (e.code() == asio::error::connection_reset) what = "the peer cut the connection";
  throw input_error(fmt::format("{}: {}", sanitise(peer), what));
}

[[noreturn]] void explain(std::string const& peer, protocol_error const& e) {
  std::string what = sanitise(e.what());
  if (e.code() == errc::timed_out) what = "no answer within 10 seconds";
  if (e.code() == errc::not_bittorrent)
    what = "the program there does not speak BitTorrent: " + what;
  if (e.code() == errc::end_of_stream)
    what += ": most peers do so when they do not have this torrent";
  throw protocol_error(e.code(), fmt::format("{}: {}", sanitise(peer), what));
}

task<std::unique_ptr<io::stream>> dial(io::network& network, std::string peer) {
  host_and_port const whom = parse_host(peer);
  std::vector<ip_address> const found = co_await network.resolve(whom.host);
  endpoint const there{found.front(), whom.port};
  auto connection = co_await network.connect(there);
  co_return std::move(connection);
}

task<> hear(message::message_reader& messages, std::vector<json>& heard) {
  for (;;) {
    auto const next = co_await messages.next();
    if (!next) co_return;
    heard.push_back(explain::facts_of(*next));
  }
}

// Collects the peer's messages of two seconds; returns why it ended sooner, if it did.
task<std::string> hear_for_a_while(io::clock& clock, io::reader& in,
                                   std::vector<json>& heard) {
  message::message_reader messages(in);
  auto listening = hear(messages, heard);
  time_point const until = clock.now() + 2s;
  try {
    co_await io::within(clock, until, std::move(listening));
    co_return "The peer has closed the connection.";
  } catch (protocol_error const& e) {
    if (e.code() != errc::timed_out)
      co_return fmt::format("Then {}.", sanitise(e.what()));
  } catch (std::system_error const&) {
    co_return "The peer has cut the connection.";
  }
  co_return "";
}

struct conversation {
  handshake::handshake theirs;
  std::vector<json> heard;
  std::string end;
};

task<conversation> converse(io::world world, std::string peer, info_hash hash) {
  time_point const until = world.clock.now() + 10s;
  auto dialling = dial(world.network, peer);
  auto const connection = co_await io::within(world.clock, until, std::move(dialling));
  io::reader in(*connection);
  handshake::handshake mine{{}, hash, handshake::make_peer_id(world.random)};
  mine.reserved.set_fast();
  auto greeting = handshake::exchange_handshakes(in, *connection, mine);
  conversation c;
  c.theirs = co_await io::within(world.clock, until, std::move(greeting));
  c.end = co_await hear_for_a_while(world.clock, in, c.heard);
  connection->close();
  co_return std::move(c);
}

void report(handshake_arguments const& a, conversation const& c) {
  if (a.json) {
    json facts{{"peer", a.peer}};
    facts.update(explain::facts_of(c.theirs));
    facts["messages"] = c.heard;
    return say_json(facts);
  }
  say(fmt::format("{} answers:", sanitise(a.peer)));
  say(explain::lines_of(c.theirs));
  say("and says:");
  for (json const& m : c.heard) say("  " + explain::line_of(m));
  if (c.heard.empty()) say("  nothing within 2 seconds");
  if (!c.end.empty()) say(c.end);
}

task<int> shake_hands(io::world world, handshake_arguments const& a) {
  parse_host(a.peer);
  info_hash const hash = hash_of(a.torrent);
  try {
    auto const c = co_await converse(world, a.peer, hash);
    report(a, c);
  } catch (std::system_error const& e) {
    explain(a.peer, e);
  } catch (protocol_error const& e) {
    explain(a.peer, e);
  }
  co_return done;
}

} // namespace

void add_handshake(command_line& program) {
  verb v = program.add("handshake", "Dial a peer and show what it says first");
  auto const a = std::make_shared<handshake_arguments>();
  v.text("PEER", a->peer, "Its HOST:PORT").required();
  v.text("TORRENT", a->torrent, "Which torrent: 40 hex digits, or the file").required();
  v.flag("--json", a->json, "Print facts as one JSON object");
  v.footer("Example:\n  cotorra handshake 192.0.2.1:6881 holiday.torrent");
  v.runs([a] {
    io::real_world world;
    return run_task(world, shake_hands(world.doors(), *a));
  });
}

} // namespace cotorra::cli
