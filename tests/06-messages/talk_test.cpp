// Messages on a wire in memory: the same bytes, cut anywhere, are the same messages.
#include "06-messages/print.hpp"
#include "message/message_talk.hpp"
#include "samples.hpp"
#include "support/story.hpp"
#include "support/wire.hpp"
#include <fmt/format.h>

using namespace cotorra;
using namespace cotorra::test;

namespace {

// What came, encoded again.
using words = std::vector<buffer>;

// The hot loop of a connection.
task<> listen(message::message_reader& in, words& heard) {
  bool more = true;
  while (more) {
    while (auto frame = in.next_frame()) {
      if (heard.size() > 100) co_return; // a reader that does not get on
      heard.push_back(wire_of(message::decode(*frame)));
    }
    more = co_await in.fill();
  }
}

task<std::string> next_name(message::message_reader& in) {
  std::optional<message::any> const m = co_await in.next();
  if (!m) co_return "nothing";
  co_return std::string(message::name(*m));
}

struct desk_with_wire : wire {
  io::reader from{*near};
  message::message_reader in;
  words heard;

  explicit desk_with_wire(std::size_t limit = message::default_limit) : in(from, limit) {}
  auto start_listening() { return desk.start(listen(in, heard)); }
};

words all_samples() {
  words all;
  for (sample const& s : samples()) all.push_back(s.wire);
  return all;
}

// What was heard, and how it ended, in words.
std::string outcome(words const& heard, test::running<void> const& listening) {
  std::string out = fmt::format("heard {}", heard.size());
  if (heard.size() > 100) out = "heard more than 100";
  for (std::size_t i = 0; i < std::min<std::size_t>(heard.size(), 3); ++i)
    out += fmt::format("{} {}", i == 0 ? ":" : ",",
                       message::name(message::decode(bytes(heard[i]).subspan(4))));
  if (heard.size() > 3) out += ", ..";
  if (!listening.error) return out;
  try {
    std::rethrow_exception(listening.error);
  } catch (protocol_error const& e) {
    return fmt::format("{}, then {}: {}", out, name(e.code()), e.what());
  }
}

// What came of next(), in words.
std::string outcome(test::running<std::string> const& next) {
  if (!next.done) return "still waiting";
  try {
    if (next.error) std::rethrow_exception(next.error);
    return *next.value;
  } catch (protocol_error const& e) {
    return std::string(name(e.code()));
  }
}

// "the same", or where the frames begin to differ.
std::string compared(words const& wanted, words const& came) {
  for (std::size_t i = 0; i < std::min(wanted.size(), came.size()); ++i)
    if (wanted[i] != came[i])
      return fmt::format("frame {} is {}, not {}", i + 1, to_hex(came[i]),
                         to_hex(wanted[i]));
  if (wanted.size() == came.size()) return "the same";
  return fmt::format("{} frames, not {}", came.size(), wanted.size());
}

struct noting_observer : io::observer {
  words sent_frames, received_frames;
  void sent(connection c, bytes frame) override {
    CHECK(c == 7);
    sent_frames.emplace_back(frame.begin(), frame.end());
  }
  void received(connection c, bytes frame) override {
    CHECK(c == 7);
    received_frames.emplace_back(frame.begin(), frame.end());
  }
};

} // namespace

TEST_CASE("messages in one read come out one by one") {
  desk_with_wire w;
  story s;
  s.given("you listen to a peer on an in-memory wire");
  auto const listening = w.start_listening();
  s.peer(fmt::format("sends each message once, {} bytes in one write",
                     whole_stream().size()));
  w.peer_says(whole_stream());
  s.expect("18 messages, the same", w.heard == all_samples(),
           outcome(w.heard, *listening));
  s.expect("you wait for more", !listening->done, outcome(w.heard, *listening));
  s.peer("leaves");
  w.peer_leaves();
  s.expect("you are done, without an error", listening->done && !listening->error,
           outcome(w.heard, *listening));
}

TEST_CASE("messages cut in two anywhere are the same messages") {
  buffer const stream = whole_stream();
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    desk_with_wire w;
    story s;
    s.given("you listen to a peer on an in-memory wire");
    auto const listening = w.start_listening();
    s.peer(fmt::format("sends each message once, the first {} of {} bytes", cut,
                       stream.size()));
    w.peer_says(bytes(stream).first(cut));
    s.peer("sends the rest");
    w.peer_says(bytes(stream).subspan(cut));
    s.expect("18 messages, the same", w.heard == all_samples(),
             outcome(w.heard, *listening));
  }
}

