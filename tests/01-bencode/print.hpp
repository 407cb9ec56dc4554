// How Catch2 prints what bencode has, so that a failure shows values and no {?}.
#pragma once
#include "bencode/decode_wire.hpp"
#include "support/print.hpp"

namespace cotorra::test {

inline std::string told(std::optional<bencode::disorder> const& noted) {
  if (!noted) return "you noted no key";
  return "you noted the key at byte " + std::to_string(noted->offset) +
         (noted->duplicate ? ", as a duplicate" : ", as out of order");
}

} // namespace cotorra::test

namespace Catch {

template <> struct StringMaker<cotorra::bencode::value> {
  static std::string convert(cotorra::bencode::value const& v) {
    return v ? std::string(cotorra::as_text(v.raw())) : "nothing";
  }
};
template <> struct StringMaker<std::optional<cotorra::bencode::disorder>> {
  static std::string convert(std::optional<cotorra::bencode::disorder> const& noted) {
    return cotorra::test::told(noted);
  }
};

} // namespace Catch
