// torrent_info: what a .torrent says, under libtorrent's names.
#include "http/url_wire.hpp"
#include "python/bindings.hpp"
#include <filesystem>
#include <fstream>
#include <iterator>
#include <pybind11/operators.h>

namespace cotorra::python {
namespace {

struct announce_entry {
  std::string url;
  std::size_t tier;
};

shared_metainfo read(bytes torrent) {
  return std::make_shared<metainfo::metainfo>(metainfo::decode(torrent));
}

shared_metainfo from_file(std::string const& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in || std::filesystem::is_directory(path))
    throw input_error("cannot read " + path);
  std::string const all((std::istreambuf_iterator<char>(in)), {});
  return read(as_bytes(all));
}

// Without passwords and passkeys: programs print what they get.
std::vector<announce_entry> trackers(metainfo::metainfo const& ti) {
  std::vector<announce_entry> all;
  for (std::size_t tier = 0; tier < ti.trackers.size(); ++tier)
    for (std::string const& url : ti.trackers[tier])
      all.push_back({http::printable(url), tier});
  return all;
}

void check_index(metainfo::metainfo const& ti, piece_index i) {
  if (i >= ti.pieces.size())
    throw py::index_error("there is no piece " + std::to_string(i) + ": they are 0 to " +
                          std::to_string(ti.pieces.size() - 1));
}

py::bytes hash_for_piece(metainfo::metainfo const& ti, piece_index i) {
  check_index(ti, i);
  return to_python(ti.pieces[i].view());
}

std::uint32_t piece_size(metainfo::metainfo const& ti, piece_index i) {
  check_index(ti, i);
  return ti.size_of(i);
}

void bind_parts(py::module_& m) {
  py::class_<info_hash>(m, "sha1_hash", "The 20 bytes that name a torrent.")
      .def("__str__", &info_hash::hex)
      .def("__repr__", [](info_hash const& h) { return "<sha1_hash " + h.hex() + ">"; })
      .def("__hash__", [](info_hash const& h) { return std::hash<info_hash>()(h); })
      .def(py::self == py::self)
      .def("to_bytes", [](info_hash const& h) { return to_python(h.view()); });
  py::class_<metainfo::file_entry>(m, "file_entry")
      .def_property_readonly("path", &metainfo::file_entry::path_text)
      .def_readonly("size", &metainfo::file_entry::length)
      .def_readonly("offset", &metainfo::file_entry::offset)
      .def("__repr__", [](metainfo::file_entry const& f) {
        return "<file_entry " + f.path_text() + ", " + std::to_string(f.length) +
               " bytes>";
      });
  py::class_<announce_entry>(m, "announce_entry")
      .def_readonly("url", &announce_entry::url)
      .def_readonly("tier", &announce_entry::tier)
      .def("__repr__", [](announce_entry const& e) {
        return "<announce_entry " + e.url + ", tier " + std::to_string(e.tier) + ">";
      });
}

} // namespace

void bind_metainfo(py::module_& m) {
  bind_parts(m);
  py::class_<metainfo::metainfo, shared_metainfo>(m, "torrent_info",
                                                  "What a .torrent says (BEP 3).")
      .def(py::init([](py::dict const& decoded) { return read(to_bencode(decoded)); }),
           py::arg("decoded"), "From what bdecode() gave.")
      .def(py::init([](py::bytes const& data) { return read(view(data)); }),
           py::arg("data"), "From the bytes of a .torrent.")
      .def(py::init(&from_file), py::arg("path"), "From a .torrent file.")
      .def("name", [](metainfo::metainfo const& ti) { return ti.name; })
      .def("info_hash", [](metainfo::metainfo const& ti) { return ti.hash; })
      .def("total_size", [](metainfo::metainfo const& ti) { return ti.total_length; })
      .def("piece_length", [](metainfo::metainfo const& ti) { return ti.piece_length; })
      .def("num_pieces", [](metainfo::metainfo const& ti) { return ti.pieces.size(); })
      .def("num_files", [](metainfo::metainfo const& ti) { return ti.files.size(); })
      .def("files", [](metainfo::metainfo const& ti) { return ti.files; })
      .def("piece_size", &piece_size)
      .def("hash_for_piece", &hash_for_piece)
      .def("trackers", &trackers,
           "The trackers, tier by tier; their URLs without passwords and passkeys.")
      .def("priv", [](metainfo::metainfo const& ti) { return ti.is_private; })
      .def("comment", [](metainfo::metainfo const& ti) { return ti.comment; })
      .def("creator", [](metainfo::metainfo const& ti) { return ti.created_by; })
      .def_readonly("warnings", &metainfo::metainfo::warnings)
      .def("__repr__", [](metainfo::metainfo const& ti) {
        return "<torrent_info " + ti.name + ", " + std::to_string(ti.total_length) +
               " bytes, info_hash " + ti.hash.hex() + ">";
      });
}

} // namespace cotorra::python
