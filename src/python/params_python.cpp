// The settings of a session, and add_torrent_params.
#include "metainfo/magnet_wire.hpp"
#include "python/session_parts.hpp"
#include <set>

namespace cotorra::python {
namespace {

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
    throw py::value_error(key + " must be False: it cannot be switched on here yet");
}

// A session cannot add it yet: its info comes from peers.
python_params parse_magnet_uri(std::string const& uri) {
  metainfo::magnet const m = metainfo::decode_magnet(uri);
  python_params p;
  p.url = uri;
  p.name = m.name;
  p.info_hash = m.hash;
  p.trackers = m.trackers;
  p.url_seeds = m.web_seeds;
  return p;
}

} // namespace

session::settings settings_from(py::dict const& given) {
  session::settings s;
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
    else if (key == "ssrf_mitigation")
      s.ssrf_mitigation = value.cast<bool>();
    else if (key == "unchoke_slots_limit")
      s.unchoke_slots = value.cast<std::size_t>();
    else
      refuse_what_is_not_there(key, value);
  }
  return s;
}

endpoint endpoint_from(address const& a) {
  auto const ip = ip_address::parse(a.first);
  if (!ip) throw py::value_error(a.first + " is not an address");
  return {*ip, a.second};
}

session::add_torrent_params python_params::ours() const {
  if (!url.empty())
    throw py::value_error("magnet links come in a later version of cotorra: take the "
                          ".torrent file and give it as params.ti");
  if (!ti)
    throw py::value_error("there is no torrent in these parameters: set params.ti");
  session::add_torrent_params p;
  p.ti = ti;
  p.save_path = save_path;
  p.trackers = trackers;
  for (address const& a : peers) p.peers.push_back(endpoint_from(a));
  return p;
}
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

void bind_params(py::module_& m) {
  m.def("parse_magnet_uri", &parse_magnet_uri, py::arg("uri"),
        "What a magnet link says, as add_torrent_params.");
  py::class_<python_params>(m, "add_torrent_params")
      .def(py::init<>())
      .def_readwrite("name", &python_params::name)
      .def_readwrite("info_hash", &python_params::info_hash)
      .def_readwrite("trackers", &python_params::trackers)
      .def_readwrite("url_seeds", &python_params::url_seeds)
      .def("__repr__",
           [](python_params const& p) {
             std::string const what = p.ti ? p.ti->name : p.name;
             return "<add_torrent_params of " + (what.empty() ? "nothing" : what) + ">";
           })
      .def_readwrite("ti", &python_params::ti)
      .def_readwrite("save_path", &python_params::save_path)
      .def_readwrite("url", &python_params::url)
      .def_readwrite("peers", &python_params::peers,
                     "(address, port) of peers to dial at once.");
}

} // namespace cotorra::python
