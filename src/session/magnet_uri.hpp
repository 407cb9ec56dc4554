// A magnet link as the parameters of a torrent; the name is libtorrent's.
#pragma once
#include "session/add_torrent_params.hpp"

namespace cotorra::session {

// Throws input_error, one sentence. Of the peers that the link names (x.pe), only those
// with an address are among params.peers: a host name has to be looked up first.
add_torrent_params parse_magnet_uri(std::string_view);
add_torrent_params params_of(metainfo::magnet const&);

} // namespace cotorra::session
