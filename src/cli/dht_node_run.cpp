#include "cli/dht_node_run.hpp"
#include "cli/files.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include <fmt/format.h>

namespace cotorra::cli {
namespace {

constexpr std::uint16_t usual_port = 6881;
constexpr duration first_look = 5s, between_looks = 1min, between_saves = 5min;

dht::saved_state state_of(std::string const& path) {
  if (path.empty() || !std::filesystem::exists(path)) return {};
  auto const state = dht::decode_state(read_file(path, dht::largest_state));
  if (!state)
    throw input_error(fmt::format("{}: this is no state of a DHT node: name another "
                                  "file, or remove it",
                                  sanitise(path)));
  return *state;
}

std::string family_name(dht::family_node const& f) { return f.is_v6() ? "IPv6" : "IPv4"; }

} // namespace

dht_node_run::dht_node_run(io::world w, dht_options const& o) : world_(w), options_(o) {
  dht::node_options n;
  n.listen = listening_of(w, o, usual_port);
  n.state = state_of(o.state);
  n.addresses_shared = o.lab;
  node_ = open_node(w, std::move(n));
}

std::string dht_node_run::first_line() const {
  std::string lines;
  for (auto const& f : node_->families()) {
    std::string const id = f->table().own().hex(), at = f->local().text();
    lines += lines.empty() ? "" : "\n";
    lines += options_.json ? to_line({{"node", at}, {"id", id}})
                           : fmt::format("node: {} with id {}", at, id);
  }
  return lines;
}

task<> dht_node_run::run() {
  io::task_group group(world_.executor);
  group.spawn(node_->run(), "node");
  group.spawn(enter(), "entrances");
  group.spawn(show_now_and_then(), "table");
  group.spawn(save_now_and_then(), "state");
  co_await group.join();
}

task<> dht_node_run::enter() {
  auto const entrances = co_await entrances_of(world_, options_);
  for (endpoint const& e : entrances) node_->add_entrance(e);
}

task<> dht_node_run::show_now_and_then() {
  co_await world_.clock.sleep_for(first_look);
  for (;;) {
    show();
    flush();
    co_await world_.clock.sleep_for(between_looks);
  }
}

task<> dht_node_run::save_now_and_then() {
  for (;;) {
    co_await world_.clock.sleep_for(between_saves);
    save();
  }
}

void dht_node_run::save() const {
  if (!options_.state.empty()) write_file(options_.state, node_->save(), true);
}

void dht_node_run::tell_end() {
  show();
  save();
}

void dht_node_run::show() const {
  if (options_.json) return say_json(facts());
  for (auto const& f : node_->families()) show(*f);
  auto const& store = node_->answers().store();
  say(fmt::format("  {} of {} kept for others", count_of(store.peers(), "peer"),
                  count_of(store.torrents(), "torrent")));
}

void dht_node_run::show(dht::family_node const& f) const {
  std::string const seen_as =
      f.outside_address() ? ", seen as " + f.outside_address()->text() : "";
  say(fmt::format("{}: id {}{}", family_name(f), f.table().own().hex(), seen_as));
  say("  shared bits  good  questionable  bad  spare");
  auto const rows = f.table().status(world_.clock.now());
  for (std::size_t i = 0; i < rows.size(); ++i)
    say(fmt::format("  {:>11}  {:>4}  {:>12}  {:>3}  {:>5}",
                    fmt::format("{}{}", i, i + 1 == rows.size() ? "+" : ""), rows[i].good,
                    rows[i].questionable, rows[i].bad, rows[i].spare));
  auto const& c = f.count();
  say(fmt::format("  {} answered of {}; {} asked, {} silent; {} dropped", c.answered,
                  c.queries == 1 ? "1 query" : human_count(c.queries) + " queries",
                  c.asked, c.silences, count_of(c.garbage + c.unasked, "datagram")));
}

json dht_node_run::facts_of(dht::family_node const& f) const {
  json table = json::array();
  for (auto const& b : f.table().status(world_.clock.now()))
    table.push_back({{"good", b.good},
                     {"questionable", b.questionable},
                     {"bad", b.bad},
                     {"spare", b.spare}});
  auto const& c = f.count();
  json facts{{"node", f.local().text()},
             {"id", f.table().own().hex()},
             {"good_nodes", f.table().good(world_.clock.now())},
             {"table", table},
             {"queries", c.queries},
             {"answered", c.answered},
             {"asked", c.asked},
             {"answers", c.answers},
             {"silences", c.silences},
             {"dropped", c.garbage + c.unasked}};
  if (f.outside_address()) facts["seen_as"] = f.outside_address()->text();
  return facts;
}

json dht_node_run::facts() const {
  json families = json::array();
  for (auto const& f : node_->families()) families.push_back(facts_of(*f));
  auto const& store = node_->answers().store();
  return {
      {"families", families}, {"peers", store.peers()}, {"torrents", store.torrents()}};
}

} // namespace cotorra::cli
