#include "dht/answer_size.hpp"
#include <algorithm>

namespace cotorra::dht {
namespace {

// While there are more than these, peers go first, then nodes: a lookup needs both.
constexpr std::size_t few_peers = 8, few_nodes = 4;

std::size_t size(endpoint const& e) { return e.address.view().size() + 2; }

std::size_t drop_peer(answer& a) {
  std::size_t const compact = size(a.peers.back());
  std::size_t const saved = compact + (compact < 10 ? 2 : 3); // 6:axje.u
  a.peers.pop_back();
  return saved;
}

std::size_t drop_node(answer& a) {
  auto const of_v6 = [](contact const& c) { return c.at.address.is_v6; };
  auto const v6 = static_cast<std::size_t>(std::ranges::count_if(a.nodes, of_v6));
  bool const drop_v6 = v6 != 0 && 2 * v6 >= a.nodes.size();
  auto const last = std::find_if(a.nodes.rbegin(), a.nodes.rend(),
                                 [&](contact const& c) { return of_v6(c) == drop_v6; });
  std::size_t const saved = node_id::size + size(last->at);
  a.nodes.erase(std::next(last).base());
  return saved;
}

// Returns how many bytes shorter the message is now, at least; 0: nothing can go.
std::size_t shorten(answer& a) {
  if (a.peers.size() > few_peers) return drop_peer(a);
  if (a.nodes.size() > few_nodes) return drop_node(a);
  if (!a.peers.empty()) return drop_peer(a);
  if (!a.nodes.empty()) return drop_node(a);
  if (!a.your_address) return 0;
  std::size_t const saved = size(*a.your_address);
  a.your_address.reset();
  return saved;
}

std::size_t shorten(error& e) {
  std::size_t const saved = e.text.size();
  e.text.clear();
  return saved;
}

std::size_t shorten(query&) { return 0; }

// By as many bytes, if there is enough that can go.
std::size_t shorten_by(std::size_t excess, message& m) {
  std::size_t saved = 0, more = 1;
  for (; saved < excess && more != 0; saved += more)
    more = std::visit([](auto& body) { return shorten(body); }, m.body);
  return saved;
}

} // namespace

std::size_t longest_answer(std::size_t question, bool proven) {
  return proven ? longest_datagram : std::min(3 * question, longest_datagram);
}

std::optional<buffer> encode_within(std::size_t most, message m) {
  buffer out = encode(m);
  while (out.size() > most) {
    std::size_t const saved = shorten_by(out.size() - most, m);
    if (saved == 0) return std::nullopt;
    out = encode(m);
  }
  return out;
}

} // namespace cotorra::dht
