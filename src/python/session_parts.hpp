// The parts of the session's face: its settings, what one adds, what a handle tells.
#pragma once
#include "python/bindings.hpp"
#include "session/add_torrent_params.hpp"
#include "session/settings.hpp"
#include "session/torrent_status.hpp"

namespace cotorra::python {

// A dictionary with libtorrent's names; throws key_error and value_error.
session::settings settings_from(py::dict const&);

using address = std::pair<std::string, std::uint16_t>;
endpoint endpoint_from(address const&); // throws value_error

struct python_params {
  shared_metainfo ti;
  std::string save_path = ".", url, name;
  cotorra::info_hash info_hash;
  std::vector<std::string> trackers, url_seeds;
  std::vector<address> peers;

  session::add_torrent_params ours() const; // throws value_error when it lacks a part
};

python_params params_from(py::dict const&);
void bind_params(py::module_&);

py::list trackers_of(session::torrent_status const&); // dictionaries, as libtorrent's
// Verified bytes of each file.
std::vector<std::uint64_t> file_progress(metainfo::metainfo const&, bitfield const& have);

} // namespace cotorra::python
