// How a failed CHECK shows the values of this chapter.
#pragma once
#include "base/endpoint.hpp"
#include "base/error.hpp"
#include "base/identifiers.hpp"
#include "base/time.hpp"
#include "support/catch.hpp"
#include "tracker/announce_wire.hpp"
#include "tracker/tiers.hpp"
#include <optional>

namespace Catch {

template <class Tag> struct StringMaker<cotorra::identifier<Tag>> {
  static std::string convert(cotorra::identifier<Tag> const& id) { return id.hex(); }
};

template <> struct StringMaker<cotorra::errc> {
  static std::string convert(cotorra::errc e) { return std::string(name(e)); }
};

template <> struct StringMaker<cotorra::ip_address> {
  static std::string convert(cotorra::ip_address const& a) { return a.text(); }
};

template <> struct StringMaker<cotorra::endpoint> {
  static std::string convert(cotorra::endpoint const& e) { return e.text(); }
};

template <> struct StringMaker<cotorra::tracker::announce_event> {
  static std::string convert(cotorra::tracker::announce_event e) {
    std::string_view const word = name(e);
    return word.empty() ? "no event" : std::string(word);
  }
};

template <> struct StringMaker<cotorra::tracker::tracker_state> {
  static std::string convert(cotorra::tracker::tracker_state s) {
    return std::string(name(s));
  }
};

// "17.5 s", and "at 3600 s".
template <> struct StringMaker<cotorra::duration> {
  static std::string convert(cotorra::duration d) {
    return Detail::stringify(cotorra::seconds(d)) + " s";
  }
};
template <> struct StringMaker<cotorra::time_point> {
  static std::string convert(cotorra::time_point t) {
    if (t == cotorra::time_point::max()) return "never";
    return "at " + Detail::stringify(t.time_since_epoch());
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

} // namespace Catch
