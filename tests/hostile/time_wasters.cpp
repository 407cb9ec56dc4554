// Peers that keep us waiting.
#include "hostile/zoo.hpp"

namespace cotorra::hostile {
namespace {

task<> silent(visit& v) { co_await v.rest(); }

task<> slow_handshake(visit& v) {
  co_await v.hear_handshake();
  v.put_raw(handshake::encode(v.own_handshake()));
  co_await v.flush_byte_by_byte(1s);
}

task<> mute(visit& v) {
  co_await v.answer();
  co_await v.rest();
}

task<> slow_drip(visit& v) {
  co_await v.pose_as_seeder();
  co_await v.flush();
  for (;;) {
    auto const r = co_await v.next_request();
    v.put_block(r, true);
    co_await v.flush_byte_by_byte(1s);
  }
}

task<> miser(visit& v) {
  co_await v.pose_as_seeder();
  co_await v.flush();
  for (;;) {
    auto const r = co_await v.next_request();
    if (r.begin + r.length == v.self.info.piece_length) continue;
    v.put_block(r, true);
    co_await v.flush();
  }
}

task<> liar(visit& v) {
  co_await v.answer();
  for (piece_index i = 0; i < v.self.info.pieces.size(); ++i) v.put(message::have{i});
  v.put(message::unchoke{});
  co_await v.flush();
  co_await v.rest();
}

task<> choke_flapper(visit& v) {
  co_await v.answer();
  v.put_all_pieces();
  for (;;) {
    v.put(message::unchoke{});
    co_await v.flush();
    co_await v.next_request();
    v.put(message::choke{});
  }
}

task<> rejecter(visit& v) {
  co_await v.pose_as_seeder();
  co_await v.reject_all();
}

task<> false_friend(visit& v) {
  co_await v.answer();
  v.put_all_pieces();
  for (piece_index i = 0; i < v.self.info.pieces.size(); ++i)
    v.put(message::allowed_fast{i});
  co_await v.reject_all();
}

species const all[] = {
    {"silent", "accepts the connection and never speaks", silent, errc::timed_out},
    {"slow handshake", "says its handshake at a byte a second", slow_handshake,
     errc::timed_out},
    {"mute", "has nothing to say after the handshake", mute, errc::timed_out},
    {"slow drip", "serves right blocks at a byte a second", slow_drip},
    {"miser", "gives right blocks, but never the last one of a piece", miser},
    {"liar", "says HAVE for all, unchokes, and sends nothing", liar},
    {"choke flapper", "unchokes, and chokes at each request", choke_flapper},
    {"rejecter", "rejects every request by name", rejecter, std::nullopt, true},
    {"false friend", "allows all while it chokes, and rejects", false_friend,
     std::nullopt, true},
};

} // namespace

std::span<species const> time_wasters() { return all; }

} // namespace cotorra::hostile
