#include "session/dht_service.hpp"

namespace cotorra::session {

dht_service::dht_service(io::world const& w, settings const& s)
    : world_(w), settings_(s) {}

void dht_service::open(std::vector<std::unique_ptr<io::listener>> const& listening) {
  if (!settings_.dht.on || node_ || listening.empty()) return;
  std::vector<endpoint> where, anywhere;
  for (auto const& l : listening) {
    where.push_back(l->local());
    anywhere.push_back({l->local().address, 0});
  }
  if (!open_at(std::move(where))) open_at(std::move(anywhere));
}

bool dht_service::open_at(std::vector<endpoint> where) {
  dht::node_options o;
  o.listen = std::move(where);
  o.bootstrap = settings_.dht.entrances;
  o.state = settings_.dht.state;
  o.addresses_shared = settings_.dht.addresses_shared;
  try {
    node_ = std::make_unique<dht::node>(world_, std::move(o));
  } catch (std::system_error const&) {
    return false;
  }
  port_ = node_->families().front()->local().port;
  return true;
}

task<> dht_service::run() {
  if (node_) co_await node_->run();
}

void dht_service::add_node(endpoint const& e) {
  if (node_) node_->add_node(e);
}

void dht_service::add_entrance(endpoint const& e) {
  if (node_) node_->add_entrance(e);
}

buffer dht_service::save() const { return node_ ? node_->save() : buffer(); }

} // namespace cotorra::session
