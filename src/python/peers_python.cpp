// peer_info and what trackers() gives, as libtorrent's users know them.
#include "http/url_wire.hpp"
#include "python/session_parts.hpp"
#include "tracker/announcer_talk.hpp"

namespace cotorra::python {

py::list trackers_of(session::torrent_status const& s) {
  py::list all;
  for (tracker::tracker_status const& t : s.trackers) {
    using enum tracker::tracker_state;
    py::dict one;
    one["url"] = http::printable(t.url);
    one["tier"] = t.tier;
    one["fails"] = t.failures;
    one["message"] = t.message;
    one["verified"] = t.state == working;
    one["updating"] = t.state == announcing;
    one["state"] = std::string(tracker::name(t.state));
    if (t.complete) one["scrape_complete"] = *t.complete;
    if (t.incomplete) one["scrape_incomplete"] = *t.incomplete;
    all.append(std::move(one));
  }
  return all;
}

// What is verified of each file: of a piece that lies in two files, each gets its part.
std::vector<std::uint64_t> file_progress(metainfo::metainfo const& ti,
                                         bitfield const& have) {
  std::vector<std::uint64_t> all;
  for (metainfo::file_entry const& f : ti.files) {
    std::uint64_t here = 0, at = f.offset;
    std::uint64_t const end = f.offset + f.length;
    while (at < end) {
      auto const piece = static_cast<piece_index>(at / ti.piece_length);
      std::uint64_t const stop =
          std::min<std::uint64_t>(end, (std::uint64_t{piece} + 1) * ti.piece_length);
      if (have[piece]) here += stop - at;
      at = stop;
    }
    all.push_back(here);
  }
  return all;
}

void bind_peers(py::module_& m) {
  py::class_<session::peer_info>(m, "peer_info", "A peer that is connected.")
      .def_property_readonly("ip",
                             [](session::peer_info const& p) {
                               return py::make_tuple(p.ip.address.text(), p.ip.port);
                             })
      .def_readonly("client", &session::peer_info::client)
      .def_property_readonly(
          "pid", [](session::peer_info const& p) { return to_python(p.pid.value); })
      .def_readonly("seed", &session::peer_info::seed)
      .def_readonly("interesting", &session::peer_info::am_interested)
      .def_readonly("choked", &session::peer_info::am_choking)
      .def_readonly("remote_interested", &session::peer_info::peer_interested)
      .def_readonly("remote_choked", &session::peer_info::peer_choking)
      .def_readonly("snubbed", &session::peer_info::snubbed)
      .def_readonly("outgoing_connection", &session::peer_info::we_dialled)
      .def_readonly("payload_down_speed", &session::peer_info::down_speed)
      .def_readonly("payload_up_speed", &session::peer_info::up_speed)
      .def_readonly("down_speed", &session::peer_info::down_speed)
      .def_readonly("up_speed", &session::peer_info::up_speed)
      .def_readonly("total_download", &session::peer_info::total_download)
      .def_readonly("total_upload", &session::peer_info::total_upload)
      .def_readonly("download_queue_length", &session::peer_info::download_queue_length)
      .def("__repr__", [](session::peer_info const& p) {
        return "<peer_info " + p.ip.text() + " " + p.client + ">";
      });
}

} // namespace cotorra::python
