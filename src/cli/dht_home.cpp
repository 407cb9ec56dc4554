#include "cli/dht_home.hpp"
#include "cli/dht_entrances.hpp"
#include "cli/files.hpp"
#include "cli/output.hpp"
#include <algorithm>
#include <cstdlib>

namespace cotorra::cli {
namespace {

// Where programs keep what they can do without (XDG base directories). A run that stays
// on this machine leaves nothing there.
std::filesystem::path state_file() {
  if (local_only()) return {};
  char const* const state = std::getenv("XDG_STATE_HOME");
  if (state && *state == '/') return std::filesystem::path(state) / "cotorra" / "dht";
  char const* const home = std::getenv("HOME");
  if (!home || *home != '/') return {};
  return std::filesystem::path(home) / ".local" / "state" / "cotorra" / "dht";
}

// All nodes that are named are on this machine: they share its address.
bool is_laboratory(std::vector<std::string> const& nodes) {
  auto const is_here = [](std::string const& text) {
    auto const at = endpoint::parse(text);
    return text.starts_with("localhost:") || (at && at->address.is_loopback());
  };
  return !nodes.empty() && std::ranges::all_of(nodes, is_here);
}

} // namespace

void add_dht_options(verb& v, dht_wishes& o) {
  v.flag("--no-dht", o.no_dht, "do not look for peers in the DHT");
  v.texts("--dht-node", o.dht_nodes,
          "HOST:PORT of a node of the DHT to begin with, in place of the public ones; "
          "may be given again");
}

bool uses_dht(dht_wishes const& o) {
  return !o.no_dht && (!o.dht_nodes.empty() || !local_only());
}

dht_home::dht_home(io::world w, dht_wishes const& o)
    : world_(w), on_(uses_dht(o)), nodes_(o.dht_nodes), state_(state_file()) {
  if (o.no_dht && !o.dht_nodes.empty())
    throw usage_error("--dht-node and --no-dht exclude each other");
  for (std::string const& text : nodes_) parse_host(text);
}

dht_home::~dht_home() = default;

void dht_home::prepare(session::settings& s) const {
  s.dht.on = on_;
  s.dht.addresses_shared = is_laboratory(nodes_);
  std::error_code error;
  if (!on_ || state_.empty() || !std::filesystem::exists(state_, error)) return;
  try {
    s.dht.state = dht::decode_state(read_file(state_.string(), dht::largest_state))
                      .value_or(dht::saved_state{});
    // Two runs at the same time must not be one node.
    s.dht.state.v4.id.reset();
    s.dht.state.v6.id.reset();
  } catch (input_error const&) { // it cannot be read: as if it were not there
  }
}

task<> dht_home::introduce(session::session& s) const {
  if (!on_) co_return;
  dht_options names;
  names.nodes = nodes_;
  try {
    auto asking = entrances_of(world_, names, "--dht-node");
    std::vector<endpoint> const all = co_await std::move(asking);
    for (endpoint const& e : all) s.add_dht_node(e);
  } catch (input_error const& e) { // the trackers may do without the DHT
    warn(e.what());
  }
}

void dht_home::keep(session::session const& s) const {
  buffer const state = s.dht_state();
  if (state_.empty() || state.empty()) return;
  std::error_code error;
  std::filesystem::create_directories(state_.parent_path(), error);
  try {
    write_file(state_.string(), state, true);
  } catch (input_error const&) {
  }
}

} // namespace cotorra::cli