TEST_CASE("messages that come byte by byte are the same messages") {
  desk_with_wire w;
  story s;
  s.given("you listen to a peer on an in-memory wire");
  auto const listening = w.start_listening();
  s.peer("sends each message once, byte by byte");
  for (std::byte const& b : whole_stream()) w.peer_says(bytes(&b, 1));
  s.expect("18 messages, the same", w.heard == all_samples(),
           outcome(w.heard, *listening));
}

TEST_CASE("messages that are asked for one at a time are the same messages") {
  desk_with_wire w;
  buffer const stream = whole_stream();
  story s;
  s.given("you ask a peer on an in-memory wire for one message at a time");
  s.peer(fmt::format("sends each message once, {} bytes, byte by byte", stream.size()));
  std::size_t said = 0;
  std::string found;
  for (sample const& each : samples()) {
    auto const next = w.desk.start(next_name(w.in));
    while (!next->done && said < stream.size())
      w.peer_says(bytes(stream).subspan(said++, 1));
    std::string const came = outcome(*next);
    if (came == each.name) continue;
    found = fmt::format("{}, after {} bytes, and not {}", came, said, each.name);
    break;
  }
  s.expect("18 messages, the same", found.empty(), found);
  s.you("ask for one more");
  auto const more = w.desk.start(next_name(w.in));
  s.expect("you wait", !more->done, outcome(*more));
  s.peer("leaves");
  w.peer_leaves();
  s.expect("nothing more has come", outcome(*more) == "nothing", outcome(*more));
  s.given("another peer, and you ask it for a message");
  desk_with_wire other;
  auto const cut = other.desk.start(next_name(other.in));
  s.peer("sends 00 00, the half of a length, and leaves");
  other.peer_says(*from_hex("0000"));
  other.peer_leaves();
  s.expect("end_of_stream", outcome(*cut) == "end_of_stream", outcome(*cut));
}

TEST_CASE("one read may bring messages that nobody has asked for yet") {
  desk_with_wire w;
  story s;
  s.given("a peer on an in-memory wire");
  s.peer("sends each message once, in one write, and leaves");
  w.peer_says(whole_stream());
  w.peer_leaves();
  for (sample const& each : samples()) {
    s.you("ask for one message");
    auto const next = w.desk.start(next_name(w.in));
    s.expect(std::string(each.name), outcome(*next) == each.name, outcome(*next));
  }
  s.you("ask for one more");
  auto const next = w.desk.start(next_name(w.in));
  s.expect("nothing", outcome(*next) == "nothing", outcome(*next));
}

TEST_CASE("the peer leaves inside a message") {
  buffer const stream = whole_stream();
  std::vector<std::size_t> borders = {0};
  for (sample const& s : samples()) borders.push_back(borders.back() + s.wire.size());
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    desk_with_wire w;
    auto const listening = w.start_listening();
    w.peer_says(bytes(stream).first(cut));
    w.peer_leaves();
    REQUIRE(listening->done);
    if (std::ranges::count(borders, cut) != 0)
      CHECK_FALSE(listening->error);
    else
      CHECK(thrown_by([&] { listening->get(); }).code() == errc::end_of_stream);
  }
}

TEST_CASE("a length past the limit ends the talk after four bytes") {
  desk_with_wire w(1000);
  story s;
  s.given("a peer on an in-memory wire and a limit of 1000 bytes");
  auto const listening = w.start_listening();
  s.peer("sends 80 00 00");
  w.peer_says(*from_hex("800000"));
  s.expect("you wait", !listening->done, "the reader gave up");
  s.peer("sends 00: a message of two gigabytes");
  w.peer_says(*from_hex("00"));
  s.expect("you refuse: message_too_long", listening->done, "the reader waits for it");
  CHECK(thrown_by([&] { listening->get(); }).code() == errc::message_too_long);
}

TEST_CASE("messages before the one that is too long are still heard") {
  desk_with_wire w(1000);
  auto const listening = w.start_listening();
  w.peer_says(*from_hex("0000000101"
                        "00000102"));
  CHECK(w.heard == words{*from_hex("0000000101")});
  w.peer_says(*from_hex("ffffffff"));
  CHECK_FALSE(listening->done); // it is the payload of a message that has begun
}

