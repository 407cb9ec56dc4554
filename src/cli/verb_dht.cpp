#include "cli/arguments.hpp"
#include "cli/dht_find_run.hpp"
#include "cli/dht_node_run.hpp"
#include "cli/listening.hpp"
#include "cli/runtime.hpp"
#include "cli/verbs.hpp"

namespace cotorra::cli {
namespace {

int find(dht_options const& o) {
  if (o.only_nodes && o.announce)
    throw usage_error("--only-nodes and --announce exclude each other: only a lookup of "
                      "peers announces one");
  io::real_world world;
  dht_find_run run(world.doors(), o);
  return run_task(world, run.run());
}

int run_node(dht_options const& o) {
  if (!o.target.empty())
    throw usage_error("dht node takes no target: \"cotorra dht find\" looks for one");
  io::real_world world;
  dht_node_run node(world.doors(), o);
  run_until_interrupted(world, node.run(), node.first_line());
  node.tell_end();
  return done;
}

void add_options(verb& v, dht_options& o) {
  v.text("ACTION", o.action, "find: look something up. node: run a node until Ctrl-C")
      .required()
      .one_of({"find", "node"});
  v.text("TARGET", o.target, "find: an info_hash, a magnet link in quotes, or a node id");
  v.texts("--node", o.nodes,
          "HOST:PORT of a node to begin at; may be given again. If absent: public nodes, "
          "except with --lab or COTORRA_LOCAL_ONLY=1");
  v.text("--listen", o.listen,
         "ADDRESS:PORT, or a PORT of 127.0.0.1, to send from and to be asked at. If "
         "absent: all addresses, node: port 6881");
  v.text("--state", o.state,
         "node: the file in which it keeps its id and its table for the next run");
  v.whole("--announce", o.announce,
          "find: then tell the nearest nodes that a peer listens here at this port", 1,
          65535);
  v.flag("--only-nodes", o.only_nodes, "find: ask for nodes, not for peers");
  v.flag("--lab", o.lab, "For labs: many nodes may share one address");
  v.flag("--json", o.json, "Print facts as JSON objects, one a line");
}

} // namespace

void add_dht(command_line& program) {
  verb v = program.add("dht", "Look something up in the DHT, or run a node of it");
  auto const o = std::make_shared<dht_options>();
  add_options(v, *o);
  v.footer("The DHT finds the peers of a torrent without a tracker (BEP 5). Each line of "
           "find is a\nnode that was asked: how many answers led there, and how many "
           "leading bits of its id are\nthose of the target.\n\n"
           "With COTORRA_LOCAL_ONLY=1 in the environment, no public node is asked, and a "
           "node listens\non 127.0.0.1.\n\n"
           "Examples:\n  cotorra dht node --lab --listen 6881\n"
           "  cotorra dht find 0123456789abcdef0123456789abcdef01234567 --node "
           "127.0.0.1:6881");
  v.runs([o] { return o->action == "find" ? find(*o) : run_node(*o); });
}

} // namespace cotorra::cli
