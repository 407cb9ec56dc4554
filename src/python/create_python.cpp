// file_storage, create_torrent, parse_magnet_uri: libtorrent's names for what makes a
// .torrent or names a torrent.
#include "base/sha.hpp"
#include "bencode/decode_wire.hpp"
#include "metainfo/create_wire.hpp"
#include "metainfo/magnet_wire.hpp"
#include "metainfo/scan.hpp"
#include "python/bindings.hpp"
#include <filesystem>
#include <fstream>

namespace cotorra::python {
namespace {

namespace fs = std::filesystem;

// The files of a torrent to be, as add_files() finds them.
struct file_storage {
  metainfo::scanned found;

  void add_all(std::string const& path) { found = metainfo::scan(path); }
  std::string file_path(std::size_t i) const {
    std::string path = found.name;
    for (std::string const& part : found.files.at(i).path) path += "/" + part;
    return path;
  }
};

struct torrent_maker {
  metainfo::create_options options;
  metainfo::scanned found;
  std::vector<sha1_digest> hashes;

  torrent_maker(file_storage const& storage, std::uint32_t piece_size)
      : found(storage.found) {
    if (found.files.empty()) throw input_error("there is no file in this file_storage");
    options.name = found.name;
    options.piece_length =
        piece_size == 0 ? metainfo::choose_piece_length(found.total_length) : piece_size;
  }

  void add_tracker(std::string const& url, std::size_t tier) {
    if (options.trackers.size() <= tier) options.trackers.resize(tier + 1);
    options.trackers[tier].push_back(url);
  }

  // `parent` is the folder that holds the file or the folder.
  void read(fs::path const& parent) {
    hashes.clear();
    buffer piece;
    for (metainfo::created_file const& f : found.files) {
      fs::path at = parent / found.name;
      for (std::string const& part : f.path) at /= part;
      read_file(at, f.length, piece);
    }
    if (!piece.empty()) hashes.push_back(sha1(piece));
  }

  py::bytes generate() const {
    metainfo::create_options with = options;
    std::erase_if(with.trackers, [](auto const& tier) { return tier.empty(); });
    return to_python(metainfo::encode(with, found.files, hashes));
  }

private:
  void read_file(fs::path const& at, std::uint64_t length, buffer& piece) {
    std::ifstream in(at, std::ios::binary);
    std::uint64_t left = length;
    while (left != 0) {
      std::size_t const room = options.piece_length - piece.size();
      std::size_t const part =
          static_cast<std::size_t>(std::min<std::uint64_t>(room, left));
      std::size_t const before = piece.size();
      piece.resize(before + part);
      if (!in.read(reinterpret_cast<char*>(piece.data() + before),
                   static_cast<std::streamsize>(part)))
        throw input_error(at.string() +
                          ": cannot be read to its end, which should be at " +
                          std::to_string(length) + " bytes");
      left -= part;
      if (piece.size() < options.piece_length) continue;
      hashes.push_back(sha1(piece));
      piece.clear();
    }
  }
};

void bind_storage(py::module_& m) {
  py::class_<file_storage>(m, "file_storage", "The files of a torrent to be.")
      .def(py::init<>())
      .def("num_files", [](file_storage const& s) { return s.found.files.size(); })
      .def("total_size", [](file_storage const& s) { return s.found.total_length; })
      .def("name", [](file_storage const& s) { return s.found.name; })
      .def("file_path", &file_storage::file_path, py::arg("index"))
      .def("file_size", [](file_storage const& s,
                           std::size_t i) { return s.found.files.at(i).length; })
      .def("__len__", [](file_storage const& s) { return s.found.files.size(); })
      .def("__repr__", [](file_storage const& s) {
        return "<file_storage of " + std::to_string(s.found.files.size()) + " files>";
      });
  m.def(
      "add_files", [](file_storage& s, std::string const& path) { s.add_all(path); },
      py::arg("fs"), py::arg("path"), "The file, or all files of the folder.");
}

void bind_maker(py::module_& m) {
  auto const text = [](std::string metainfo::create_options::* field) {
    return [field](torrent_maker& t, std::string const& to) { t.options.*field = to; };
  };
  py::class_<torrent_maker>(m, "create_torrent", "Makes a .torrent (BEP 3).")
      .def(py::init<file_storage const&, std::uint32_t>(), py::arg("storage"),
           py::arg("piece_size") = 0, "piece_size: 0 chooses one that fits.")
      .def("add_tracker", &torrent_maker::add_tracker, py::arg("url"),
           py::arg("tier") = 0)
      .def("add_url_seed",
           [](torrent_maker& t, std::string const& url) {
             t.options.url_list.push_back(url);
           })
      .def("set_comment", text(&metainfo::create_options::comment))
      .def("set_creator", text(&metainfo::create_options::created_by))
      .def("set_creation_date",
           [](torrent_maker& t, std::int64_t when) { t.options.creation_date = when; })
      .def("set_priv", [](torrent_maker& t, bool on) { t.options.is_private = on; })
      .def("priv", [](torrent_maker const& t) { return t.options.is_private; })
      .def("piece_length", [](torrent_maker const& t) { return t.options.piece_length; })
      .def("num_pieces",
           [](torrent_maker const& t) {
             return metainfo::count_pieces(t.found.total_length, t.options.piece_length);
           })
      .def(
          "generate",
          [](torrent_maker const& t) {
            return py::module_::import("cotorra").attr("bdecode")(t.generate());
          },
          "A dictionary, for bencode().");
  m.def(
      "set_piece_hashes",
      [](torrent_maker& t, std::string const& parent) { t.read(parent); }, py::arg("t"),
      py::arg("path"), "Reads the files; path is the folder around them.");
}

} // namespace

void bind_create(py::module_& m) {
  bind_storage(m);
  bind_maker(m);
}

} // namespace cotorra::python
