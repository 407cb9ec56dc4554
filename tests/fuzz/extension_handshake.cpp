// The extended handshake: what is read can be written, and is then read as the same.
#include "extension/extension_wire.hpp"
#include "extension/their_ids.hpp"
#include "fuzz/fuzz.hpp"

namespace cotorra::fuzz {

void target(bytes input) {
  auto const read = unless_refused([&] { return extension::decode_handshake(input); });
  if (!read) return;
  demand(read->ids.size() <= 100 && read->client.size() <= 200, "it is bounded");
  buffer const again = extension::encode(*read);
  // the largest size of all is not written as a number of bencode
  if (read->metadata_size.value_or(0) <= INT64_MAX)
    demand(extension::decode_handshake(again) == *read,
           "written and read, it is the same");
  extension::their_ids ids;
  ids.learn(read->ids);
  auto const said = read->ids.find(extension::ut_metadata);
  demand(ids.of(extension::ut_metadata) == (said == read->ids.end() ? 0 : said->second),
         "an id is the one that was said");
}

} // namespace cotorra::fuzz
