// session, add_torrent_params, torrent_handle: libtorrent's names, our engine.
#include "python/running_engines.hpp"
#include "python/session_parts.hpp"
#include <map>
#include <pybind11/operators.h>

namespace cotorra::python {
namespace {

// what one gets

struct python_handle {
  shared_engine engine;
  torrent_handle torrent;
  info_hash hash;
  shared_metainfo ti;

  template <class Ask> auto tell(Ask what) const {
    return ask(*engine, [&](session&) {
      if (!torrent.is_valid())
        throw input_error("this torrent is not in the session any more");
      return what(torrent);
    });
  }
  bool is_valid() const {
    try {
      return ask(*engine, [&](session&) { return torrent.is_valid(); });
    } catch (input_error const&) {
      return false; // the session has ended
    }
  }
  bool operator==(python_handle const& o) const {
    return engine == o.engine && hash == o.hash;
  }
};

struct python_session {
  explicit python_session(py::dict const& with) : engine(start(settings_from(with))) {}
  ~python_session() { end(engine); }
  python_session(python_session const&) = delete;

  python_handle add(python_params const& params) const {
    auto add = [ours = params.ours()](session& s) { return s.add_torrent(ours); };
    files[params.ti->hash] = params.ti;
    return {engine, ask(*engine, add), params.ti->hash, params.ti};
  }
  void remove(python_handle const& h) const {
    ask(*engine, [&](session& s) { s.remove_torrent(h.torrent); });
  }
  std::vector<python_handle> torrents() const {
    auto all = ask(*engine, [&](session& s) {
      std::vector<python_handle> found;
      for (auto const& t : s.get_torrents())
        found.push_back({engine, t, t.status().info_hash, nullptr});
      return found;
    });
    for (python_handle& h : all) h.ti = files[h.hash];
    return all;
  }
  std::uint16_t port() const {
    return ask(*engine, [](session& s) { return s.listen_port(); });
  }

  // Rates only: the rest is settled when a session begins.
  void apply(py::dict const& given) const {
    settings const with = settings_from(given);
    for (auto const& [name, value] : given) {
      std::string const key = py::str(name);
      if (key != "download_rate_limit" && key != "upload_rate_limit")
        throw py::value_error(key + " cannot change while a session runs: give it to "
                                    "session()");
    }
    bool const down = given.contains("download_rate_limit");
    bool const up = given.contains("upload_rate_limit");
    ask(*engine, [&](session& s) {
      s.set_rate_limits(down ? with.download_rate_limit : s.download_rate_limit(),
                        up ? with.upload_rate_limit : s.upload_rate_limit());
    });
  }
  py::dict settings_now() const {
    auto const [down, up] = ask(*engine, [](session& s) {
      return std::pair(s.download_rate_limit(), s.upload_rate_limit());
    });
    py::dict out;
    out["download_rate_limit"] = down;
    out["upload_rate_limit"] = up;
    return out;
  }

  shared_engine engine;
  mutable std::map<info_hash, shared_metainfo> files; // of the torrents
};

// libtorrent's numbers: programs use them as indices.
enum class state { checking_files = 1, downloading = 3, finished = 4, seeding = 5 };

state state_of(torrent_status const& s) {
  switch (s.state) {
  case torrent_status::state_t::downloading:
    return state::downloading;
  case torrent_status::state_t::finished:
    return state::finished;
  case torrent_status::state_t::seeding:
    return state::seeding;
  default:
    return state::checking_files;
  }
}

void bind_status(py::module_& m) {
  py::class_<torrent_status> status(m, "torrent_status");
  py::enum_<state>(status, "states", py::arithmetic())
      .value("checking_files", state::checking_files)
      .value("downloading", state::downloading)
      .value("finished", state::finished)
      .value("seeding", state::seeding);
  status.def_property_readonly("state", &state_of)
      .def_property_readonly("save_path",
                             [](torrent_status const& s) { return s.save_path.string(); })
      .def_property_readonly("pieces",
                             [](torrent_status const& s) {
                               std::vector<bool> all;
                               for (std::size_t i = 0; i < s.pieces.size(); ++i)
                                 all.push_back(s.pieces[i]);
                               return all;
                             })
      .def_readonly("name", &torrent_status::name)
      .def_readonly("info_hash", &torrent_status::info_hash)
      .def_readonly("paused", &torrent_status::paused)
      .def_readonly("error", &torrent_status::error)
      .def_readonly("has_metadata", &torrent_status::has_metadata)
      .def_readonly("is_finished", &torrent_status::is_finished)
      .def_readonly("is_seeding", &torrent_status::is_seeding)
      .def_readonly("progress", &torrent_status::progress)
      .def_readonly("total_done", &torrent_status::total_done)
      .def_readonly("total_wanted", &torrent_status::total_wanted)
      .def_readonly("total_wanted_done", &torrent_status::total_wanted_done)
      .def_readonly("total_payload_download", &torrent_status::total_payload_download)
      .def_readonly("total_payload_upload", &torrent_status::total_payload_upload)
      .def_readonly("download_rate", &torrent_status::download_rate)
      .def_readonly("upload_rate", &torrent_status::upload_rate)
      .def_readonly("num_peers", &torrent_status::num_peers)
      .def_readonly("num_seeds", &torrent_status::num_seeds)
      .def_readonly("num_pieces", &torrent_status::num_pieces)
      .def("__repr__", [](torrent_status const& s) {
        return "<torrent_status of " + s.name + ": " +
               std::string(cotorra::name(s.state)) + ", " +
               std::to_string(int(s.progress * 100)) + " %>";
      });
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

} // namespace

void bind_session(py::module_& m) {
  bind_status(m);
  bind_params(m);
  bind_handle(m);
  py::class_<python_session>(m, "session", "The engine, in a thread of its own.")
      .def(py::init<py::dict>(), py::arg("settings") = py::dict(),
           "Listens at once. Settings: listen_interfaces, download_rate_limit, "
           "upload_rate_limit, connections_limit, unchoke_slots_limit.")
      .def("add_torrent", &python_session::add, py::arg("params"))
      .def("add_torrent", [](python_session const& s,
                             py::dict const& d) { return s.add(params_from(d)); })
      .def("remove_torrent", &python_session::remove, py::arg("torrent"),
           "What has come stays on the disk.")
      .def("get_torrents", &python_session::torrents)
      .def("apply_settings", &python_session::apply, py::arg("settings"),
           "download_rate_limit and upload_rate_limit, from now on.")
      .def("get_settings", &python_session::settings_now)
      .def("listen_port", &python_session::port)
      .def("__repr__", [](python_session const&) { return "<session of cotorra>"; });
  watch_the_end();
}

} // namespace cotorra::python
