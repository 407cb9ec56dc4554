// session, add_torrent_params, torrent_handle: libtorrent's names, our engine.
#include "python/running_engines.hpp"
#include <pybind11/operators.h>
#include <set>

namespace cotorra::python {
namespace {

// settings: a dictionary with libtorrent's names

endpoint parse_endpoint(std::string_view text) {
  auto const e = endpoint::parse(text);
  if (!e)
    throw py::value_error("listen_interfaces: \"" + std::string(text) +
                          "\" is not ADDRESS:PORT, as in 0.0.0.0:6881 or [::]:6881");
  return *e;
}

std::vector<endpoint> parse_interfaces(std::string_view text) {
  std::vector<endpoint> all;
  while (!text.empty()) {
    auto const comma = text.find(',');
    all.push_back(parse_endpoint(text.substr(0, comma)));
    text = comma == text.npos ? "" : text.substr(comma + 1);
  }
  return all;
}

void refuse_what_is_not_there(std::string const& key, py::handle value) {
  static std::set<std::string> const known{"enable_dht", "enable_lsd", "enable_upnp",
                                           "enable_natpmp"};
  if (!known.contains(key)) throw py::key_error("there is no setting " + key);
  if (value.cast<bool>())
    throw py::value_error(key + " must be False: this engine does not have it yet");
}

settings settings_from(py::dict const& given) {
  settings s;
  for (auto const& [name, value] : given) {
    std::string const key = py::str(name);
    if (key == "listen_interfaces")
      s.listen_interfaces = parse_interfaces(value.cast<std::string>());
    else if (key == "download_rate_limit")
      s.download_rate_limit = value.cast<std::uint64_t>();
    else if (key == "upload_rate_limit")
      s.upload_rate_limit = value.cast<std::uint64_t>();
    else if (key == "connections_limit")
      s.connections_limit = value.cast<std::size_t>();
    else if (key == "unchoke_slots_limit")
      s.unchoke_slots = value.cast<std::size_t>();
    else
      refuse_what_is_not_there(key, value);
  }
  return s;
}

// what one adds

using address = std::pair<std::string, std::uint16_t>;

endpoint endpoint_from(address const& a) {
  auto const ip = ip_address::parse(a.first);
  if (!ip) throw py::value_error(a.first + " is not an address");
  return {*ip, a.second};
}

struct python_params {
  shared_metainfo ti;
  std::string save_path = ".", url;
  std::vector<address> peers;

  add_torrent_params ours() const {
    if (!url.empty())
      throw py::value_error("magnet links come in a later version of cotorra: take the "
                            ".torrent file and give it as params.ti");
    if (!ti)
      throw py::value_error("there is no torrent in these parameters: set params.ti");
    add_torrent_params p;
    p.ti = ti;
    p.save_path = save_path;
    for (address const& a : peers) p.peers.push_back(endpoint_from(a));
    return p;
  }
};

python_params params_from(py::dict const& given) {
  python_params p;
  for (auto const& [name, value] : given) {
    std::string const key = py::str(name);
    if (key == "ti")
      p.ti = value.cast<shared_metainfo>();
    else if (key == "save_path")
      p.save_path = value.cast<std::string>();
    else if (key == "url")
      p.url = value.cast<std::string>();
    else
      throw py::key_error("add_torrent knows ti, save_path and url, not " + key);
  }
  return p;
}

// what one gets

struct python_handle {
  shared_engine engine;
  torrent_handle torrent;
  info_hash hash;

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
    return {engine, ask(*engine, add), params.ti->hash};
  }
  void remove(python_handle const& h) const {
    ask(*engine, [&](session& s) { s.remove_torrent(h.torrent); });
  }
  std::vector<python_handle> torrents() const {
    return ask(*engine, [&](session& s) {
      std::vector<python_handle> all;
      for (auto const& t : s.get_torrents())
        all.push_back({engine, t, t.status().info_hash});
      return all;
    });
  }
  std::uint16_t port() const {
    return ask(*engine, [](session& s) { return s.listen_port(); });
  }

  shared_engine engine;
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
      .def_readonly("num_pieces", &torrent_status::num_pieces);
}

void bind_params(py::module_& m) {
  py::class_<python_params>(m, "add_torrent_params")
      .def(py::init<>())
      .def_readwrite("ti", &python_params::ti)
      .def_readwrite("save_path", &python_params::save_path)
      .def_readwrite("url", &python_params::url)
      .def_readwrite("peers", &python_params::peers,
                     "(address, port) of peers to dial at once.");
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
      .def("listen_port", &python_session::port);
  watch_the_end();
}

} // namespace cotorra::python
