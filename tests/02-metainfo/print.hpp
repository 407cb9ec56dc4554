// How a failed CHECK shows the values of this chapter.
#pragma once
#include "base/error.hpp"
#include "base/identifiers.hpp"
#include "metainfo/magnet_wire.hpp"
#include "support/catch.hpp"
#include <optional>
#include <utility>

namespace Catch {

template <class Tag> struct StringMaker<cotorra::identifier<Tag>> {
  static std::string convert(cotorra::identifier<Tag> const& id) { return id.hex(); }
};

template <> struct StringMaker<cotorra::errc> {
  static std::string convert(cotorra::errc e) { return std::string(name(e)); }
};

template <> struct StringMaker<cotorra::metainfo::magnet> {
  static std::string convert(cotorra::metainfo::magnet const& m) {
    return cotorra::metainfo::encode(m);
  }
};

template <class T> struct StringMaker<std::optional<T>> {
  static std::string convert(std::optional<T> const& v) {
    return v ? Detail::stringify(*v) : "nothing";
  }
};
template <> struct StringMaker<std::nullopt_t> {
  static std::string convert(std::nullopt_t) { return "nothing"; }
};

template <class A, class B> struct StringMaker<std::pair<A, B>> {
  static std::string convert(std::pair<A, B> const& p) {
    return Detail::stringify(p.first) + " and " + Detail::stringify(p.second);
  }
};

} // namespace Catch
