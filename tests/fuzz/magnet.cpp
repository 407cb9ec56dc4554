// A link that we read can be written, and says the same then.
#include "fuzz/fuzz.hpp"
#include "metainfo/magnet_wire.hpp"

namespace cotorra::fuzz {

void target(bytes input) {
  auto const link = unless_refused<input_error>(
      [&] { return metainfo::decode_magnet(as_text(input)); });
  if (!link) return;
  for (metainfo::magnet::file_range const& r : link->select_only)
    demand(r.first <= r.last, "a range of files goes upwards");
  std::string const written = metainfo::encode(*link);
  for (char c : written)
    demand(c > ' ' && c < 127, "a link is printable, without blanks");
  demand(metainfo::decode_magnet(written) == *link, "what we write is what we read");
}

} // namespace cotorra::fuzz
