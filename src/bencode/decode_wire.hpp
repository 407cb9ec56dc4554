// Bencode (BEP 3): bytes -> values. Strict, since BEP 3 allows one form only, and
// bounded, since the bytes come from strangers. Nothing is copied: the document keeps one
// flat array of small nodes that refer to the bytes.
#pragma once
#include "bencode/value.hpp"
#include <optional>

namespace cotorra::bencode {

// Beyond one of these: protocol_error{limit_exceeded}.
struct limits {
  unsigned depth = 100;                       // lists and dictionaries inside each other
  std::size_t items = 3'000'000;              // values and their ends
  std::size_t total_bytes = 16 * 1024 * 1024; // always below 4 GiB
};

// BEP 3 wants keys sorted and unique. Not every .torrent obeys: decoding goes on and
// notes the first key that does not.
struct disorder {
  std::size_t offset; // of the first key that is out of place
  bool duplicate;     // it repeats the one before it
};

// What BEP 3 forbids and a caller may allow. It is found in some .torrents and in some
// trackers' answers, and does no harm: an info_hash is taken over the bytes as received.
struct leniency {
  bool numbers = false; // leading zeros, "-0", an integer beyond 64 bits
  bool rest = false;    // more bytes behind the value
};

// Refers to the bytes it was decoded from; they must outlive it. May be moved while
// values refer to it.
class document {
public:
  value root() const { return {nodes_.data(), data_}; }
  // How many bytes the value took: fewer than were given only where a rest is allowed.
  std::size_t size() const { return nodes_.back().begin; }

  std::optional<disorder> const& first_disorder() const { return disorder_; }
  // Offset of the first number with a zero too many.
  std::optional<std::size_t> const& first_idle_zero() const { return idle_zero_; }
  // Offset of the end of the first integer beyond 64 bits.
  std::optional<std::size_t> const& first_wide() const { return wide_; }
  // For strict callers: protocol_error{malformed_bencode} when there is a disorder.
  void require_order() const;

private:
  friend class decoder;
  std::vector<node> nodes_;
  std::byte const* data_ = nullptr;
  std::optional<disorder> disorder_;
  std::optional<std::size_t> idle_zero_, wide_;
};

// All of the bytes are one value. Throws protocol_error{malformed_bencode or
// limit_exceeded}: "byte 17: the integer has a leading zero".
document decode(bytes, limits const& = {});
// The same, but some of BEP 3's rules are not enforced.
document decode(bytes, limits const&, leniency);
// The same as decode(), but more may follow the value (BEP 9 puts a block of metadata
// there).
document decode_prefix(bytes, limits const& = {});

} // namespace cotorra::bencode
