// Small .torrents to bend: text in, text out.
#pragma once
#include "base/error.hpp"
#include "metainfo/metainfo_wire.hpp"
#include "print.hpp"
#include "support/catch.hpp"

namespace cotorra::test {

inline std::string str(std::string_view s) {
  return std::to_string(s.size()) + ":" + std::string(s);
}
inline std::string num(std::int64_t n) { return "i" + std::to_string(n) + "e"; }
inline std::string hashes(std::size_t n) { return str(std::string(20 * n, '#')); }

// One file of 40 bytes in pieces of 32, unless told.
inline std::string single(std::string const& name = "a.txt",
                          std::string const& length = num(40),
                          std::string const& piece_length = num(32),
                          std::string const& pieces = hashes(2),
                          std::string const& more = "") {
  return "d6:length" + length + "4:name" + str(name) + "12:piece length" + piece_length +
         "6:pieces" + pieces + more + "e";
}

using path = std::vector<std::string>;
inline std::string file(path const& elements, std::int64_t length = 10,
                        std::string const& before = "") {
  std::string out = "d" + before + "6:length" + num(length) + "4:pathl";
  for (auto const& e : elements) out += str(e);
  return out + "ee";
}

// A folder "tree" with these files, in one piece.
inline std::string multi(std::string const& files) {
  return "d5:filesl" + files + "e4:name4:tree12:piece lengthi16384e6:pieces" + hashes(1) +
         "e";
}

inline std::string torrent(std::string const& info, std::string const& before = "",
                           std::string const& after = "") {
  return "d" + before + "4:info" + info + after + "e";
}

inline metainfo::metainfo read(std::string const& text,
                               metainfo::limits const& bounds = {}) {
  return metainfo::decode(as_bytes(text), bounds);
}

// The one sentence with which it is refused.
inline std::string refusal(std::string const& text, metainfo::limits const& bounds = {}) {
  try {
    read(text, bounds);
  } catch (input_error const& e) {
    return e.what();
  }
  return "(accepted)";
}

// The paths of the files of this folder, as they would be on disk.
inline std::vector<std::string> paths(std::vector<path> const& wanted) {
  std::string files;
  for (auto const& p : wanted) files += file(p);
  std::vector<std::string> out;
  for (auto const& f : read(torrent(multi(files))).files) out.push_back(f.path_text());
  return out;
}

} // namespace cotorra::test
