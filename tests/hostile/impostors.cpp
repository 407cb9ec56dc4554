// Peers that are not what they should be.
#include "hostile/zoo.hpp"

namespace cotorra::hostile {
namespace {

task<> mirror(visit& v) {
  co_await v.hear_handshake();
  handshake::handshake h = v.own_handshake();
  h.id = v.theirs.id;
  v.put_raw(handshake::encode(h));
  co_await v.flush();
  co_await v.rest();
}

task<> other_torrent(visit& v) {
  co_await v.hear_handshake();
  handshake::handshake h = v.own_handshake();
  h.hash.value[19] ^= std::byte{1};
  v.put_raw(handshake::encode(h));
  co_await v.flush();
  co_await v.rest();
}

task<> web_server(visit& v) {
  v.put_raw(as_bytes("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"));
  co_await v.flush();
  co_await v.rest();
}

species const all[] = {
    {"mirror", "answers with our own peer_id", mirror, errc::own_peer_id},
    {"other torrent", "answers for another info_hash", other_torrent,
     errc::wrong_info_hash},
    {"web server", "speaks another protocol", web_server, errc::not_bittorrent},
};

} // namespace

std::span<species const> impostors() { return all; }

} // namespace cotorra::hostile
