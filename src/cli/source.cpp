#include "cli/source.hpp"
#include "base/hex.hpp"
#include "cli/arguments.hpp"
#include "cli/files.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include "http/get_talk.hpp"
#include "http/url_wire.hpp"
#include "piece/learned_file.hpp"
#include "session/magnet_uri.hpp"
#include "tracker/tiers.hpp"
#include <fmt/format.h>

namespace cotorra::cli {
namespace {

metainfo::metainfo torrent_from(std::string const& url, bytes body) {
  try {
    return metainfo::decode(body);
  } catch (input_error const& e) {
    throw input_error(naming(url, sanitise(e.what())));
  }
}

// Each peer that the link names by a host name.
task<> look_up(io::world w, std::vector<std::string> peers, std::vector<endpoint>& to) {
  for (std::string const& peer : peers) {
    if (endpoint::parse(peer)) continue;
    try {
      host_and_port const there = parse_host(peer);
      std::vector<ip_address> const at = co_await w.network.resolve(there.host);
      for (ip_address const& a : at) to.push_back({a, there.port});
    } catch (input_error const&) {
      warn(fmt::format("x.pe={} in the link is no HOST:PORT", sanitise(peer)));
    } catch (std::system_error const&) {
      warn(fmt::format("x.pe={} in the link: there is no host of that name",
                       sanitise(peer)));
    }
  }
}

} // namespace

bool is_url(std::string_view source) {
  auto const end = source.find("://");
  if (end == source.npos || end == 0) return false;
  constexpr std::string_view letters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-";
  return source.substr(0, end).find_first_not_of(letters) == source.npos;
}

bool is_magnet(std::string_view source) {
  std::string_view const scheme = "magnet:";
  return http::same_word(source.substr(0, scheme.size()), scheme);
}

std::string without_file_scheme(std::string source) {
  std::string_view const scheme = "file://";
  if (!http::same_word(std::string_view(source).substr(0, scheme.size()), scheme))
    return source;
  std::size_t const path = source.find('/', scheme.size());
  std::string const host = source.substr(scheme.size(), path - scheme.size());
  auto const decoded = percent_decode(path == source.npos ? "" : source.substr(path));
  bool const is_here = host.empty() || http::same_word(host, "localhost");
  return is_here && decoded && !decoded->empty() ? *decoded : source;
}

std::string shown(std::string const& source) {
  if (is_magnet(source))
    return "magnet:?xt=urn:btih:" + metainfo::decode_magnet(source).hash.hex();
  return sanitise(is_url(source) ? http::printable(source) : source);
}

void check_new(torrent_sources const& all, info_hash const& hash,
               std::string const& source) {
  auto const known = all.find(hash);
  if (known != all.end())
    throw input_error(
        fmt::format("{}: is the same torrent as {} (info_hash {}): name one of them",
                    shown(source), shown(known->second), hash.hex()));
}

std::string first_tracker(metainfo::metainfo const& torrent) {
  std::string first;
  for (auto const& tier : torrent.trackers)
    for (std::string const& url : tier) {
      if (tracker::is_spoken(url)) return url;
      if (first.empty()) first = url;
    }
  return first;
}

void check_source(std::string const& source) {
  if (is_magnet(source)) metainfo::decode_magnet(source);
  if (is_magnet(source) || !is_url(source)) return;
  std::string_view const scheme = std::string_view(source).substr(0, source.find("://"));
  bool const speaks = http::same_word(scheme, "http") || http::same_word(scheme, "https");
  if (speaks) check_url(source);
  if (!speaks)
    throw usage_error(fmt::format("{}: a .torrent is fetched over http:// or https://",
                                  sanitise(http::printable(source))));
}

task<metainfo::metainfo> load_torrent(io::world w, std::string source,
                                      io::trust const* trust) {
  if (!is_url(source)) co_return read_torrent(source);
  http::get_options options;
  options.body_limit = metainfo::limits{}.bytes;
  options.trust = trust;
  options.accept_cut_off = true; // bencode shows by itself where it ends
  http::response const answer = co_await http::get(w.network, w.clock, source, options);
  if (answer.status != 200)
    throw input_error(fmt::format("{}: the server answers with HTTP status {}",
                                  sanitise(http::printable(source)), answer.status));
  co_return torrent_from(source, answer.body);
}

// An earlier run may have learned what the link means.
void check_can_learn(session::add_torrent_params const& p, bool has_dht) {
  std::error_code error;
  bool const has_sources =
      !p.trackers.empty() || !p.user_trackers.empty() || !p.peers.empty();
  if (has_dht || has_sources ||
      std::filesystem::exists(piece::learned_path(p.save_path, p.hash()), error))
    return;
  throw input_error(
      "the magnet link names neither a tracker (tr=) nor a peer (x.pe=): add --tracker "
      "or --peer, let it use the DHT, or get the .torrent");
}

task<session::add_torrent_params> load_source(io::world w, std::string source,
                                              io::trust const* trust) {
  session::add_torrent_params p;
  if (is_magnet(source)) {
    metainfo::magnet const link = metainfo::decode_magnet(source);
    p = session::params_of(link);
    co_await look_up(w, link.peers, p.peers);
  } else {
    metainfo::metainfo info = co_await load_torrent(w, std::move(source), trust);
    p.ti = std::make_shared<metainfo::metainfo const>(std::move(info));
  }
  co_return p;
}

} // namespace cotorra::cli
