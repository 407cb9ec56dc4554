// Peers that send wrong messages.
#include "hostile/zoo.hpp"

namespace cotorra::hostile {
namespace {

task<> goes_away(visit& v) {
  co_await v.hear_handshake();
  v.put_raw(handshake::encode(v.own_handshake()));
  v.put_all_pieces();
  v.put(message::unchoke{});
  v.put(message::interested{});
  v.put(message::have{0});
  buffer const script = v.take();
  // a little further each time, and seldom at the end of a message
  v.put_raw(bytes(script).first(std::min<std::size_t>(script.size(), 68 + v.number * 3)));
  co_await v.flush();
}

task<> say_and_rest(visit& v) {
  co_await v.flush();
  co_await v.rest();
}

task<> gigantic(visit& v) {
  co_await v.answer();
  buffer length;
  put_u32(length, 0x8000'0000u);
  v.put_raw(length);
  co_await say_and_rest(v);
}

task<> long_bitfield(visit& v) {
  co_await v.answer();
  bitfield const more(v.self.info.pieces.size() + 8);
  v.put(message::bitfield{more.encode()});
  co_await say_and_rest(v);
}

task<> spare_bits(visit& v) {
  co_await v.answer();
  buffer const ones((v.self.info.pieces.size() + 7) / 8, std::byte{0xff});
  v.put(message::bitfield{ones});
  co_await say_and_rest(v);
}

task<> have_outside(visit& v) {
  co_await v.answer();
  v.put(message::have{0xffff'ffffu});
  co_await say_and_rest(v);
}

task<> long_choke(visit& v) {
  co_await v.answer();
  std::byte const frame[] = {std::byte{0}, std::byte{0}, std::byte{0},
                             std::byte{2}, std::byte{0}, std::byte{0}};
  v.put_raw(frame);
  co_await say_and_rest(v);
}

task<> unagreed(visit& v) {
  co_await v.answer();
  v.put(message::have_all{});
  co_await say_and_rest(v);
}

task<> changes_its_mind(visit& v) {
  co_await v.answer();
  bitfield const all(v.self.info.pieces.size(), true);
  for (int i = 0; i < 1000; ++i) {
    v.put(message::bitfield{all.encode()});
    v.put(message::have_none{});
  }
  co_await say_and_rest(v);
}

task<> byte_by_byte(visit& v) {
  co_await v.answer();
  v.put_all_pieces();
  v.put(message::unchoke{});
  for (;;) {
    co_await v.flush_byte_by_byte(0s);
    auto const r = co_await v.next_request();
    v.put_block(r, true);
  }
}

species const all[] = {
    {"goes away", "leaves in mid-message, a little later each time", goes_away,
     errc::end_of_stream},
    {"gigantic", "announces a message of 2 GiB", gigantic, errc::message_too_long},
    {"long bitfield", "sends a bitfield of a byte too many", long_bitfield,
     errc::bad_bitfield},
    {"spare bits", "sets the spare bits of its bitfield", spare_bits, errc::bad_bitfield},
    {"have outside", "claims piece 4294967295", have_outside, errc::bad_index},
    {"long choke", "sends a choke of two bytes", long_choke, errc::malformed_message},
    {"unagreed", "says have_all without the fast extension", unagreed,
     errc::unexpected_message},
    {"changes its mind", "has all, then none, 1,000 times", changes_its_mind,
     errc::unexpected_message, true},
    {"byte by byte", "an honest seeder that writes single bytes", byte_by_byte},
};

} // namespace

std::span<species const> babblers() { return all; }

} // namespace cotorra::hostile
