// Catch2 3 where there is one (Debian 13), else 2 (Debian 12).
#pragma once
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx; // as it is in version 2
#else
#include <catch2/catch.hpp>
namespace Catch::Matchers {
template <class Text> auto ContainsSubstring(Text&& text) {
  return Contains(std::forward<Text>(text));
}
} // namespace Catch::Matchers
#endif
