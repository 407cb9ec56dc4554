// How Catch2 prints what the ground of all rooms has, so that a failure shows values and
// no {?} or a number for a name. Included before the first CHECK.
#pragma once
#include "base/bitfield.hpp"
#include "base/endpoint.hpp"
#include "base/error.hpp"
#include "support/catch.hpp"
#include <fmt/format.h>
#include <optional>
#include <string>

namespace cotorra::test {

// "4 bytes 69 2d 34 65 (i-4e)": what is not printable is a dot in the text.
inline std::string printed(bytes b) {
  std::string hex, text;
  for (std::byte const x : b) {
    auto const n = std::to_integer<unsigned>(x);
    hex += fmt::format(" {:02x}", n);
    text += n >= 0x20 && n < 0x7f ? static_cast<char>(n) : '.';
  }
  return b.empty() ? "0 bytes" : fmt::format("{} bytes{} ({})", b.size(), hex, text);
}

} // namespace cotorra::test

namespace Catch {

template <> struct StringMaker<cotorra::errc> {
  static std::string convert(cotorra::errc e) { return std::string(cotorra::name(e)); }
};
template <> struct StringMaker<cotorra::bytes> {
  static std::string convert(cotorra::bytes b) { return cotorra::test::printed(b); }
};
template <> struct StringMaker<cotorra::buffer> {
  static std::string convert(cotorra::buffer const& b) {
    return cotorra::test::printed(b);
  }
};
template <> struct StringMaker<cotorra::ip_address> {
  static std::string convert(cotorra::ip_address const& a) { return a.text(); }
};
template <> struct StringMaker<cotorra::endpoint> {
  static std::string convert(cotorra::endpoint const& e) { return e.text(); }
};
template <> struct StringMaker<cotorra::bitfield> {
  static std::string convert(cotorra::bitfield const& b) {
    std::string bits;
    for (std::size_t i = 0; i < b.size(); ++i) bits += b[i] ? '1' : '0';
    return "bits " + bits;
  }
};
template <class T> struct StringMaker<std::optional<T>> {
  static std::string convert(std::optional<T> const& o) {
    return o ? Detail::stringify(*o) : "nothing";
  }
};

} // namespace Catch
