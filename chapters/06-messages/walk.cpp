// The same bytes, cut anywhere, give the same messages.
#include "../book/desk.hpp"
#include "io/memory_pipe.hpp"
#include "message/message_talk.hpp"

using namespace cotorra;

namespace {

buffer conversation() {
  std::byte const bits[] = {std::byte{0xe0}};
  buffer out;
  message::encode(out, message::bitfield{bits});
  message::encode(out, message::unchoke{});
  message::encode(out, message::request{2, 16384, 16384});
  message::encode(out, message::piece{2, 16384, as_bytes("a block")});
  return out;
}

task<> say(io::stream& wire, bytes all, std::size_t cut, io::clock& clock) {
  co_await io::write(wire, all.first(cut));
  co_await clock.sleep_for(1s);
  co_await io::write(wire, all.subspan(cut));
  wire.close();
}

task<> hear(io::stream& wire, std::string& heard) {
  io::reader in(wire);
  message::message_reader messages(in);
  for (;;) {
    std::optional<message::any> const m = co_await messages.next();
    if (!m) break;
    heard += fmt::format("{}{}", heard.empty() ? "" : ", ", name(*m));
  }
}

std::string cut_at(std::size_t cut, bytes all) {
  desk table;
  std::string heard;
  auto [near_end, far_end] = io::memory_stream::pair(table.executor());
  table.start(hear(*far_end, heard));
  table.start(say(*near_end, all, cut, table.clock));
  table.run();
  return heard;
}

} // namespace

int main() {
  buffer const all = conversation();
  std::string const whole = cut_at(7, all); // in the middle of the second length
  fmt::print("{} bytes: {}\n", all.size(), whole);
  std::size_t same = 0;
  for (std::size_t cut = 0; cut <= all.size(); ++cut) same += cut_at(cut, all) == whole;
  fmt::print("cut at {} places: {} times the same\n", all.size() + 1, same);
}
