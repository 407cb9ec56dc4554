#include "bencode/value.hpp"
#include "bencode/number.hpp"
#include <fmt/format.h>

namespace cotorra::bencode {

namespace {

// The decoder has checked every digit, and that an 'e' follows them.
number taken(bytes i_to_e) {
  number n = number::integer(number::rule::lenient);
  std::size_t at = 1;
  while (!n.take(i_to_e[at], at)) ++at;
  return n;
}

} // namespace

std::int64_t value::integer() const {
  if (!is_integer()) wrong_type("an integer");
  number const n = taken(raw());
  if (n.is_wide()) malformed(offset(), "the integer does not fit in 64 bits");
  return n.value();
}

std::int64_t value::clamped() const {
  if (!is_integer()) wrong_type("an integer");
  return taken(raw()).value();
}

std::size_t value::size() const {
  std::size_t n = 0;
  if (is_dictionary())
    for ([[maybe_unused]] auto entry : entries()) ++n;
  else
    for ([[maybe_unused]] value v : elements()) ++n;
  return n;
}

value value::find(std::string_view key) const {
  if (is_dictionary())
    for (auto [k, v] : entries())
      if (k == key) return v;
  return {};
}

value value::at(std::string_view key) const {
  if (!is_dictionary()) wrong_type("a dictionary");
  value const v = find(key);
  if (!v) malformed(offset(), fmt::format("the key '{}' is missing", key));
  return v;
}

void value::wrong_type(char const* wanted) const {
  if (!node_)
    throw protocol_error(errc::malformed_bencode, fmt::format("{} is missing", wanted));
  malformed(offset(), fmt::format("{} should stand here", wanted));
}

} // namespace cotorra::bencode
