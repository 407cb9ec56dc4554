#include "base/error.hpp"
#include "cli/files.hpp"
#include "cli/output.hpp"
#include "cli/runtime.hpp"
#include "cli/text.hpp"
#include "cli/verbs.hpp"
#include "http/url_wire.hpp"
#include "metainfo/magnet_wire.hpp"
#include <algorithm>
#include <optional>

namespace cotorra::cli {
namespace {

// Users pass links on, so the URL must hold none of their secrets. nullopt: without them
// it would be useless.
std::optional<std::string> for_others(std::string const& url, bool is_tracker) {
  if (!http::has_secret(url)) return url;
  try {
    http::url parts = http::parse_url(url);
    std::string const plain = parts.text(); // without user and password
    // a folder of a web seed may well look like a passkey
    if (!is_tracker)
      parts.target.erase(0, std::min(parts.target.find('?'), parts.target.size()));
    bool const as_given = parts.user.empty() && url.find('#') == url.npos;
    if (!http::has_secret(parts.text())) return as_given ? url : plain;
  } catch (input_error const&) { // of a scheme that we do not know
  }
  return std::nullopt;
}

std::vector<std::string> for_others(std::vector<std::string> const& urls,
                                    bool is_tracker) {
  std::vector<std::string> kept;
  for (std::string const& url : urls) {
    auto plain = for_others(url, is_tracker);
    if (!plain)
      warn(sanitise(naming(url, "is left out of the link, since a passkey is part of it "
                                "(--secrets keeps it)")));
    else if (*plain != url)
      warn(sanitise(naming(url, "its user and password are left out of the link "
                                "(--secrets keeps them)")));
    if (plain) kept.push_back(std::move(*plain));
  }
  return kept;
}

metainfo::magnet link_to(metainfo::metainfo const& torrent, bool with_secrets) {
  metainfo::magnet link;
  link.hash = torrent.hash;
  link.name = torrent.name;
  for (auto const& tier : torrent.trackers)
    link.trackers.insert(link.trackers.end(), tier.begin(), tier.end());
  link.web_seeds = torrent.url_list;
  if (with_secrets) return link;
  link.trackers = for_others(link.trackers, true);
  link.web_seeds = for_others(link.web_seeds, false);
  return link;
}

int print_link(std::string const& path, bool as_json, bool with_secrets) {
  metainfo::magnet const link = link_to(read_torrent(path), with_secrets);
  std::string const text = metainfo::encode(link);
  if (as_json)
    say_json({{"magnet", text},
              {"info_hash", link.hash.hex()},
              {"name", link.name},
              {"trackers", link.trackers},
              {"web_seeds", link.web_seeds}});
  else
    say(text);
  return done;
}

} // namespace

void add_magnet(command_line& program) {
  verb v = program.add("magnet", "Print the magnet link of a .torrent");
  auto const path = std::make_shared<std::string>();
  auto const as_json = std::make_shared<bool>(false);
  auto const secrets = std::make_shared<bool>(false);
  v.text("FILE.torrent", *path, "The .torrent; - is the standard input").required();
  v.flag("--secrets", *secrets,
         "Keep user names, passwords and passkeys of trackers and web seeds. Else "
         "the link goes without them, and without a URL that needs its passkey");
  v.flag("--json", *as_json, "Print facts as one JSON object");
  v.footer("Example:\n  cotorra magnet holiday.torrent");
  v.runs([path, as_json, secrets] { return print_link(*path, *as_json, *secrets); });
}

} // namespace cotorra::cli
