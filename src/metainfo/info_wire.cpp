#include "metainfo/info_wire.hpp"
#include "base/error.hpp"
#include "base/sha.hpp"
#include "metainfo/links.hpp"
#include "metainfo/safe_name.hpp"
#include "metainfo/unique_paths.hpp"
#include <fmt/format.h>
#include <limits>

namespace cotorra::metainfo {
namespace {

using bencode::value;

value required(value dictionary, std::string_view key) {
  value const v = dictionary.find(key);
  if (!v) refuse_metainfo(dictionary, fmt::format("the key '{}' is missing", key));
  return v;
}

std::int64_t integer(value v, std::string_view key) {
  if (!v.is_integer()) refuse_metainfo(v, fmt::format("'{}' must be an integer", key));
  try {
    return v.integer();
  } catch (protocol_error const&) {
    refuse_metainfo(v, fmt::format("'{}' does not fit in 64 bits", key));
  }
}

std::uint64_t length(value v) {
  std::int64_t const n = integer(v, "length");
  if (n < 0) refuse_metainfo(v, "a length is negative");
  return static_cast<std::uint64_t>(n);
}

// The values of a file's dictionary, collected in one pass. If a key occurs twice, the
// first counts.
struct file_keys {
  value length, path, path_utf8, attr, symlink, md5sum;

  explicit file_keys(value file) {
    for (auto [key, v] : file.entries()) {
      value* const to = slot(key);
      if (to && !*to) *to = v;
    }
  }

private:
  value* slot(std::string_view key) {
    if (key == "length") return &length;
    if (key == "path") return &path;
    if (key == "path.utf-8") return &path_utf8;
    if (key == "attr") return &attr;
    if (key == "symlink path") return &symlink;
    if (key == "md5sum") return &md5sum;
    return nullptr;
  }
};

// False also when 'attr' is not a string.
bool has(value attr, char letter) {
  return attr.is_string() && attr.text().find(letter) != std::string_view::npos;
}

// Some programs write a string: the number, or even its bencoding. Anything but a clear
// no means yes, since announcing a private torrent in public cannot be undone.
bool is_private(value v) {
  if (v.is_integer()) return v.clamped() != 0;
  if (!v.is_string()) return true;
  return v.text() != "" && v.text() != "0" && v.text() != "i0e";
}

bool is_valid_utf8_path(value path) {
  if (!path.is_list()) return false;
  bool any = false;
  for (value element : path.elements()) {
    if (!element.is_string() || !is_utf8(element.text())) return false;
    any = true;
  }
  return any;
}

class info_reader {
public:
  info_reader(metainfo& out, limits const& bounds) : out_(out), bounds_(bounds) {}

  void read(value info) {
    if (!info.is_dictionary()) refuse_metainfo(info, "'info' must be a dictionary");
    refuse_version_2_only(info);
    read_name(info);
    read_piece_length(required(info, "piece length"));
    read_files(info);
    read_pieces(required(info, "pieces"));
    read_private(info.find("private"));
    out_.source = text_of(info, "source");
    // hole 2.2: keep the info dictionary as it was received, and hash it
    out_.info.assign(info.raw().begin(), info.raw().end());
    out_.hash = info_hash::from(sha1(info.raw()).view());
    // end hole 2.2
  }

private:
  void refuse_version_2_only(value info) {
    value const version = info.find("meta version");
    if (version && !info.find("pieces"))
      throw input_error("this .torrent is for version 2 of the protocol only (BEP 52), "
                        "which we do not speak: ask for a version 1 or hybrid one");
  }

  void read_private(value v) {
    if (!v) return;
    out_.is_private = is_private(v);
    if (!v.is_integer())
      warn(out_, fmt::format("'private' at byte {} is not an integer: the torrent counts "
                             "as {}",
                             v.offset(), out_.is_private ? "private" : "public"));
  }

  void read_name(value info) {
    value const utf8 = info.find("name.utf-8");
    bool const prefer = utf8.is_string() && is_utf8(utf8.text());
    value const name = prefer ? utf8 : required(info, "name");
    if (!name.is_string()) refuse_metainfo(name, "'name' must be a string");
    out_.name = element(name);
  }

  void read_piece_length(value v) {
    std::int64_t const n = integer(v, "piece length");
    if (n <= 0 || n > std::int64_t{bounds_.piece_length})
      refuse_metainfo(v, fmt::format("a piece length of {} is not possible", n));
    out_.piece_length = static_cast<std::uint32_t>(n);
  }

  void read_files(value info) {
    value const one = info.find("length"), many = info.find("files");
    if (!one && !many) refuse_metainfo(info, "there must be 'length' or 'files'");
    if (one && many)
      warn(out_, fmt::format("there are 'length' and 'files', and only '{}' counts",
                             many.is_list() ? "files" : "length"));
    if (one && !many.is_list()) {
      file_keys const keys(info);
      file_entry& file = out_.files.emplace_back();
      file.path = {out_.name};
      read_file(file, keys);
      file.padding = false;
    } else {
      out_.is_multi_file = true;
      read_file_list(many);
    }
    if (out_.total_length == 0) refuse_metainfo(info, "it shares no bytes at all");
  }

