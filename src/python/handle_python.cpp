// torrent_handle, under libtorrent's names.
#include "python/handle_python.hpp"
#include <pybind11/operators.h>

namespace cotorra::python {

state state_of(session::torrent_status const& s) {
  switch (s.state) {
  case session::torrent_status::state_t::downloading:
    return state::downloading;
  case session::torrent_status::state_t::finished:
    return state::finished;
  case session::torrent_status::state_t::seeding:
    return state::seeding;
  default:
    return state::checking_files;
  }
}

void bind_handle(py::module_& m) {
  py::class_<python_handle>(m, "torrent_handle")
      .def("is_valid", &python_handle::is_valid,
           "False, too, when the session has ended.")
      .def(py::self == py::self)
      .def("__hash__",
           [](python_handle const& h) { return std::hash<info_hash>()(h.hash); })
      .def("status",
           [](python_handle const& h) {
             return h.tell([](auto& t) { return t.status(); });
           })
      .def("name",
           [](python_handle const& h) {
             return h.tell([](auto& t) { return t.status().name; });
           })
      .def("info_hash", [](python_handle const& h) { return h.hash; })
      .def("torrent_file", [](python_handle const& h) { return h.ti; })
      .def("get_peer_info",
           [](python_handle const& h) {
             return h.tell([](auto& t) { return t.get_peer_info(); });
           })
      .def("trackers",
           [](python_handle const& h) {
             return trackers_of(h.tell([](auto& t) { return t.status(); }));
           })
      .def(
          "file_progress",
          [](python_handle const& h) {
            return file_progress(*h.ti,
                                 h.tell([](auto& t) { return t.status().pieces; }));
          },
          "Verified bytes of each file.")
      .def("__repr__",
           [](python_handle const& h) {
             return "<torrent_handle " + (h.ti ? h.ti->name : h.hash.hex()) + ">";
           })
      .def("pause", [](python_handle const& h) { h.tell([](auto& t) { t.pause(); }); })
      .def("resume", [](python_handle const& h) { h.tell([](auto& t) { t.resume(); }); })
      .def(
          "connect_peer",
          [](python_handle const& h, address const& a) {
            h.tell([e = endpoint_from(a)](auto& t) { t.connect_peer(e); });
          },
          py::arg("endpoint"), "Dials (address, port).")
      .def(
          "set_sequential_download",
          [](python_handle const& h, bool on) {
            h.tell([on](auto& t) { t.set_sequential_download(on); });
          },
          py::arg("on"));
}

} // namespace cotorra::python