TEST_CASE("a message far larger than the first buffer comes whole") {
  desk_with_wire w;
  story s;
  s.given("you listen to a peer on an in-memory wire");
  auto const listening = w.start_listening();
  s.peer("sends a piece message with a block of 700000 bytes, in parts of 9999");
  buffer const block(700 * 1000, std::byte{'x'});
  message::any const large = message::piece{1, 2, block};
  buffer const wire = wire_of(large);
  for (std::size_t at = 0; at < wire.size(); at += 9999)
    w.peer_says(bytes(wire).subspan(at, std::min<std::size_t>(9999, wire.size() - at)));
  s.expect("heard as it was sent", w.heard.size() == 1 && w.heard[0] == wire,
           outcome(w.heard, *listening));
  s.peer("sends choke");
  w.peer_says(*from_hex("0000000100"));
  s.expect("heard, too", w.heard.size() == 2 && !listening->error,
           outcome(w.heard, *listening));
}

TEST_CASE("the writer sends the bytes of the BEPs") {
  desk_with_wire w;
  io::outbox out(w.desk.executor());
  message::message_writer writer(out);
  auto const writing = w.desk.start(out.run(*w.near));
  for (sample const& s : samples())
    std::visit([&](auto const& m) { writer.send(m); }, s.value);
  CHECK(out.queued() == whole_stream().size());
  w.desk.settle();
  CHECK(out.queued() == 0);
  buffer const wanted = whole_stream();
  CHECK(to_hex(w.peer->heard()) == to_hex(wanted));
  w.peer->forget_heard();
  writer.send(samples()[5].value); // any of them
  w.desk.settle();
  CHECK(to_hex(w.peer->heard()) == "000000050401020304");
}

TEST_CASE("a block is sent from its place in memory and released afterwards") {
  desk_with_wire w;
  io::outbox out(w.desk.executor());
  message::message_writer writer(out);
  auto block = std::make_shared<buffer>(16 * 1024, std::byte{'x'});
  writer.send(message::unchoke{});
  writer.send_block(5, 0x8000, *block, block);
  writer.send(message::keep_alive{});
  CHECK(block.use_count() == 2);
  block->front() = std::byte{'y'}; // a copy would not see this
  auto const writing = w.desk.start(out.run(*w.near));
  buffer wanted = *from_hex("0000000101");
  message::encode(wanted, message::piece{5, 0x8000, *block});
  append(wanted, *from_hex("00000000"));
  bytes const came = w.peer->heard();
  story s;
  s.you("send unchoke, a block from its place, and a keep-alive");
  s.expect_bytes("the peer gets all three", wanted, came,
                 {{0, "unchoke"}, {5, "piece"}, {18, "block"}, {16402, "keep-alive"}});
  CHECK(block.use_count() == 1);
}

TEST_CASE("an observer sees each whole frame on both sides") {
  desk_with_wire w;
  noting_observer eye;
  io::outbox out(w.desk.executor());
  message::message_writer writer(out);
  writer.watch(&eye, 7);
  w.in.watch(&eye, 7);
  story s;
  s.given("an observer of what you send and of what you receive");
  s.you("send unchoke and a piece message");
  auto const block = std::make_shared<buffer>(*from_hex("616263"));
  writer.send(message::unchoke{});
  writer.send_block(1, 0x4000, *block, block);
  words const sent = {*from_hex("0000000101"),
                      *from_hex("0000000c070000000100004000616263")};
  std::string found = compared(sent, eye.sent_frames);
  s.expect("it sees both, with their lengths", found == "the same", found);
  auto const listening = w.start_listening();
  s.peer("sends each message once");
  w.peer_says(whole_stream());
  found = compared(all_samples(), eye.received_frames);
  s.expect("it sees all 18, with their lengths", found == "the same", found);
}

TEST_CASE("two of us talk with each other") {
  desk_with_wire w;
  io::outbox out(w.desk.executor());
  message::message_writer writer(out);
  auto const writing = w.desk.start(out.run(*w.peer));
  auto const listening = w.start_listening();
  for (sample const& s : samples()) writer.send(s.value);
  w.desk.settle();
  CHECK(w.heard == all_samples());
}
