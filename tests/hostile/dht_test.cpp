// Nodes of the DHT that lie, flood, and surround: what an honest node does about it.
#include "09-dht/dht_world.hpp"

using namespace cotorra;
using namespace cotorra::dht;
using test::dht_world;

namespace {

info_hash const torrent = info_hash::from(as_bytes("\x5a\x11\x93\x20 a torrent of many"));

endpoint evil_place(unsigned n) { return {ip_address::v4(0x2e000000 + n * 0x301), 6881}; }

// A socket of a stranger, and what it does with each datagram that comes.
class stranger {
public:
  using reaction = std::function<std::vector<buffer>(message const&, endpoint const&)>;

  stranger(dht_world& w, endpoint there, reaction does = {})
      : at(there),
        socket(w.host_at(there.address).doors().network.open_datagram_socket(at)),
        world_(w), does_(std::move(does)) {
    w.sim.spawn(serve(), "a stranger");
  }
  ~stranger() {
    socket->close();
    world_.sim.run_for(1ms); // it notices
  }

  void says(endpoint to, bytes datagram) {
    world_.sim.run(socket->send_to(to, datagram));
    sent += datagram.size();
  }
  void says(endpoint to, message const& m) {
    buffer const datagram = encode(m);
    says(to, datagram);
  }

  endpoint const at;
  std::unique_ptr<io::datagram_socket> const socket;
  std::vector<message> heard;
  std::uint64_t sent = 0, received = 0; // bytes

private:
  task<> serve() {
    buffer in(65536);
    for (;;) {
      io::datagram d;
      bool closed = false;
      try {
        d = co_await socket->receive_from(in);
      } catch (std::system_error const&) {
        closed = true;
      }
      if (closed) co_return;
      received += d.size;
      auto const m = decode(bytes(in).first(d.size));
      if (!m) continue;
      if (heard.size() < 10'000) heard.push_back(*m);
      if (!does_) continue;
      auto const answers = does_(*m, d.from);
      for (buffer const& one : answers) co_await socket->send_to(d.from, one);
    }
  }

  dht_world& world_;
  reaction does_;
};

message query_of(query::method what, node_id const& self, node_id const& target = {}) {
  query q;
  q.what = what;
  q.id = self;
  q.target = target;
  return {buffer(2, std::byte{7}), q};
}
message answer_to(message const& m, node_id const& self,
                  std::vector<contact> nodes = {}) {
  answer a;
  a.id = self;
  a.nodes = std::move(nodes);
  a.token = buffer(4, std::byte{1});
  return {m.transaction, a};
}
bool asks(message const& m) { return std::holds_alternative<query>(m.body); }

// Thirty honest nodes; the peer 1.2.3.4:51413 of the torrent is announced by the fifth.
struct scene {
  scene() {
    world.add_many(30, 200ms);
    world.sim.run_for(20s);
  }
  dht_world::member& honest(unsigned n) { return *world.members[n]; }
  // How often the peer is found in ten lookups of honest nodes.
  unsigned finds() {
    unsigned found = 0;
    for (unsigned i = 0; i < 10; ++i) {
      std::vector<endpoint> peers;
      result = world.find_peers(honest(10 + i), torrent, peers);
      found += std::ranges::count(peers, sharer()) != 0;
      slowest = std::max(slowest, result.asked);
    }
    return found;
  }
  void announce() {
    std::vector<endpoint> none;
    world.find_peers(honest(5), torrent, none, 51413);
  }
  endpoint sharer() { return {honest(5).at.address, 51413}; }
  std::size_t known_of(endpoint const& at) {
    std::size_t n = 0;
    for (auto const& m : world.members)
      for (contact const& c : m->v4().table().all()) n += c.at == at;
    return n;
  }

