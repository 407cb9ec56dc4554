// What each animal does with one connection, from its first byte to its last.
#include "hostile/zoo.hpp"
#include <stdexcept>

namespace cotorra::hostile {
namespace {

// --- those who keep you waiting -------------------------------------------------------

task<> silent(visit& v) { co_await v.rest(); }

task<> slow_handshake(visit& v) {
  co_await v.hear_handshake();
  v.put_raw(encode(v.own_handshake()));
  co_await v.flush_byte_by_byte(1s);
}

task<> mute(visit& v) {
  co_await v.answer();
  co_await v.rest();
}

task<> slow_drip(visit& v) {
  co_await v.answer();
  v.put_all_pieces();
  v.put(message::unchoke{});
  co_await v.flush();
  for (;;) {
    auto const r = co_await v.next_request();
    v.put_block(r, true);
    co_await v.flush_byte_by_byte(1s);
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
  co_await v.answer();
  v.put_all_pieces();
  v.put(message::unchoke{});
  for (;;) {
    co_await v.flush();
    auto const r = co_await v.next_request();
    v.put(message::reject_request{r.piece, r.begin, r.length});
  }
}

task<> false_friend(visit& v) {
  co_await v.answer();
  v.put_all_pieces();
  for (piece_index i = 0; i < v.self.info.pieces.size(); ++i)
    v.put(message::allowed_fast{i});
  for (;;) {
    co_await v.flush();
    auto const r = co_await v.next_request();
    v.put(message::reject_request{r.piece, r.begin, r.length});
  }
}

// --- those who send what is not right -------------------------------------------------

task<> serve_blocks(visit& v, bool (*right)(message::request const&)) {
  co_await v.answer();
  v.put_all_pieces();
  v.put(message::unchoke{});
  for (;;) {
    co_await v.flush();
    auto const r = co_await v.next_request();
    v.put_block(r, right(r));
  }
}

bool never(message::request const&) { return false; }
bool every_other(message::request const& r) { return r.begin / r.length % 2 == 0; }

task<> poisoner(visit& v) { co_await serve_blocks(v, never); }
task<> half_poisoner(visit& v) { co_await serve_blocks(v, every_other); }

task<> hit_and_run(visit& v) {
  co_await v.answer();
  v.put_all_pieces();
  v.put(message::unchoke{});
  co_await v.flush();
  for (int blocks = 0; blocks < 2; ++blocks) {
    auto const r = co_await v.next_request();
    v.put_block(r, false);
  }
  co_await v.flush(); // and gone, before anybody can look at it
}

task<> unwanted_blocks(visit& v) {
  co_await v.answer();
  v.put_all_pieces();
  for (int i = 0; i < 300; ++i) v.put_block({1, 0, 16 * 1024}, true);
  co_await v.flush();
  co_await v.rest();
}

task<> block_outside(visit& v) {
  co_await v.answer();
  buffer const block(16 * 1024);
  v.put(message::piece{0, v.self.info.piece_length - 1, block});
  co_await v.flush();
  co_await v.rest();
}

// --- those who ask too much -----------------------------------------------------------

task<> request_flood(visit& v) {
  co_await v.answer();
  v.put(message::interested{});
  for (int i = 0; i < 100'000; ++i) v.put(message::request{0, 0, 16 * 1024});
  co_await v.flush();
  co_await v.rest();
}

task<> deaf_flood(visit& v) {
  co_await v.answer();
  v.put(message::interested{});
  for (int i = 0; i < 250'000 && v.number == 0; ++i)
    v.put(message::request{0, 0, 16 * 1024});
  co_await v.flush();
  co_await v.be_deaf();
}

task<> cancel_storm(visit& v) {
  co_await v.answer();
  v.put(message::interested{});
  for (int i = 0; i < 100'000; ++i) v.put(message::cancel{0, 0, 16 * 1024});
  co_await v.flush();
  co_await v.rest();
}

task<> moody(visit& v) {
  co_await v.answer();
  for (int i = 0; i < 10'000; ++i) {
    v.put(message::interested{});
    v.put(message::not_interested{});
  }
  co_await v.flush();
  co_await v.rest();
}

task<> asks_for_the_lacking(visit& v) {
  co_await v.answer();
  v.put(message::interested{});
  for (piece_index i = 0; i < v.self.info.pieces.size() - 1; ++i)
    v.put(message::request{i, 0, 16 * 1024});
  co_await v.flush();
  co_await v.rest();
}

task<> asks_outside(visit& v) {
  co_await v.answer();
  auto const count = static_cast<piece_index>(v.self.info.pieces.size());
  v.put(message::request{count, 0, 16 * 1024});
  co_await v.flush();
  co_await v.rest();
}

task<> asks_for_much(visit& v) {
  co_await v.answer();
  v.put(message::request{0, 0, v.self.info.piece_length + 1});
  co_await v.flush();
  co_await v.rest();
}

// --- those who are somebody else ------------------------------------------------------

task<> mirror(visit& v) {
  co_await v.hear_handshake();
  handshake h = v.own_handshake();
  h.id = v.theirs.id;
  v.put_raw(encode(h));
  co_await v.flush();
  co_await v.rest();
}

task<> other_torrent(visit& v) {
  co_await v.hear_handshake();
  handshake h = v.own_handshake();
  h.hash.value[19] ^= std::byte{1};
  v.put_raw(encode(h));
  co_await v.flush();
  co_await v.rest();
}

task<> web_server(visit& v) {
  v.put_raw(as_bytes("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"));
  co_await v.flush();
  co_await v.rest();
}

// --- those whose messages are wrong ---------------------------------------------------

task<> goes_away(visit& v) {
  co_await v.hear_handshake();
  v.put_raw(encode(v.own_handshake()));
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
  v.put(message::bitfield{more.wire()});
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
    v.put(message::bitfield{all.wire()});
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

species const animals[] = {
    {"silent", "accepts the connection and never speaks", silent, errc::timed_out},
    {"slow handshake", "says its handshake at a byte a second", slow_handshake,
     errc::timed_out},
    {"mute", "has nothing to say after the handshake", mute, errc::timed_out},
    {"slow drip", "serves right blocks at a byte a second", slow_drip},
    {"liar", "says HAVE for all, unchokes, and sends nothing", liar},
    {"choke flapper", "unchokes, and chokes at each request", choke_flapper},
    {"rejecter", "rejects every request by name", rejecter, std::nullopt, true},
    {"false friend", "allows all while it chokes, and rejects", false_friend,
     std::nullopt, true},
    {"poisoner", "sends garbage for every block", poisoner, errc::bad_piece},
    {"half poisoner", "sends garbage for every other block", half_poisoner,
     errc::bad_piece},
    {"hit and run", "sends a garbage piece and leaves", hit_and_run, errc::end_of_stream},
    {"unwanted blocks", "sends blocks that nobody asked for", unwanted_blocks,
     errc::unwanted_block},
    {"block outside", "sends a block that ends outside its piece", block_outside,
     errc::bad_index},
    {"request flood", "asks 100,000 times", request_flood, std::nullopt, true},
    {"deaf flood", "asks 250,000 times and never reads", deaf_flood,
     errc::too_many_requests, true},
    {"cancel storm", "cancels 100,000 times what it never asked", cancel_storm,
     std::nullopt, true},
    {"moody", "is interested and is not, 10,000 times", moody},
    {"asks for the lacking", "asks for pieces that nobody offered", asks_for_the_lacking,
     std::nullopt, true},
    {"asks outside", "asks for a piece past the last", asks_outside, errc::bad_index},
    {"asks for much", "asks for more than a piece", asks_for_much, errc::bad_index},
    {"mirror", "answers with our own peer_id", mirror, errc::own_peer_id},
    {"other torrent", "answers for another info_hash", other_torrent,
     errc::wrong_info_hash},
    {"web server", "speaks another protocol", web_server, errc::not_bittorrent},
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

std::span<species const> all_species() { return animals; }

species const& species_named(std::string_view name) {
  for (species const& s : animals)
    if (s.name == name) return s;
  throw std::logic_error("no such animal");
}

} // namespace cotorra::hostile
