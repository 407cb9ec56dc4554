#include "dht/answering.hpp"
#include "dht/answer_size.hpp"

namespace cotorra::dht {

using method = query::method;

namespace {
constexpr duration between_expiries = 1min;
}

answering::answering(random_source& random, keyed_hash::key const& secret,
                     store_limits store, flood_limits flood)
    : random_(random), tokens_(secret), store_(store), guard_(flood) {}

std::optional<buffer> answering::reply(message const& question, std::size_t size,
                                       endpoint const& from, time_point now) {
  std::optional<buffer> out;
  if (guard_.hears(from.address, now)) {
    query const& q = std::get<query>(question.body);
    bool const proven = table_of(from).knows({q.id, from});
    message m{question.transaction, body_for(q, from, now)};
    out = encode_within(longest_answer(size, proven), std::move(m));
  }
  if (!out) ++refused_;
  return out;
}

answering::body answering::body_for(query const& q, endpoint const& from,
                                    time_point now) {
  if (q.what == method::other) return error{error::unknown_method, "Method Unknown"};
  if (!q.missing.empty())
    return error{error::protocol, std::string(q.missing) + " is missing or wrong"};
  if (q.what == method::announce_peer) return announced(q, from, now);
  answer a = blank(from);
  if (q.what == method::ping) return a;
  add_nodes(a, q, from, now);
  if (q.what == method::get_peers) {
    add_peers(a, q, from, now);
    a.token = tokens_.give(from.address, q.target, now);
  }
  return a;
}

answering::body answering::announced(query const& q, endpoint const& from,
                                     time_point now) {
  if (!tokens_.accepts(q.token, from.address, q.target, now))
    return error{error::protocol, "the token is wrong, or old"};
  std::uint16_t const port = q.implied_port ? from.port : q.port;
  if (!store_.announce(q.target, {from.address, port}, now))
    return error{error::server, "too many peers of this address"};
  return blank(from);
}

answer answering::blank(endpoint const& from) const {
  answer a;
  a.id = table_of(from).own();
  a.your_address = from;
  return a;
}

void answering::add_nodes(answer& a, query const& q, endpoint const& from,
                          time_point now) const {
  bool const v6 = from.address.is_v6, says = q.want_v4 || q.want_v6;
  auto const add = [&](routing_table const* table, bool wanted) {
    if (!table || !wanted) return;
    auto const found =
        table->closest(q.target, routing_table::k, routing_table::quality::good, now);
    a.nodes.insert(a.nodes.end(), found.begin(), found.end());
  };
  add(v4_, says ? q.want_v4 : !v6);
  add(v6_, says ? q.want_v6 : v6);
}

void answering::add_peers(answer& a, query const& q, endpoint const& from,
                          time_point now) const {
  ip_family const family = from.address.is_v6 ? ip_family::v6 : ip_family::v4;
  a.peers = store_.choose(q.target, family, most_peers, random_, now);
}

std::vector<endpoint> answering::peers_of(node_id const& hash, ip_family family,
                                          time_point now) const {
  return store_.choose(hash, family, most_peers, random_, now);
}

void answering::expire(time_point now) {
  if (now < next_expiry_) return;
  next_expiry_ = now + between_expiries;
  store_.expire(now);
  guard_.expire(now);
}

} // namespace cotorra::dht
