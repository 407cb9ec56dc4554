#include "base/error.hpp"

namespace cotorra {

std::string_view name(errc code) {
  switch (code) {
#define COTORRA_NAME(x)                                                                  \
  case errc::x:                                                                          \
    return #x;
    COTORRA_NAME(end_of_stream)
    COTORRA_NAME(timed_out)
    COTORRA_NAME(not_bittorrent)
    COTORRA_NAME(wrong_info_hash)
    COTORRA_NAME(own_peer_id)
    COTORRA_NAME(wrong_peer_id)
    COTORRA_NAME(duplicate_peer)
    COTORRA_NAME(message_too_long)
    COTORRA_NAME(malformed_message)
    COTORRA_NAME(unexpected_message)
    COTORRA_NAME(bad_bitfield)
    COTORRA_NAME(bad_index)
    COTORRA_NAME(illegal_move)
    COTORRA_NAME(unwanted_block)
    COTORRA_NAME(too_many_requests)
    COTORRA_NAME(flooding)
    COTORRA_NAME(bad_piece)
    COTORRA_NAME(both_complete)
    COTORRA_NAME(idle_for_long)
    COTORRA_NAME(malformed_bencode)
    COTORRA_NAME(limit_exceeded)
    COTORRA_NAME(malformed_metainfo)
    COTORRA_NAME(malformed_http)
    COTORRA_NAME(http_status)
    COTORRA_NAME(too_many_redirects)
    COTORRA_NAME(unsafe_redirect)
    COTORRA_NAME(insecure)
    COTORRA_NAME(tracker_failure)
    COTORRA_NAME(malformed_answer)
    COTORRA_NAME(unsupported)
    COTORRA_NAME(cannot_connect)
    COTORRA_NAME(no_address)
    COTORRA_NAME(shut_down)
#undef COTORRA_NAME
  }
  return "unknown";
}

} // namespace cotorra
