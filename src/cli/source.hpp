// Where a torrent comes from: a file, a URL, or a magnet link.
#pragma once
#include "io/tls.hpp"
#include "io/world.hpp"
#include "session/add_torrent_params.hpp"
#include <map>
#include <optional>
#include <string>

namespace cotorra::cli {

// As it may be printed: a URL without its secrets.
std::string shown(std::string const& source);

bool is_url(std::string_view source);
bool is_magnet(std::string_view source);

// The first tracker that we can ask; if there is none, the first of all, whose error then
// says why. Empty: the torrent names no tracker.
std::string first_tracker(metainfo::metainfo const&);

// The path in a file:// URL, which is what a desktop hands over (RFC 8089); any other
// source as it is.
std::string without_file_scheme(std::string source);

using torrent_sources = std::map<info_hash, std::string>;
// Throws input_error when that torrent came from another source already.
void check_new(torrent_sources const&, info_hash const&, std::string const& source);

// Throws usage_error for a malformed URL, or one with a scheme that we cannot fetch;
// input_error for a malformed magnet link.
void check_source(std::string const& source);

// Reads or fetches the .torrent; over https from a server that the authorities vouch for
// (null: those of the system). Throws input_error, one sentence that names the source.
task<metainfo::metainfo> load_torrent(io::world, std::string source,
                                      io::trust const* = nullptr);
// The same, or what a magnet link says: then there is no `ti` yet. The peers that the
// link names are looked up; one without an address is passed over, with a warning.
task<session::add_torrent_params> load_source(io::world, std::string source,
                                              io::trust const* = nullptr);

// Throws input_error when there is no peer, no tracker and no DHT to ask what a magnet
// link means.
void check_can_learn(session::add_torrent_params const&, bool has_dht);

} // namespace cotorra::cli
