// Peer ids: 20 bytes that each peer chooses for itself, by custom with the name of its
// client in front (BEP 20).
#pragma once
#include "base/identifiers.hpp"
#include "base/random.hpp"

namespace cotorra::handshake {

// cotorra 0.1.0. No list of clients has CO: neither BEP 20 nor those of libtorrent,
// Transmission and WebTorrent.
inline constexpr std::string_view peer_id_prefix = "-CO0100-";

// The prefix and 12 random bytes.
peer_id make_peer_id(random_source&);

// For people: "cotorra 0.1.0", "libtorrent 2.0.8", "Transmission 4.0.6", "aria2 1.36".
// When the style is unknown: the printable start, in quotes. It is what the peer claims;
// it proves nothing.
std::string client_name(peer_id const&);

} // namespace cotorra::handshake
