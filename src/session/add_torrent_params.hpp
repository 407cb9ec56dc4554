// What a session needs to know of a torrent; the names are libtorrent's.
#pragma once
#include "base/bitfield.hpp"
#include "base/endpoint.hpp"
#include "metainfo/magnet_wire.hpp"
#include "metainfo/metainfo_wire.hpp"
#include "piece/file_map.hpp"
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

namespace cotorra::session {

struct add_torrent_params {
  // Null for a magnet link: then the torrent learns it from its peers (BEP 9), and keeps
  // it in save_path for the next start.
  std::shared_ptr<metainfo::metainfo const> ti;
  cotorra::info_hash info_hash{}; // of a magnet link; not looked at when there is a ti
  std::string name;               // the same: "dn", to be shown until more is known
  std::vector<std::string> url_seeds; // the same: "ws"
  // The same: "so" (BEP 53), the files that are wanted; empty: all.
  std::vector<metainfo::magnet::file_range> select_only;
  std::filesystem::path save_path = ".";

  std::vector<piece::storage_file> files; // where they are, if not under their own names
  std::vector<bool> wanted_files;         // one for each file of ti; empty: all
  std::vector<endpoint> peers; // to dial at once, besides what the trackers know
  // URLs, of a magnet link, say: each is a tier after those of ti, unless ti has it.
  std::vector<std::string> trackers;
  // URLs that the user typed, tiers after all others. Only these may lead into our own
  // network, whatever settings::ssrf_mitigation says.
  std::vector<std::string> user_trackers;
  bool sequential_download = false;
  bool paused = false;
  bool check_files = false; // hash all that is there, whatever a resume state says
  bool part_names = false;  // files have ".part" after their names until complete
  bool overwrite = false;   // existing files are this torrent's, whatever they hold
  bool upload_mode = false; // share what is there, fetch nothing
  std::optional<bitfield>
      share; // offer these pieces only: a lab's way to make a partial seeder
  // Called when ti has been learned, before anything is done with it. It may change how
  // the torrent goes on: wanted_files, paused and the like. An input_error stops the
  // torrent, and is its error.
  std::function<void(add_torrent_params&)> on_metadata = {};
  // Called when the torrent's state, pause or error has changed; must not throw.
  std::function<void()> on_change = {};
  // Called when a piece does not match its hash, and when blame has found the peer that
  // sent the bad block and is banned for it; must not throw.
  std::function<void(piece_index, std::optional<endpoint> const& banned)> on_bad_piece =
      {};

  std::uint64_t download_limit = 0, upload_limit = 0; // bytes per second, 0 = none

  cotorra::info_hash const& hash() const { return ti ? ti->hash : info_hash; }
};

} // namespace cotorra::session
