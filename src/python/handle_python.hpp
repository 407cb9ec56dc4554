// A torrent as Python holds it.
#pragma once
#include "python/running_engines.hpp"
#include "python/session_parts.hpp"

namespace cotorra::python {

struct python_handle {
  shared_engine engine;
  session::torrent_handle torrent;
  info_hash hash;
  shared_metainfo ti;

  template <class Ask> auto tell(Ask what) const {
    return ask(*engine, [&](session::session&) {
      if (!torrent.is_valid())
        throw input_error("this torrent is not in the session any more");
      return what(torrent);
    });
  }
  bool is_valid() const {
    try {
      return ask(*engine, [&](session::session&) { return torrent.is_valid(); });
    } catch (input_error const&) {
      return false; // the session has ended
    }
  }
  bool operator==(python_handle const& o) const {
    return engine == o.engine && hash == o.hash;
  }
};

// libtorrent's numbers: programs use them as indices.
enum class state { checking_files = 1, downloading = 3, finished = 4, seeding = 5 };
state state_of(session::torrent_status const&);

void bind_handle(py::module_&);

} // namespace cotorra::python
