// session, add_torrent_params, torrent_handle: libtorrent's names, our engine.
#include "python/alerts_python.hpp"
#include <map>

namespace cotorra::python {
namespace {

struct python_session {
  explicit python_session(py::dict const& with) : engine(start(settings_from(with))) {}
  ~python_session() { end(engine); }
  python_session(python_session const&) = delete;

  python_handle add(python_params const& params) const {
    session::add_torrent_params ours = params.ours();
    ours.on_bad_piece = [log = log, ti = params.ti](piece_index i, auto const& banned) {
      log->bad_piece(*ti, i, banned);
    };
    // a look at the end of the check tells what was found there from what is fetched
    auto const watched = std::make_shared<session::torrent_handle>();
    ours.on_change = [log = log, watched] {
      if (watched->is_valid()) log->look(watched->status());
    };
    auto add = [&ours, &watched, this, hash = params.ti->hash](session::session& s) {
      *watched = s.add_torrent(std::move(ours));
      log->watch(hash);
      return *watched;
    };
    files[params.ti->hash] = params.ti;
    return {engine, ask(*engine, add), params.ti->hash, params.ti};
  }
  std::vector<std::shared_ptr<alert>> pop_alerts() const {
    auto [all, handles] = ask(*engine, [this](session::session& s) {
      std::map<info_hash, session::torrent_handle> known;
      for (auto const& t : s.get_torrents()) {
        session::torrent_status const now = t.status();
        log->look(now);
        known[now.info_hash] = t;
      }
      return std::pair(log->take(), known);
    });
    std::vector<std::shared_ptr<alert>> out;
    for (alert& a : all) {
      a.handle = {engine, handles[a.hash], a.hash, files[a.hash]};
      out.push_back(typed(std::move(a)));
    }
    return out;
  }
  void remove(python_handle const& h) const {
    ask(*engine, [&](session::session& s) {
      s.remove_torrent(h.torrent);
      log->forget(h.hash);
    });
  }
  std::vector<python_handle> torrents() const {
    auto all = ask(*engine, [&](session::session& s) {
      std::vector<python_handle> found;
      for (auto const& t : s.get_torrents())
        found.push_back({engine, t, t.status().info_hash, nullptr});
      return found;
    });
    for (python_handle& h : all) h.ti = files[h.hash];
    return all;
  }
  std::uint16_t port() const {
    return ask(*engine, [](session::session& s) { return s.listen_port(); });
  }

  // Rates only: the rest is settled when a session begins.
  void apply(py::dict const& given) const {
    session::settings const with = settings_from(given);
    for (auto const& [name, value] : given) {
      std::string const key = py::str(name);
      if (key != "download_rate_limit" && key != "upload_rate_limit")
        throw py::value_error(key + " cannot change while a session runs: give it to "
                                    "session()");
    }
    bool const down = given.contains("download_rate_limit");
    bool const up = given.contains("upload_rate_limit");
    ask(*engine, [&](session::session& s) {
      s.set_rate_limits(down ? with.download_rate_limit : s.download_rate_limit(),
                        up ? with.upload_rate_limit : s.upload_rate_limit());
    });
  }
  py::dict settings_now() const {
    auto const [down, up] = ask(*engine, [](session::session& s) {
      return std::pair(s.download_rate_limit(), s.upload_rate_limit());
    });
    py::dict out;
    out["download_rate_limit"] = down;
    out["upload_rate_limit"] = up;
    return out;
  }

  shared_engine engine;
  std::shared_ptr<alert_log> log = std::make_shared<alert_log>(); // the engine's thread's
  mutable std::map<info_hash, shared_metainfo> files;             // of the torrents
};

void bind_status(py::module_& m) {
  py::class_<session::torrent_status> status(m, "torrent_status");
  py::enum_<state>(status, "states", py::arithmetic())
      .value("checking_files", state::checking_files)
      .value("downloading", state::downloading)
      .value("finished", state::finished)
      .value("seeding", state::seeding);
  status.def_property_readonly("state", &state_of)
      .def_property_readonly(
          "save_path",
          [](session::torrent_status const& s) { return s.save_path.string(); })
      .def_property_readonly("pieces",
                             [](session::torrent_status const& s) {
                               std::vector<bool> all;
                               for (std::size_t i = 0; i < s.pieces.size(); ++i)
                                 all.push_back(s.pieces[i]);
                               return all;
                             })
      .def_readonly("name", &session::torrent_status::name)
      .def_readonly("info_hash", &session::torrent_status::info_hash)
      .def_readonly("paused", &session::torrent_status::paused)
      .def_readonly("error", &session::torrent_status::error)
      .def_readonly("has_metadata", &session::torrent_status::has_metadata)
      .def_readonly("is_finished", &session::torrent_status::is_finished)
      .def_readonly("is_seeding", &session::torrent_status::is_seeding)
      .def_readonly("progress", &session::torrent_status::progress)
      .def_readonly("total_done", &session::torrent_status::total_done)
      .def_readonly("total_wanted", &session::torrent_status::total_wanted)
      .def_readonly("total_wanted_done", &session::torrent_status::total_wanted_done)
      .def_readonly("total_payload_download",
                    &session::torrent_status::total_payload_download)
      .def_readonly("total_payload_upload",
                    &session::torrent_status::total_payload_upload)
      .def_readonly("download_rate", &session::torrent_status::download_rate)
      .def_readonly("upload_rate", &session::torrent_status::upload_rate)
      .def_readonly("num_peers", &session::torrent_status::num_peers)
      .def_readonly("num_seeds", &session::torrent_status::num_seeds)
      .def_readonly("num_pieces", &session::torrent_status::num_pieces)
      .def("__repr__", [](session::torrent_status const& s) {
        return "<torrent_status of " + s.name + ": " +
               std::string(cotorra::session::name(s.state)) + ", " +
               std::to_string(int(s.progress * 100)) + " %>";
      });
}

} // namespace

void bind_session(py::module_& m) {
  bind_status(m);
  bind_params(m);
  bind_handle(m);
  bind_alerts(m);
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
      .def("pop_alerts", &python_session::pop_alerts,
           "What has changed since the last call, as a list of alerts.")
      .def("apply_settings", &python_session::apply, py::arg("settings"),
           "download_rate_limit and upload_rate_limit, from now on.")
      .def("get_settings", &python_session::settings_now)
      .def("listen_port", &python_session::port)
      .def("__repr__", [](python_session const&) { return "<session of cotorra>"; });
  watch_the_end();
}

} // namespace cotorra::python
