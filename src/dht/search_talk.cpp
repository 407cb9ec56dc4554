#include "dht/search_talk.hpp"

namespace cotorra::dht {

search::search(host& h, io::executor ex, query what, open_queries::purpose why,
               bool addresses_shared, search_events events)
    : host_(h), query_(std::move(what)), purpose_(why), events_(std::move(events)),
      lookup_(query_.target, addresses_shared), news_(std::move(ex)) {}

task<> search::run() {
  for (;;) {
    co_await ask_next();
    if (lookup_.done()) co_return;
    co_await news_.wait();
  }
}

task<> search::ask_next() {
  auto const questions = lookup_.next(host_.time().now());
  for (lookup::to_ask const& q : questions) {
    query copy = query_;
    bool const sent = co_await host_.ask(q.at, q.id, std::move(copy), purpose_);
    if (sent) continue;
    lookup_.failed(q.at);
    news_.set();
  }
}

void search::answered(open_queries::query const& q, answer const& a) {
  lookup::news const n = lookup_.answered(q.to, a);
  tell({lookup_step::kind::answered, q.to, a.id, n.hop, host_.time().now() - q.sent,
        n.new_nodes, n.new_peers.size()});
  if (events_.found && !n.new_peers.empty()) events_.found(n.new_peers);
  news_.set();
}

void search::failed(open_queries::query const& q, bool refused) {
  unsigned const hop = lookup_.failed(q.to);
  tell({refused ? lookup_step::kind::refused : lookup_step::kind::silent, q.to, q.id, hop,
        host_.time().now() - q.sent});
  news_.set();
}

void search::time_passed() {
  if (lookup_.due() <= host_.time().now()) news_.set();
}

void search::tell(lookup_step const& s) const {
  if (events_.step) events_.step(s);
}

} // namespace cotorra::dht
