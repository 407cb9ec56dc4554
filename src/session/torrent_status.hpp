// A torrent at one moment; the names are libtorrent's.
#pragma once
#include "base/bitfield.hpp"
#include "base/endpoint.hpp"
#include "base/error.hpp"
#include "base/identifiers.hpp"
#include "tracker/tiers.hpp"
#include <filesystem>
#include <optional>

namespace cotorra::session {

struct torrent_status {
  enum class state_t {
    downloading_metadata,
    checking_files,
    downloading,
    finished,
    seeding
  };

  std::string name;
  cotorra::info_hash info_hash;
  std::filesystem::path save_path;
  state_t state = state_t::checking_files;
  bool paused = false;
  std::string error; // why it paused by itself: one sentence, empty when all is well
  // Without it: progress, total_wanted and total_wanted_done are those of the metadata,
  // and all 0 while no peer is known that gives it.
  bool has_metadata = true;
  bool is_finished = false; // all wanted files are complete
  bool is_seeding = false;  // all files are complete

  double progress = 0; // 0..1; of the check while checking, of what is wanted afterwards
  std::uint64_t total_done = 0;   // verified bytes that are here
  std::uint64_t total_wanted = 0; // bytes of the wanted files
  std::uint64_t total_wanted_done = 0;
  std::uint64_t total_payload_download = 0; // since the session began
  std::uint64_t total_payload_upload = 0;
  std::uint64_t total_failed_bytes = 0;    // in pieces that did not match their hash
  std::uint64_t total_redundant_bytes = 0; // blocks that came twice
  double download_rate = 0;                // payload bytes per second
  double upload_rate = 0;
  std::optional<double> eta; // seconds left, if that is known

  std::size_t num_peers = 0; // connected now
  std::size_t num_seeds = 0; // of these, the complete ones
  std::size_t num_pieces = 0;
  // At the start: believed, since a resume state knew them; and hashed, right or not.
  std::size_t num_pieces_believed = 0, num_pieces_checked = 0;
  bitfield pieces;
  std::vector<tracker::tracker_status> trackers;
  // Nodes of the DHT that answer us; nothing: this torrent does not use the DHT.
  std::optional<std::size_t> dht_nodes;
};

std::string_view name(torrent_status::state_t);

// A peer: as it is, or as it was when it left.
struct peer_info {
  endpoint ip;
  std::string client;
  peer_id pid;
  bool we_dialled = false;
  bool seed = false;
  bool am_interested = false, am_choking = true, peer_interested = false,
       peer_choking = true;
  bool snubbed = false;
  double down_speed = 0, up_speed = 0;
  std::uint64_t total_download = 0, total_upload = 0; // payload bytes
  std::size_t send_buffer_size = 0;                   // bytes that wait to be sent
  std::size_t download_queue_length = 0;
  std::optional<errc> ended; // the one recorded reason; nullopt while it is connected
  std::string ended_because;
};

} // namespace cotorra::session