  dht_world world;
  search_result result;
  std::size_t slowest = 0;
};

} // namespace

TEST_CASE("nodes that are invented cost a lookup a bounded number of questions, and no "
          "victim is flooded") {
  scene s;
  random_source random(1);
  stranger victim(s.world, evil_place(1));
  unsigned invented = 100;
  stranger liar(s.world, evil_place(2), [&](message const& m, endpoint const&) {
    std::vector<contact> nodes;
    for (int i = 0; i < 30; ++i)
      nodes.push_back(
          {random_id_sharing(id_of(torrent), 100, random), evil_place(++invented)});
    nodes.push_back({id_of(torrent), victim.at});
    auto const a = answer_to(m, random_id_sharing(id_of(torrent), 30, random), nodes);
    return asks(m) ? std::vector<buffer>{encode(a)} : std::vector<buffer>{};
  });
  for (auto const& m : s.world.members) m->node->add_node(liar.at);
  s.world.sim.run_for(10s);
  s.announce();
  CHECK(s.finds() == 10);
  CHECK(s.slowest < 100);
  std::size_t most_of_one = 11; // lookups, and a ping
  CHECK(victim.heard.size() <= 30 * most_of_one);
}

TEST_CASE("nobody is announced with a token that is invented, old, or of another") {
  scene s;
  auto& honest = s.honest(3);
  stranger a(s.world, evil_place(1)), b(s.world, evil_place(2));
  node_id const self = id_of(info_hash::from(as_bytes("abcdefghij0123456789")));
  a.says(honest.at, query_of(query::method::get_peers, self, id_of(torrent)));
  s.world.sim.run_for(1s);
  REQUIRE_FALSE(a.heard.empty());
  auto const given = std::ranges::find_if(
      a.heard, [](message const& m) { return std::holds_alternative<answer>(m.body); });
  REQUIRE(given != a.heard.end());
  buffer const token = std::get<answer>(given->body).token;
  REQUIRE_FALSE(token.empty());
  auto announce = query_of(query::method::announce_peer, self, id_of(torrent));
  auto& q = std::get<query>(announce.body);
  q.port = 6881;
  auto const stored = [&] { return honest.node->answers().store().peers(); };
  SECTION("invented") {
    q.token = buffer(8, std::byte{1});
    a.says(honest.at, announce);
  }
  SECTION("of another address") {
    q.token = token;
    b.says(honest.at, announce);
  }
  SECTION("of another torrent") {
    q.token = token;
    q.target.value[0] ^= std::byte{1};
    a.says(honest.at, announce);
  }
  SECTION("old") {
    s.world.sim.run_for(11min);
    q.token = token;
    a.says(honest.at, announce);
  }
  s.world.sim.run_for(1s);
  CHECK(stored() == 0);
  q.token.clear();
  a.says(honest.at, announce);
  s.world.sim.run_for(1s);
  CHECK(stored() == 0);
}

TEST_CASE(
    "an answer with another's transaction id, or from another address, is dropped") {
  scene s;
  random_source random(1);
  node_id const self = random_id(random);
  std::vector<contact> const lies{{id_of(torrent), evil_place(9)}};
  stranger accomplice(s.world, evil_place(2));
  std::vector<std::pair<endpoint, message>> seen;
  stranger liar(s.world, evil_place(1), [&](message const& m, endpoint const& from) {
    std::vector<buffer> out;
    if (!asks(m)) return out;
    seen.emplace_back(from, answer_to(m, self, lies));
    message other = answer_to(m, self, lies);
    for (int i = 0; i < 50; ++i) {
      random.fill(other.transaction);
      out.push_back(encode(other));
    }
    return out;
  });
  for (auto const& m : s.world.members) m->node->add_node(liar.at);
  s.world.sim.run_for(2s);
  REQUIRE_FALSE(seen.empty());
  for (auto const& [to, m] : seen) accomplice.says(to, m); // the right ids, elsewhere
  s.world.sim.run_for(2s);
  CHECK(s.known_of(liar.at) == 0);
  CHECK(s.known_of(accomplice.at) == 0);
  std::uint64_t unasked = 0;
  for (auto const& m : s.world.members) unasked += m->v4().count().unasked;
  CHECK(unasked >= 51 * seen.size());
  s.announce();
  CHECK(s.finds() == 10);
}

TEST_CASE("a node that answers under ids that are not its own takes no other's place") {
  scene s;
  contact const robbed{s.honest(7).v4().table().own(), s.honest(7).at};
  std::size_t const before = s.known_of(robbed.at);
  stranger thief(s.world, evil_place(1), [&](message const& m, endpoint const&) {
    std::vector<buffer> out;
    if (asks(m)) out.push_back(encode(answer_to(m, robbed.id)));
    return out;
  });
  stranger mirror(s.world, evil_place(2), [&](message const& m, endpoint const&) {
    std::vector<buffer> out; // the asker's own id
    if (asks(m)) out.push_back(encode(answer_to(m, std::get<query>(m.body).id)));
    return out;
  });
  for (auto const& m : s.world.members) {
    m->node->add_node(thief.at);
    m->node->add_node(mirror.at);
  }
  s.world.sim.run_for(10s);
  CHECK(s.known_of(robbed.at) >= before);
  CHECK(s.known_of(mirror.at) == 0);
  for (auto const& m : s.world.members)
    if (m->v4().table().knows(robbed))
      CHECK_FALSE(m->v4().table().knows({robbed.id, thief.at}));
  s.announce();
  CHECK(s.finds() == 10);
}

TEST_CASE("datagrams of 64 KB, and any bytes at all, change nothing") {
  scene s;
  auto& honest = s.honest(3);
  random_source random(1);
  stranger loud(s.world, evil_place(1));
  buffer large(65507, std::byte{'d'});
  loud.says(honest.at, large);
  buffer const question =
      encode(query_of(query::method::get_peers, random_id(random), id_of(torrent)));
  std::copy(question.begin(), question.end(), large.begin()); // and a long rest
  loud.says(honest.at, large);
  for (int i = 0; i < 500; ++i) {
    buffer b = question;
    std::size_t const changes = 1 + random.below(4);
    for (std::size_t c = 0; c < changes; ++c)
      b[random.below(b.size())] = static_cast<std::byte>(random.below(256));
    b.resize(random.below(b.size() + 1));
    if (i % 5 == 0) random.fill(b);
    loud.says(honest.at, b);
    if (i % 50 == 0) s.world.sim.run_for(10s); // the guard hears a hundred in that time
  }
  s.world.sim.run_for(10s);
  CHECK(honest.v4().count().garbage >= 300);
  CHECK(loud.received <= 3 * loud.sent);
  s.announce();
  CHECK(s.finds() == 10);
}

TEST_CASE("no answer is longer than three times the question, with all that follows it") {
  scene s;
  s.announce();
  for (auto const what : {query::method::ping, query::method::find_node,
                          query::method::get_peers, query::method::announce_peer}) {
    random_source random(1);
    for (unsigned n = 1; n <= 20; ++n) {
      stranger forged(s.world, evil_place(100 * static_cast<unsigned>(what) + n));
      auto m = query_of(what, random_id(random), id_of(torrent));
      auto& q = std::get<query>(m.body);
      q.want_v4 = q.want_v6 = n % 2 == 0;
      if (what == query::method::announce_peer) {
        q.port = 1;
        q.token = buffer(1, std::byte{1});
      }
      m.transaction.resize(n % 3);
      forged.says(s.honest(n).at, m);
      s.world.sim.run_for(20s);
      CAPTURE(name(what), n, forged.sent, forged.received);
      CHECK(forged.received <= 3 * forged.sent);
    }
  }
}

TEST_CASE("a flood of get_peers from one address is not answered, and others are") {
  scene s;
  s.announce();
  auto& honest = s.honest(3);
  random_source random(1);
  stranger flood(s.world, evil_place(1));
  for (int i = 0; i < 20'000; ++i) {
    flood.says(honest.at,
               query_of(query::method::get_peers, random_id(random), random_id(random)));
    if (i % 100 == 0) s.world.sim.run_for(100ms);
  }
  s.world.sim.run_for(1s);
  CHECK(flood.heard.size() <= 100 + 10); // in ten seconds, and some pings
  CHECK(flood.received <= 40'000);
  CHECK(honest.node->answers().refused() >= 19'000);
  stranger other(s.world, evil_place(2));
  other.says(honest.at, query_of(query::method::ping, random_id(random)));
  s.world.sim.run_for(1s);
  CHECK_FALSE(other.heard.empty());
  CHECK(s.finds() == 10);
}

TEST_CASE("a flood from a thousand forged addresses leaves a node as small as before") {
  scene s;
  auto& honest = s.honest(3);
  random_source random(1);
  std::uint64_t const asked = honest.v4().count().asked;
  for (unsigned n = 1; n <= 1000; ++n) {
    stranger forged(s.world, evil_place(n)); // is silent when it is asked
    forged.says(honest.at,
                query_of(query::method::get_peers,
                         random_id_sharing(honest.v4().table().own(), n % 150, random),
                         random_id(random)));
  }
  s.world.sim.run_for(1min);
  CHECK(honest.v4().table().size() <= 40);
  CHECK(honest.v4().count().asked - asked < 500); // five a second at the most
  s.announce();
  CHECK(s.finds() == 10);
}

TEST_CASE("a ring of Sybils around a torrent does not hide its peers") {
  scene s;
  random_source random(1);
  std::vector<contact> ring;
  std::vector<std::unique_ptr<stranger>> sybils;
  bool const many_addresses = GENERATE(false, true);
  for (unsigned n = 0; n < 40; ++n) {
    endpoint const at = many_addresses ? evil_place(n)
                                       : endpoint{evil_place(n % 2).address,
                                                  static_cast<std::uint16_t>(7000 + n)};
    ring.push_back({random_id_sharing(id_of(torrent), 40, random), at});
  }
  for (contact const& c : ring)
    sybils.push_back(std::make_unique<stranger>(
        s.world, c.at, [&ring, c](message const& m, endpoint const&) {
          std::vector<buffer> out; // they know each other, no peer and no honest node
          if (asks(m)) out.push_back(encode(answer_to(m, c.id, ring)));
          return out;
        }));
  for (auto const& m : s.world.members)
    for (contact const& c : ring) {
      m->node->add_node(c.at);
      s.world.sim.run_for(20ms);
    }
  s.world.sim.run_for(10s);
  s.announce();
  CHECK(s.finds() == 10);
  CHECK(s.slowest < 100);
}
