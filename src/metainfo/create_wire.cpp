#include "metainfo/create_wire.hpp"
#include "base/error.hpp"
#include "bencode/encode_wire.hpp"
#include "metainfo/safe_name.hpp"
#include <algorithm>
#include <fmt/format.h>

namespace cotorra::metainfo {
namespace {

using bencode::writer;

void check(create_options const& options, std::span<created_file const> files,
           std::span<sha1_digest const> pieces) {
  if (files.empty()) throw input_error("there is no file to share: name one");
  if (!is_safe_name(options.name))
    throw input_error("the torrent needs a name that can be a file's: give another one");
  if (options.piece_length == 0)
    throw input_error("a piece length of 0 is not possible: 262144 would be one");
  std::uint64_t total = 0;
  for (created_file const& file : files) {
    total += file.length;
    if (file.path.empty() && files.size() != 1)
      throw input_error("a file among others needs a path of its own");
  }
  if (total == 0) throw input_error("the files are all empty: there is nothing to share");
  std::uint64_t const needed = count_pieces(total, options.piece_length);
  if (pieces.size() != needed)
    throw input_error(fmt::format("the files have {} pieces, but {} hashes were given",
                                  needed, pieces.size()));
}

void put_text(writer& w, std::string_view key, std::string_view text) {
  if (text.empty()) return;
  w.key(key);
  w.string(text);
}

void put_strings(writer& w, std::vector<std::string> const& all) {
  w.list();
  for (std::string const& text : all) w.string(text);
  w.end();
}

// BEP 12: announce-list only when one announce URL is not enough.
void put_trackers(writer& w, create_options const& options) {
  std::vector<std::vector<std::string>> tiers = options.trackers;
  std::erase_if(tiers, [](auto const& tier) { return tier.empty(); });
  if (tiers.empty()) return;
  w.key("announce");
  w.string(tiers[0][0]);
  if (tiers.size() == 1 && tiers[0].size() == 1) return;
  w.key("announce-list");
  w.list();
  for (auto const& tier : tiers) put_strings(w, tier);
  w.end();
}

void put_file(writer& w, created_file const& file) {
  bool const link = !file.symlink.empty();
  if (link || file.executable) {
    w.key("attr");
    w.string(link ? "l" : "x");
  }
  w.key("length");
  w.integer(static_cast<std::int64_t>(file.length));
}

void put_link(writer& w, created_file const& file) {
  if (file.symlink.empty()) return;
  w.key("symlink path");
  put_strings(w, file.symlink);
}

void put_info(writer& w, create_options const& options,
              std::span<created_file const> files, std::span<sha1_digest const> pieces) {
  w.dictionary();
  if (files[0].path.empty()) {
    put_file(w, files[0]);
  } else {
    w.key("files");
    w.list();
    for (created_file const& file : files) {
      w.dictionary();
      put_file(w, file);
      w.key("path");
      put_strings(w, file.path);
      put_link(w, file);
      w.end();
    }
    w.end();
  }
  put_text(w, "name", options.name);
  w.key("piece length");
  w.integer(options.piece_length);
  w.key("pieces");
  w.string(bytes(std::as_bytes(pieces)));
  if (options.is_private) {
    w.key("private");
    w.integer(1);
  }
  put_text(w, "source", options.source);
  w.end();
}

} // namespace

buffer encode(create_options const& options, std::span<created_file const> files,
              std::span<sha1_digest const> pieces) {
  check(options, files, pieces);
  buffer out;
  writer w(out);
  w.dictionary();
  put_trackers(w, options);
  put_text(w, "comment", options.comment);
  put_text(w, "created by", options.created_by);
  if (options.creation_date) {
    w.key("creation date");
    w.integer(*options.creation_date);
  }
  w.key("info");
  put_info(w, options, files, pieces);
  if (!options.url_list.empty()) {
    w.key("url-list");
    put_strings(w, options.url_list);
  }
  w.end();
  return out;
}

std::uint32_t choose_piece_length(std::uint64_t total_length) {
  std::uint32_t length = 16 * 1024;
  while (length < 16 * 1024 * 1024 && total_length / length >= 2000) length *= 2;
  return length;
}

std::uint64_t count_pieces(std::uint64_t total_length, std::uint32_t piece_length) {
  return total_length / piece_length + (total_length % piece_length != 0);
}

} // namespace cotorra::metainfo
