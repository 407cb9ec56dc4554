// A tracker over HTTP (BEP 3): GET /announce, GET /scrape (BEP 48), and a plain page at /
// for people.
#pragma once
#include "http/server_talk.hpp"
#include "io/world.hpp"
#include "tracker_server/swarms.hpp"
#include <memory>

namespace cotorra::tracker_server {

struct options {
  endpoint listen;              // port 0: any free one, see server::local()
  std::vector<endpoint> also{}; // further places; port 0: the port of `listen`
  swarm_limits limits{};
  http::server_options http{};
};

struct counters {
  std::uint64_t announces = 0; // answered with peers
  std::uint64_t refused = 0;   // answered with a failure reason
  std::uint64_t scrapes = 0;   // answered with numbers
};

class server {
public:
  // Listens at once; throws std::system_error when it cannot. [::] means every address of
  // both families, so 0.0.0.0 is opened with it, where the machine has both.
  server(io::world, options);

  io::task<> run(); // until its group is cancelled
  endpoint local() const { return doors_.front()->local(); }
  std::vector<endpoint> all_local() const; // each place, local() first
  std::string announce_url(std::string const& host) const;
  static std::string announce_url(std::string const& host, std::uint16_t port);

  counters const& count() const { return counters_; }
  tracker_server::swarms const& swarms() const { return swarms_; }

private:
  http::response answer(http::request_head const&, endpoint from);
  http::response announce(std::string_view query, endpoint from);
  http::response scrape(std::string_view query);
  std::string page() const;
  io::task<> forget_silent_peers();

  io::clock& clock_;
  io::executor executor_;
  http::server_options const http_;
  tracker_server::swarms swarms_;
  counters counters_;
  std::vector<std::unique_ptr<io::listener>> doors_; // at least one
};

} // namespace cotorra::tracker_server
