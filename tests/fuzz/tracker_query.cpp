// What strangers ask our tracker: read, written as a client would, read again.
#include "fuzz/fuzz.hpp"
#include "tracker/announce_wire.hpp"

namespace cotorra::fuzz {

void target(bytes input) {
  using namespace tracker;
  auto const a = unless_refused([&] { return decode_query(as_text(input)); });
  if (!a) return;
  std::string const query = encode(*a);
  for (char c : query) demand(c > ' ' && c < 127, "a query is printable, without blanks");
  announce_request const b = decode_query(query);
  demand(a->info_hash == b.info_hash && a->peer_id == b.peer_id && a->port == b.port,
         "it is about the same peer of the same torrent");
  demand(a->uploaded == b.uploaded && a->downloaded == b.downloaded && a->left == b.left,
         "the amounts are the same");
  demand(a->event == b.event && a->ip == b.ip && a->numwant == b.numwant &&
             a->compact == b.compact && a->no_peer_id == b.no_peer_id &&
             a->key == b.key && a->tracker_id == b.tracker_id,
         "and all the rest");
}

} // namespace cotorra::fuzz
