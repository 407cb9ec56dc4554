#include "cli/sharing.hpp"
#include "cli/text.hpp"
#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace cotorra::cli {

void add_sharing_options(verb& v, sharing_options& o) {
  v.text("--listen", o.listen,
         "[ADDRESS:]PORT where peers reach us (6881-6889 if absent, IPv4 and IPv6)");
  v.texts("--peer", o.peers,
          "HOST:PORT of a peer to dial, besides those that the trackers "
          "know; may be given again");
  add_dht_options(v, o);
  v.text("--down-limit", o.down_limit,
         "at most this many bytes per second, like 500K or 2M; 0: no limit");
  v.text("--up-limit", o.up_limit,
         "at most this many bytes per second, like 500K or 2M; 0: no limit");
  v.text("--trace", o.trace,
         "write what we and the peers say to each other to this file, one JSON object "
         "a line; what waits to be sent counts as sent");
  option const pcap = v.text(
      "--pcap", o.pcap,
      "write what goes over our connections to peers and trackers to this file, for "
      "Wireshark (pcapng). The TCP in it is rebuilt from the bytes of the connections: "
      "what the system cut, acknowledged or sent again is not there. Passwords and "
      "passkeys are masked, except where a tracker compresses its answer, and a .torrent "
      "that is fetched is left out. Only you can read the file. It is written as the "
      "run goes: a slow disk slows the run down");
  v.text("--pcap-limit", o.pcap_limit,
         "the file of --pcap ends before it is larger than this, like 50M (256M if "
         "absent; 0: no limit). Blocks are in it whole, so it grows as fast as the "
         "torrent moves")
      .needs(pcap);
  v.flag("--check", o.check,
         "hash every piece; otherwise pieces that an earlier run has verified are "
         "believed while their files look untouched");
  v.flag("--local-trackers", o.local_trackers,
         "for labs: ask trackers in our own network at any path; otherwise a "
         ".torrent may name only /announce there, without a query");
  v.text("--ca", o.ca,
         "a file with certificates (PEM) of authorities to believe for trackers over "
         "https, besides those of the system");
  v.flag("--json", o.json, "print facts as JSON, one object a line");
}

session::settings settings_from(sharing_options const& o) {
  session::settings s;
  s.ssrf_mitigation = !o.local_trackers;
  if (!o.ca.empty()) s.trust = std::make_shared<io::trust const>(o.ca);
  if (!o.down_limit.empty()) s.download_rate_limit = parse_rate(o.down_limit);
  if (!o.up_limit.empty()) s.upload_rate_limit = parse_rate(o.up_limit);
  if (o.listen.empty()) return s;
  bool const port_alone = o.listen.find(':') == o.listen.npos;
  s.listen_interfaces = {parse_endpoint(o.listen, ip_address::v4(0))};
  if (port_alone)
    s.listen_interfaces.push_back(
        {ip_address::from(buffer(16)), s.listen_interfaces[0].port});
  return s;
}

std::vector<host_and_port> peers_from(sharing_options const& o) {
  std::vector<host_and_port> all;
  for (auto const& text : o.peers) all.push_back(parse_host(text));
  return all;
}

std::string how_sure(session::torrent_status const& s) {
  std::size_t const believed = std::min(s.num_pieces_believed, s.num_pieces);
  if (s.num_pieces == 0) return "no piece was needed";
  if (believed == 0) return "every piece verified";
  std::string const why = "believed from an earlier run (--check hashes them)";
  std::size_t const verified = s.num_pieces - believed;
  if (verified == 0) return fmt::format("{} {}", count_of(believed, "piece"), why);
  return fmt::format("{} verified, {} {}", count_of(verified, "piece"), believed, why);
}

std::vector<party> parties(session::torrent_handle const& torrent) {
  std::map<std::pair<endpoint, peer_id>, party> known;
  auto add = [&](session::peer_info const& p) {
    party& one = known[{p.ip, p.pid}];
    one.at = p.ip;
    one.client = p.client;
    one.gave += p.total_download;
    one.took += p.total_upload;
    one.left_because = p.ended_because;
  };
  for (auto const& p : torrent.past_peers()) add(p);
  for (auto const& p : torrent.get_peer_info()) add(p);
  std::vector<party> all;
  for (auto& [who, p] : known) all.push_back(std::move(p));
  std::stable_sort(all.begin(), all.end(), [](party const& a, party const& b) {
    return a.gave + a.took > b.gave + b.took;
  });
  return all;
}

json parties_json(std::vector<party> const& all) {
  json list = json::array();
  for (party const& p : all)
    list.push_back({{"ip", p.at.text()},
                    {"client", p.client},
                    {"downloaded", p.gave},
                    {"uploaded", p.took},
                    {"left_because", p.left_because}});
  return list;
}

void say_parties(std::vector<party> const& all) {
  for (party const& p : all) {
    if (p.gave == 0 && p.took == 0) continue;
    std::string text = fmt::format("  {:<22}  {:<20}", p.at.text(), sanitise(p.client));
    if (p.gave) text += fmt::format("  gave us {}", human_size(p.gave));
    if (p.took) text += fmt::format("  took {}", human_size(p.took));
    say(text);
  }
}

} // namespace cotorra::cli
