// How many peers a swarm has, asked without joining it (BEP 48, over HTTP): both ends of
// the wire.
#pragma once
#include "base/identifiers.hpp"
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cotorra::tracker {

struct swarm_counts {
  std::optional<std::uint32_t> complete{};   // peers that have everything
  std::optional<std::uint32_t> incomplete{}; // the others
  std::optional<std::uint32_t> downloaded{}; // peers that ever became complete
};

struct scrape_answer {
  std::optional<std::string> failure_reason{}; // if there is one, nothing else counts
  std::vector<std::pair<cotorra::info_hash, swarm_counts>> files{};
  std::size_t passed_over = 0; // keys and values that are not as BEP 48 wants them

  swarm_counts const* find(cotorra::info_hash const&) const; // nullptr: not in it
};

// The URL to GET. The last part of the announce URL's path must begin with "announce",
// which becomes "scrape"; a URL that has "scrape" there is taken as it is. nullopt: this
// tracker's URL has neither, and cannot be scraped. A query, a passkey say, is kept.
std::optional<std::string> scrape_url(std::string_view tracker,
                                      std::vector<cotorra::info_hash> const&);

// Lenient, and bounded. Throws protocol_error{malformed_answer} only if there is neither
// a dictionary "files" nor a failure reason.
scrape_answer decode_scrape(bytes body);

// The tracker's end: the info_hashes of a query, each once. Throws
// protocol_error{malformed_message} when one of them is damaged.
std::vector<cotorra::info_hash> decode_scrape_query(std::string_view query);
buffer encode(scrape_answer const&);

} // namespace cotorra::tracker
