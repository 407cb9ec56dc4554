// What a failed CHECK shows of the values of this room.
#pragma once
#include "choke/peer_state.hpp"
#include "support/catch.hpp"

namespace cotorra::test {

// The bits that are 1.
inline std::string set_in(choke::peer_state const& bits) {
  std::string out;
  if (bits.am_choking) out += " am_choking";
  if (bits.am_interested) out += " am_interested";
  if (bits.peer_choking) out += " peer_choking";
  if (bits.peer_interested) out += " peer_interested";
  return out.empty() ? "no bit is set" : "set:" + out;
}

} // namespace cotorra::test

namespace Catch {

template <> struct StringMaker<cotorra::choke::verdict> {
  static std::string convert(cotorra::choke::verdict v) {
    return std::string(cotorra::choke::name(v));
  }
};
template <> struct StringMaker<cotorra::choke::peer_state> {
  static std::string convert(cotorra::choke::peer_state const& bits) {
    return cotorra::test::set_in(bits);
  }
};

} // namespace Catch
