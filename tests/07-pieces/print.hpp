// How the values of these tests look in a failure. Included before the first test.
#pragma once
#include "base/endpoint.hpp"
#include "base/hex.hpp"
#include "base/sha.hpp"
#include "piece/file_map.hpp"
#include "piece/part_index.hpp"
#include "piece/picker.hpp"
#include "piece/resume_wire.hpp"
#include "piece/storage.hpp"
#include "support/catch.hpp"
#include <fmt/format.h>
#include <optional>
#include <system_error>

namespace Catch {

namespace pieces = cotorra::piece;

template <> struct StringMaker<pieces::block> {
  static std::string convert(pieces::block const& b) {
    return fmt::format("{} bytes of piece {} from {}", b.length, b.piece, b.begin);
  }
};
template <> struct StringMaker<pieces::file_slice> {
  static std::string convert(pieces::file_slice const& s) {
    return fmt::format("{} bytes of file {} from {}", s.length, s.file, s.offset);
  }
};
template <class Index> struct StringMaker<pieces::index_range<Index>> {
  static std::string convert(pieces::index_range<Index> const& r) {
    return r.empty() ? "none" : fmt::format("{} to {}", r.first, r.end - 1);
  }
};
template <> struct StringMaker<pieces::arrival> {
  static std::string convert(pieces::arrival a) {
    constexpr char const* names[] = {"wanted", "duplicate", "unrequested"};
    return names[static_cast<std::size_t>(a)];
  }
};
template <> struct StringMaker<pieces::piece_state> {
  static std::string convert(pieces::piece_state s) {
    constexpr char const* names[] = {"not needed", "missing", "queued", "in flight",
                                     "have"};
    return names[static_cast<std::size_t>(s)];
  }
};
template <> struct StringMaker<pieces::storage::content> {
  static std::string convert(pieces::storage::content c) {
    constexpr char const* names[] = {"absent", "hole", "data"};
    return names[static_cast<std::size_t>(c)];
  }
};
template <> struct StringMaker<pieces::part_record> {
  static std::string convert(pieces::part_record const& r) {
    return fmt::format("{} bytes from {}", r.length, r.offset);
  }
};
template <> struct StringMaker<pieces::file_stamp> {
  static std::string convert(pieces::file_stamp const& s) {
    return fmt::format("{} bytes, changed at {}, inode {}", s.size, s.mtime, s.inode);
  }
};
template <> struct StringMaker<pieces::resume_state> {
  static std::string convert(pieces::resume_state const& r) {
    cotorra::buffer const b = pieces::encode(r);
    std::string out(cotorra::as_text(b));
    for (char& c : out)
      if (c < ' ' || c > '~') c = '.';
    return out;
  }
};
template <> struct StringMaker<cotorra::endpoint> {
  static std::string convert(cotorra::endpoint const& e) { return e.text(); }
};
template <> struct StringMaker<cotorra::sha1_digest> {
  static std::string convert(cotorra::sha1_digest const& d) { return d.hex(); }
};
template <> struct StringMaker<std::error_code> {
  static std::string convert(std::error_code const& e) {
    return e ? e.message() : "no error";
  }
};
template <> struct StringMaker<std::errc> {
  static std::string convert(std::errc e) { return std::make_error_code(e).message(); }
};
template <class T> struct StringMaker<std::optional<T>> {
  static std::string convert(std::optional<T> const& o) {
    return o ? StringMaker<T>::convert(*o) : "nothing";
  }
};

} // namespace Catch
