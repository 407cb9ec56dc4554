// How the values of these tests look in a failure. Included before the first test.
#pragma once
#include "dht/krpc_wire.hpp"
#include "support/print.hpp"

namespace Catch {

template <> struct StringMaker<cotorra::dht::node_id> {
  static std::string convert(cotorra::dht::node_id const& id) { return id.hex(); }
};
template <> struct StringMaker<cotorra::dht::contact> {
  static std::string convert(cotorra::dht::contact const& c) {
    return c.id.hex() + " at " + c.at.text();
  }
};
template <> struct StringMaker<cotorra::dht::query::method> {
  static std::string convert(cotorra::dht::query::method m) {
    return m == cotorra::dht::query::method::other ? "other"
                                                   : std::string(cotorra::dht::name(m));
  }
};
template <> struct StringMaker<cotorra::dht::message> { // as it is on the wire
  static std::string convert(cotorra::dht::message const& m) {
    return cotorra::test::printed(cotorra::dht::encode(m));
  }
};

} // namespace Catch
