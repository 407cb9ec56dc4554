// How the values of these tests look in a failure. Included before the first test.
#pragma once
#include "base/error.hpp"
#include "base/hex.hpp"
#include "support/catch.hpp"
#include <vector>

namespace Catch {

template <> struct StringMaker<cotorra::errc> {
  static std::string convert(cotorra::errc e) { return std::string(cotorra::name(e)); }
};
template <> struct StringMaker<cotorra::buffer> {
  static std::string convert(cotorra::buffer const& b) {
    return b.empty() ? "no bytes" : cotorra::to_hex(b);
  }
};
template <> struct StringMaker<std::vector<cotorra::buffer>> {
  static std::string convert(std::vector<cotorra::buffer> const& all) {
    std::string out = std::to_string(all.size()) + " frames:";
    for (cotorra::buffer const& b : all)
      out += " " + StringMaker<cotorra::buffer>::convert(b);
    return out;
  }
};

} // namespace Catch
