// The first words between two peers (BEP 3). The one who dialled speaks first; the one
// who was dialled learns from the info_hash which torrent is meant, and then answers.
// How long to wait is the caller's to say: see io::within.
#pragma once
#include "handshake/handshake_wire.hpp"
#include "io/reader.hpp"
#include <functional>
#include <optional>

namespace cotorra {

// The other side's 68 bytes, field by field. Throws protocol_error: not_bittorrent at the
// first wrong byte, end_of_stream.
task<handshake> read_handshake(io::reader& in);

// We dialled: say `mine`, hear theirs. Throws, beside that, wrong_info_hash and
// own_peer_id.
task<handshake> exchange_handshakes(io::reader& in, io::stream& out, handshake mine);

// What we say to somebody who asks for this torrent; nothing when we do not serve it.
using torrent_lookup = std::function<std::optional<handshake>(info_hash const&)>;

// We were dialled: hear theirs, answer with what `lookup` gives. The answer goes out when
// the info_hash is in, before the peer_id is: trackers that only test whether we can be
// reached never send theirs. Nobody who asks for an unknown torrent gets a byte.
// Throws as above. `lookup` must outlive the task.
task<handshake> answer_handshake(io::reader& in, io::stream& out,
                                 torrent_lookup const& lookup);

} // namespace cotorra
