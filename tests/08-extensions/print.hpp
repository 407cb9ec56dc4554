// How the values of these tests look in a failure. Included before the first test.
#pragma once
#include "extension/info_download.hpp"
#include "support/catch.hpp"

namespace Catch {

template <> struct StringMaker<cotorra::extension::info_download::arrival> {
  static std::string convert(cotorra::extension::info_download::arrival a) {
    constexpr char const* names[] = {"unasked", "absurd", "taken",
                                     "proven",  "mixed",  "lied"};
    return names[static_cast<std::size_t>(a)];
  }
};

} // namespace Catch
