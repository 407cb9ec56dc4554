// What a failed CHECK shows of the values of this room.
#pragma once
#include "handshake/handshake_wire.hpp"
#include "support/catch.hpp"
#include <fmt/format.h>

namespace cotorra::test {

// "1cad4a48..." is enough of 20 bytes to know them again.
inline std::string brief(bytes twenty) { return to_hex(twenty.first(4)) + "..."; }

// The printable characters as they are, a dot for each of the others.
inline std::string printable(bytes some) {
  std::string out;
  for (char c : as_text(some)) out += c >= ' ' && c <= '~' ? c : '.';
  return out;
}

} // namespace cotorra::test

namespace Catch {

template <> struct StringMaker<cotorra::errc> {
  static std::string convert(cotorra::errc e) { return std::string(cotorra::name(e)); }
};
template <> struct StringMaker<cotorra::info_hash> {
  static std::string convert(cotorra::info_hash const& h) { return h.hex(); }
};
template <> struct StringMaker<cotorra::peer_id> {
  static std::string convert(cotorra::peer_id const& id) {
    return cotorra::test::printable(id.view()) + " (" + id.hex() + ")";
  }
};
template <> struct StringMaker<cotorra::handshake::handshake> {
  static std::string convert(cotorra::handshake::handshake const& h) {
    return fmt::format("reserved {}, info_hash {}, peer_id {}",
                       cotorra::to_hex(h.reserved.value), h.hash.hex(),
                       StringMaker<cotorra::peer_id>::convert(h.id));
  }
};

} // namespace Catch