  void read_file_list(value list) {
    if (!list.is_list()) refuse_metainfo(list, "'files' must be a list");
    std::size_t const count = list.size();
    if (count > bounds_.files)
      refuse_metainfo(list, "it holds more files than we accept");
    out_.files.reserve(count);
    for (value v : list.elements()) {
      if (!v.is_dictionary()) refuse_metainfo(v, "a file must be a dictionary");
      file_keys const keys(v);
      file_entry& file = out_.files.emplace_back();
      read_path(file, v, keys);
      read_file(file, keys);
    }
    for (std::size_t i : make_paths_unique(out_.files))
      warn(out_, fmt::format("file {}: its name is taken, it becomes '{}'", i + 1,
                             out_.files[i].path_text()));
    resolve_links(out_);
  }

  void read_path(file_entry& file, value whole, file_keys const& keys) {
    value const path = is_valid_utf8_path(keys.path_utf8) ? keys.path_utf8 : keys.path;
    file.path.push_back(out_.name);
    if (!path.is_list() && has(keys.attr, 'p')) return file.path.push_back(".pad");
    if (!path.is_list()) refuse_metainfo(whole, "a file has no 'path' list");
    file.path.reserve(1 + path.size());
    append_elements(file.path, path);
    if (file.path.back().starts_with("_____padding_file_")) file.padding = true;
  }

  void append_elements(std::vector<std::string>& to, value list) {
    std::size_t const before = to.size();
    std::size_t size = out_.name.size();
    for (value v : list.elements()) {
      if (!v.is_string()) refuse_metainfo(v, "an element of a path must be a string");
      if (is_safe_name(v.text()))
        to.emplace_back(v.text());
      else
        to.push_back(element(v));
      size += to.back().size() + 1;
      if (size > bounds_.path_bytes)
        refuse_metainfo(v, "a path is longer than any disk here can hold");
    }
    if (to.size() == before) refuse_metainfo(list, "a path is empty");
  }

  std::string element(value v) {
    std::string safe = safe_name(v.text());
    if (safe != v.text())
      warn(out_, fmt::format("the name at byte {} is not safe: it becomes '{}'",
                             v.offset(), safe));
    return safe;
  }

  void read_file(file_entry& file, file_keys const& keys) {
    file.padding = file.padding || has(keys.attr, 'p');
    file.executable = has(keys.attr, 'x');
    file.hidden = has(keys.attr, 'h');
    bool const link = out_.is_multi_file && has(keys.attr, 'l');
    if (!keys.length && !link) refuse_metainfo(keys.path, "a file has no 'length'");
    if (keys.length && !link) file.length = length(keys.length);
    if (link) read_link(file, keys);
    if (keys.md5sum.is_string()) file.md5sum = repaired_utf8(keys.md5sum.text());
    file.offset = out_.total_length;
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
    if (file.length > most - out_.total_length)
      refuse_metainfo(keys.length, "the lengths of the files add up to too much");
    out_.total_length += file.length;
  }

  // BEP 47: a link has no bytes, whatever its length says. resolve_links() looks for its
  // target once all files are known.
  void read_link(file_entry& file, file_keys const& keys) {
    if (file.padding) return;
    file.symlink = decode_link_target(keys.symlink);
    if (!file.symlink.empty()) return;
    file.padding = true; // never written
    warn(out_, fmt::format("file {}: it is a link that leads nowhere, and was left out",
                           out_.files.size()));
  }

  void read_pieces(value v) {
    if (!v.is_string()) refuse_metainfo(v, "'pieces' must be a string");
    bytes const all = v.string();
    std::size_t const count = all.size() / sha1_digest::size;
    if (all.size() % sha1_digest::size != 0)
      refuse_metainfo(v, "the length of 'pieces' is not a multiple of 20");
    if (count > bounds_.pieces) refuse_metainfo(v, "it has more pieces than we accept");
    // hole 2.1: as many hashes as the files have pieces, the last of which may be short
    std::uint64_t const needed = (out_.total_length - 1) / out_.piece_length + 1;
    if (count != needed)
      refuse_metainfo(v, fmt::format("it has {} piece hashes, where the files need {}",
                                     count, needed));
    // end hole 2.1
    out_.pieces.resize(count);
    std::memcpy(out_.pieces.data(), all.data(), all.size());
  }

  metainfo& out_;
  limits const& bounds_;
};

} // namespace

void refuse_metainfo(bencode::value at, std::string_view what) {
  throw input_error(fmt::format(
      "this is not a valid .torrent (byte {}: {}): get it again from where it came from",
      at.offset(), what));
}

void warn(metainfo& out, std::string text) {
  constexpr std::size_t enough = 50;
  if (out.warnings.size() == enough) text = "... and more like these";
  if (out.warnings.size() <= enough) out.warnings.push_back(std::move(text));
}

std::string text_of(bencode::value dictionary, std::string_view key) {
  value const utf8 = dictionary.find(std::string(key) + ".utf-8");
  value const v = utf8.is_string() && is_utf8(utf8.text()) ? utf8 : dictionary.find(key);
  return v.is_string() ? repaired_utf8(v.text()) : std::string();
}

void decode_info_dictionary(metainfo& out, bencode::value info, limits const& bounds) {
  info_reader(out, bounds).read(info);
}

} // namespace cotorra::metainfo
