// A UDP tracker for tests, in the simulated world: answers as it is told, and remembers
// what it was asked.
#pragma once
#include "io/world.hpp"
#include "tracker/udp_wire.hpp"
#include <functional>
#include <string>

namespace cotorra::test {

class udp_tracker {
public:
  struct question {
    time_point at;
    endpoint from;
    tracker::udp_request what;
    std::size_t size;
  };
  // What it sends for a question; empty: nothing.
  using answers = std::function<std::vector<buffer>(question const&)>;

  udp_tracker(io::world w, endpoint at)
      : clock_(w.clock), socket_(w.network.open_datagram_socket(at)),
        family_(at.address.is_v6 ? ip_family::v6 : ip_family::v4) {}

  io::task<> run() {
    buffer into(4096);
    for (;;) {
      io::datagram const came = co_await socket_->receive_from(into);
      bytes const packet = bytes(into).first(came.size);
      auto what = tracker::decode_udp_request(packet);
      if (!what) continue;
      asked.push_back({clock_.now(), came.from, std::move(*what), came.size});
      std::vector<buffer> const all = says ? says(asked.back()) : usual(asked.back());
      for (buffer const& one : all) co_await socket_->send_to(came.from, one);
    }
  }

  // What a good tracker says.
  std::vector<buffer> usual(question const& q) {
    using namespace tracker;
    std::vector<buffer> all;
    if (auto const* c = std::get_if<udp_connect>(&q.what)) {
      all.push_back(packet(udp_connected{c->transaction, ++last_id}));
    } else if (auto const* a = std::get_if<udp_announce>(&q.what)) {
      all.push_back(packet(udp_announced{a->transaction, answer}));
    } else if (auto const* s = std::get_if<udp_scrape>(&q.what)) {
      udp_scraped counts{s->transaction, {}};
      counts.swarms.assign(s->hashes.size(), swarm);
      all.push_back(packet(counts));
    }
    return all;
  }
  buffer packet(tracker::udp_answer const& a) const { return encode(a, family_); }

  // "connect 0, announce 15": which questions came, and after how many seconds.
  std::string heard(std::optional<time_point> since = {}) const {
    time_point const start = since.value_or(begun_);
    std::string out;
    for (question const& q : asked) {
      auto const ms =
          std::chrono::duration_cast<std::chrono::milliseconds>(q.at - start).count();
      out +=
          (out.empty() ? "" : ", ") + name(q) + " " + std::to_string((ms + 500) / 1000);
    }
    return out;
  }
  static std::string name(question const& q) {
    constexpr char const* names[] = {"connect", "announce", "scrape"};
    return names[q.what.index()];
  }
  std::vector<tracker::announce_request> announces() const {
    std::vector<tracker::announce_request> all;
    for (question const& q : asked)
      if (auto const* a = std::get_if<tracker::udp_announce>(&q.what))
        all.push_back(a->what);
    return all;
  }

  answers says{};
  tracker::announce_answer answer{};
  tracker::swarm_counts swarm{1, 2, 3};
  std::uint64_t last_id = 100;
  std::vector<question> asked;

private:
  io::clock& clock_;
  time_point const begun_ = clock_.now();
  std::unique_ptr<io::datagram_socket> socket_;
  ip_family family_;
};

} // namespace cotorra::test
