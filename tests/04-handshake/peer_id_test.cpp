// Peer ids: made and read (BEP 20).
#include "handshake/peer_id.hpp"
#include "print.hpp"
#include "support/catch.hpp"

using namespace cotorra;

namespace {
std::string client_of(std::string id) {
  id.resize(20, 'x');
  return handshake::client_name(peer_id::from(as_bytes(id)));
}
} // namespace

TEST_CASE("our peer_id starts with our name and is otherwise random") {
  random_source random(7), same(7);
  peer_id const first = handshake::make_peer_id(random),
                second = handshake::make_peer_id(random);
  CHECK(as_text(first.view()).substr(0, 8) == "-CO0100-");
  CHECK(as_text(second.view()).substr(0, 8) == "-CO0100-");
  CHECK(first != second);
  CHECK(first == handshake::make_peer_id(same));
  CHECK(handshake::client_name(first) == "cotorra 0.1.0");
}

TEST_CASE("client names are read from the peer_id") {
  CHECK(client_of("-LT2080-") == "libtorrent 2.0.8");
  CHECK(client_of("-lt0D80-") == "libTorrent 0.13.8");
  CHECK(client_of("-TR3000-") == "Transmission 3.00");
  CHECK(client_of("-TR4060-") == "Transmission 4.0.6");
  CHECK(client_of("-qB4650-") == "qBittorrent 4.6.5");
  CHECK(client_of("-DE211s-") == "Deluge 2.1.1");
  CHECK(client_of("-AZ5751-") == "Vuze 5.7.5.1");
  CHECK(client_of("-CO0100-") == "cotorra 0.1.0");
  CHECK(client_of("-CT3340-") == "CTorrent 3.3.4");
  CHECK(client_of("A2-1-36-0-") == "aria2 1.36");
  CHECK(client_of("A2-1-37-1-") == "aria2 1.37.1");
  CHECK(client_of("M7-10-5--") == "BitTorrent 7.10.5");
}

TEST_CASE(
    "Transmission tells its version in base 62 since 4.0 and as one number before") {
  CHECK(client_of("-TR4A00-") == "Transmission 4.10.0");
  CHECK(client_of("-TR40aZ-") == "Transmission 4.0.36 dev");
  CHECK(client_of("-TR400B-") == "Transmission 4.0.0 beta");
  CHECK(client_of("-TR2940-") == "Transmission 2.94");
  CHECK(client_of("-TR133X-") == "Transmission 1.33 dev");
  CHECK(client_of("-TR0820-") == "Transmission 0.82");
  CHECK(client_of("-TR0072-") == "\"-TR0072-\"");
}

TEST_CASE("a version's digits go on with letters, from 10 to 61") {
  CHECK(client_of("-LT9AZ0-") == "libtorrent 9.10.35");
  CHECK(client_of("-LTaz10-") == "libtorrent 36.61.1");
  CHECK(client_of("-LT111Z-") == "libtorrent 1.1.1.35");
  CHECK(client_of("-DE211a-") == "Deluge 2.1.1"); // in the fourth place it is a mark
}

TEST_CASE("of an unknown client the printable start is shown in quotes") {
  CHECK(client_of("-ZZ1234-") == "\"-ZZ1234-\"");
  CHECK(client_of("xLT2080-") == "\"xLT2080-\"");
  CHECK(client_of("-LT2080x") == "\"-LT2080x\"");
  CHECK(client_of("-LT****-") == "\"-LT****-\"");
  CHECK(client_of("Mozilla/5.0") == "\"Mozilla/\"");
  CHECK(client_of("A2-x") == "\"A2-xxxxx\"");
  CHECK(client_of("M7-10") == "\"M7-10xxx\"");
  CHECK(client_of(std::string("\x00\x1b[31m\"\x7f\xff", 9)) == "\"..[31m..\"");
  CHECK(handshake::client_name(peer_id{}) == "\"........\"");
}
