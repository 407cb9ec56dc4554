// A network that remembers why peers of the user's could not be reached. It stands in
// front of the real one.
#pragma once
#include "io/network.hpp"
#include <map>
#include <set>

namespace cotorra::cli {

class dial_notes : public io::network {
public:
  explicit dial_notes(io::network& inner) : inner_(inner) {}

  void watch(std::vector<endpoint> const& peers) {
    watched_.insert(peers.begin(), peers.end());
  }
  // In a few words, for each that failed at the last try.
  std::map<endpoint, std::string> const& failures() const { return failures_; }

  task<std::unique_ptr<io::stream>> connect(endpoint to) override;
  std::unique_ptr<io::listener> listen(endpoint at) override { return inner_.listen(at); }
  std::unique_ptr<io::datagram_socket> open_datagram_socket(endpoint at) override {
    return inner_.open_datagram_socket(at);
  }
  task<std::vector<ip_address>> resolve(std::string host) override {
    return inner_.resolve(std::move(host));
  }

private:
  io::network& inner_;
  std::set<endpoint> watched_;
  std::map<endpoint, std::string> failures_;
};

} // namespace cotorra::cli
