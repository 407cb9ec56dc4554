#include "cli/dht_find_run.hpp"
#include "cli/arguments.hpp"
#include "cli/output.hpp"
#include "cli/runtime.hpp"
#include "cli/text.hpp"
#include "metainfo/magnet_wire.hpp"
#include <cmath>
#include <fmt/format.h>

namespace cotorra::cli {
namespace {

dht::node_id target_of(std::string const& text) {
  if (text.empty())
    throw usage_error(
        "dht find: what for? Give an info_hash, a magnet link or a node id");
  if (text.starts_with("magnet:")) return dht::id_of(metainfo::decode_magnet(text).hash);
  try {
    return dht::id_of(parse_info_hash(text));
  } catch (usage_error const&) {
    throw usage_error(fmt::format("\"{}\" is no info_hash, node id or magnet link: give "
                                  "40 hex digits, or a link in quotes",
                                  sanitise(text)));
  }
}

double in_ms(duration d) { return std::round(seconds(d) * 1e6) / 1e3; }

std::string news_of(dht::lookup_step const& s) {
  using kind = dht::lookup_step::kind;
  if (s.what == kind::silent) return "no answer";
  if (s.what == kind::refused) return "refuses";
  std::string news = count_of(s.new_nodes, "new node");
  if (s.new_peers != 0) news += ", " + count_of(s.new_peers, "new peer");
  return fmt::format("{:<26} {:6.1f} ms", news, in_ms(s.took));
}

} // namespace

dht_find_run::dht_find_run(io::world w, dht_options const& o)
    : world_(w), options_(o), target_(target_of(o.target)), group_(w.executor) {}

task<int> dht_find_run::run() {
  auto const entrances = co_await entrances_of(world_, options_);
  if (entrances.empty()) explain_silence(0);
  dht::node_options o;
  o.listen = listening_of(world_, options_, 0);
  o.bootstrap = entrances;
  o.read_only = o.visits = true; // no node needs us in its table for these seconds
  o.addresses_shared = options_.lab;
  node_ = open_node(world_, std::move(o));
  tell_begin(entrances);
  group_.spawn(node_->run(), "node");
  group_.spawn(look_up(), "lookup");
  co_await group_.join();
  if (result_.answers == 0) explain_silence(entrances.size());
  tell_end();
  co_return done;
}

task<> dht_find_run::look_up() {
  dht::search_events events;
  events.step = [this](dht::lookup_step const& s) { tell_step(s); };
  events.found = [this](std::span<endpoint const> more) {
    peers_.insert(peers_.end(), more.begin(), more.end());
  };
  time_point const begun = world_.clock.now();
  auto lookup = options_.only_nodes
                    ? node_->find_node(target_, std::move(events))
                    : node_->find_peers(info_hash::from(target_.view()),
                                        std::move(events), options_.announce);
  result_ = co_await std::move(lookup);
  took_ = world_.clock.now() - begun;
  group_.cancel();
}

void dht_find_run::tell_begin(std::vector<endpoint> const& entrances) const {
  if (options_.json) return;
  say(fmt::format("looking for {}, beginning at {}", target_.hex(),
                  entrances.size() == 1 ? entrances.front().text()
                                        : count_of(entrances.size(), "node")));
  say("hop  node                   id        shared bits");
  flush();
}

void dht_find_run::tell_step(dht::lookup_step const& s) const {
  bool const answered = s.what == dht::lookup_step::kind::answered;
  unsigned const bits = s.id ? dht::common_bits(*s.id, target_) : 0;
  if (options_.json) {
    json facts{{"hop", s.hop}, {"node", s.at.text()}, {"answered", answered}};
    if (s.id) facts.update({{"id", s.id->hex()}, {"shared_bits", bits}});
    if (answered)
      facts.update({{"new_nodes", s.new_nodes},
                    {"new_peers", s.new_peers},
                    {"ms", in_ms(s.took)}});
    say_json(facts);
  } else {
    std::string const id = s.id ? s.id->hex().substr(0, 8) : "-";
    std::string const shared = s.id ? std::to_string(bits) : "-";
    say(fmt::format("{:3}  {:<21}  {:<8}  {:>11}  {}", s.hop, s.at.text(), id, shared,
                    news_of(s)));
  }
  flush();
}

void dht_find_run::tell_end() const {
  json nearest = json::array(), peers = json::array();
  for (dht::contact const& c : result_.nearest)
    nearest.push_back({{"id", c.id.hex()},
                       {"node", c.at.text()},
                       {"shared_bits", dht::common_bits(c.id, target_)}});
  for (endpoint const& p : peers_) peers.push_back(p.text());
  if (options_.json)
    return say_json({{"target", target_.hex()},
                     {"asked", result_.asked},
                     {"answers", result_.answers},
                     {"hops", result_.hops},
                     {"announced", result_.announced},
                     {"seconds", seconds(took_)},
                     {"nearest", nearest},
                     {"peers", peers}});
  say(fmt::format("{} asked, {} answered, {} to the nearest, {:.1f} s",
                  count_of(result_.asked, "node"), result_.answers,
                  count_of(result_.hops, "hop"), seconds(took_)));
  if (options_.announce)
    say(fmt::format("announced as a peer at {}", count_of(result_.announced, "node")));
  if (options_.only_nodes) return;
  if (peers_.empty()) return say("no node knows a peer of that torrent");
  say(fmt::format("{}:", count_of(peers_.size(), "peer")));
  for (endpoint const& p : peers_) say("  " + p.text());
}

void dht_find_run::explain_silence(std::size_t entrances) const {
  if (entrances == 0)
    throw input_error("no node of the DHT is known to begin at: name one with --node "
                      "HOST:PORT; \"cotorra dht node\" runs one");
  throw input_error(fmt::format(
      "no answer from {} of the DHT: name one that runs with --node HOST:PORT, or look "
      "whether UDP gets out of this network",
      entrances == 1 ? "the one node" : fmt::format("any of the {} nodes", entrances)));
}

} // namespace cotorra::cli
