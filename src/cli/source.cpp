#include "cli/source.hpp"
#include "base/hex.hpp"
#include "cli/arguments.hpp"
#include "cli/files.hpp"
#include "cli/text.hpp"
#include "http/get_talk.hpp"
#include "http/url_wire.hpp"
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

} // namespace

bool is_url(std::string_view source) {
  auto const end = source.find("://");
  if (end == source.npos || end == 0) return false;
  constexpr std::string_view letters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-";
  return source.substr(0, end).find_first_not_of(letters) == source.npos;
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

void check_source(std::string const& source) {
  if (!is_url(source)) return;
  std::string_view const scheme = std::string_view(source).substr(0, source.find("://"));
  bool const speaks = http::same_word(scheme, "http") || http::same_word(scheme, "https");
  if (speaks) check_url(source);
  if (!speaks)
    throw usage_error(fmt::format("{}: a .torrent is fetched over http://",
                                  sanitise(http::printable(source))));
}

task<metainfo::metainfo> load_torrent(io::world w, std::string source) {
  if (source.starts_with("magnet:"))
    throw input_error(
        "magnet links are not understood yet; give the .torrent file or its http:// URL");
  if (!is_url(source)) co_return read_torrent(source);
  http::get_options options;
  options.body_limit = metainfo::limits{}.bytes;
  options.accept_cut_off = true; // bencode shows by itself where it ends
  http::response const answer = co_await http::get(w.network, w.clock, source, options);
  if (answer.status != 200)
    throw input_error(fmt::format("{}: the server answers with HTTP status {}",
                                  sanitise(http::printable(source)), answer.status));
  co_return torrent_from(source, answer.body);
}

} // namespace cotorra::cli
