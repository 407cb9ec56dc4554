#include "tracker_server/http_face_talk.hpp"
#include "base/error.hpp"
#include "io/task_group.hpp"
#include "tracker/scrape_wire.hpp"
#include <algorithm>
#include <fmt/format.h>

namespace cotorra::tracker_server {

namespace {

bool is_everywhere(endpoint const& e, ip_family f) {
  return e.address.is_unspecified() && e.address.is_of(f);
}

http::response bencoded(buffer body) {
  http::response out;
  out.fields.add("Content-Type", "text/plain");
  out.body = std::move(body);
  return out;
}

tracker::swarm_counts counts_of(swarm_stats const& s) {
  auto const count = [](std::uint64_t n) {
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(n, 0xffff'ffff));
  };
  return {count(s.seeders), count(s.leechers), count(s.completed)};
}

} // namespace

server::server(io::world w, options o)
    : clock_(w.clock), executor_(w.executor), http_(o.http), swarms_(o.limits, w.random) {
  doors_.push_back(w.network.listen(o.listen));
  bool everywhere_v4 = is_everywhere(o.listen, ip_family::v4);
  std::optional<endpoint> everywhere_v6;
  if (is_everywhere(local(), ip_family::v6)) everywhere_v6 = local();
  for (endpoint at : o.also) {
    if (at.port == 0) at.port = local().port;
    doors_.push_back(w.network.listen(at));
    everywhere_v4 = everywhere_v4 || is_everywhere(at, ip_family::v4);
    if (is_everywhere(at, ip_family::v6)) everywhere_v6 = at;
  }
  if (!everywhere_v6 || everywhere_v4) return;
  try {
    endpoint const both{ip_address::v4(0), everywhere_v6->port};
    doors_.push_back(w.network.listen(both));
  } catch (std::system_error const&) { // no IPv4 here, or another program has that port
  }
}

std::vector<endpoint> server::all_local() const {
  std::vector<endpoint> all;
  for (auto const& door : doors_) all.push_back(door->local());
  return all;
}

io::task<> server::run() {
  io::task_group group(executor_);
  http::handler answerer = [this](http::request_head const& head, endpoint from) {
    return answer(head, from);
  };
  for (auto const& door : doors_)
    group.spawn(http::serve(*door, clock_, answerer, http_), "http");
  group.spawn(forget_silent_peers(), "expiry");
  co_await group.join();
}

std::string server::announce_url(std::string const& host) const {
  return announce_url(host, local().port);
}

std::string server::announce_url(std::string const& host, std::uint16_t port) {
  std::string const name = host.find(':') == host.npos ? host : "[" + host + "]";
  return fmt::format("http://{}:{}/announce", name, port);
}

http::response server::answer(http::request_head const& head, endpoint from) {
  if (head.path() == "/announce") return announce(head.query(), from);
  if (head.path() == "/scrape") return scrape(head.query());
  if (head.path() != "/") return http::plain_answer(404, "There is no such page here.\n");
  return http::plain_answer(200, page());
}

// A tracker's answer always has status 200, even a refusal (BEP 3).
http::response server::announce(std::string_view query, endpoint from) {
  tracker::announce_answer answer;
  bool compact = true, no_peer_id = true;
  try {
    tracker::announce_request const request = tracker::decode_query(query);
    compact = request.compact;
    no_peer_id = request.no_peer_id;
    answer = swarms_.announce(request, from.address, clock_.now());
  } catch (protocol_error const& e) {
    answer.failure_reason = e.what();
  }
  ++(answer.failure_reason ? counters_.refused : counters_.announces);
  return bencoded(tracker::encode(answer, compact, no_peer_id));
}

// A torrent that no peer has announced has three zeros. All torrents at once would be
// many bytes for a short question, and would tell what every peer here shares.
http::response server::scrape(std::string_view query) {
  tracker::scrape_answer answer;
  try {
    auto const hashes = tracker::decode_scrape_query(query);
    if (hashes.empty()) answer.failure_reason = "a scrape needs an info_hash here";
    for (info_hash const& hash : hashes) {
      swarm_stats const s = swarms_.stats(hash).value_or(swarm_stats{hash});
      answer.files.emplace_back(hash, counts_of(s));
    }
  } catch (protocol_error const& e) {
    answer.failure_reason = e.what();
  }
  ++(answer.failure_reason ? counters_.refused : counters_.scrapes);
  return bencoded(tracker::encode(answer));
}

std::string server::page() const {
  return fmt::format("This is a BitTorrent tracker (cotorra).\n\n"
                     "torrents   {}\npeers      {}\nannounces  {}\nrefused    {}\n",
                     swarms_.size(), swarms_.peers(), counters_.announces,
                     counters_.refused);
}

io::task<> server::forget_silent_peers() {
  for (;;) {
    co_await clock_.sleep_for(1min);
    swarms_.expire(clock_.now());
  }
}

} // namespace cotorra::tracker_server
