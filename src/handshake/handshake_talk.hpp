// The first bytes between two peers (BEP 3). The peer that dialled speaks first; the peer
// that was dialled learns from the info_hash which torrent is meant, and then answers.
// The caller decides how long to wait: see io::within.
#pragma once
#include "handshake/handshake_wire.hpp"
#include "io/reader.hpp"
#include <functional>
#include <optional>

namespace cotorra::handshake {

// The other side's 68 bytes, field by field. Throws protocol_error: not_bittorrent at the
// first wrong byte, end_of_stream.
task<handshake> read_handshake(io::reader& in);

// We dialled: send `mine`, read theirs. Throws also wrong_info_hash and own_peer_id.
task<handshake> exchange_handshakes(io::reader& in, io::stream& out, handshake mine);

// Our answer to a peer that asks for this torrent; nullopt when we do not serve it.
using torrent_lookup = std::function<std::optional<handshake>(info_hash const&)>;

// We were dialled: read theirs, answer with what `lookup` gives. The answer goes out when
// the info_hash has arrived, before the peer_id has: trackers that only test whether we
// can be reached never send one. A peer that asks for an unknown torrent gets no byte.
// Throws as above. `lookup` must outlive the task.
task<handshake> answer_handshake(io::reader& in, io::stream& out,
                                 torrent_lookup const& lookup);

} // namespace cotorra::handshake
