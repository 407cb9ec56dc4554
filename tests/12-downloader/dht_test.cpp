// The verb dht: a lookup shown hop by hop, a node that runs, and what is said when
// nothing answers. In the simulated world, but for what is wrong in the words.
#include "09-dht/dht_world.hpp"
#include "12-downloader/cli_support.hpp"
#include "cli/arguments.hpp"
#include "cli/dht_find_run.hpp"
#include "cli/dht_node_run.hpp"
#include <nlohmann/json.hpp>

using namespace cotorra;
using namespace cotorra::test;
using Catch::Matchers::ContainsSubstring;

namespace {

std::string const hash = "0123456789abcdef0123456789abcdef01234567";

// What is printed while it lives.
class printed_text {
public:
  ~printed_text() { std::cout.rdbuf(real_); }
  std::string text() const { return out_.str(); }
  std::vector<nlohmann::json> objects() const {
    std::vector<nlohmann::json> all;
    std::istringstream lines(out_.str());
    for (std::string line; std::getline(lines, line);)
      all.push_back(nlohmann::json::parse(line));
    return all;
  }

private:
  std::ostringstream out_;
  std::streambuf* const real_ = std::cout.rdbuf(out_.rdbuf());
};

struct desk {
  desk() {
    world.add_many(30, 200ms);
    world.sim.run_for(20s);
    options.nodes = {world.members[0]->at.text()};
    options.target = hash;
    options.listen = "20.99.0.1:0";
  }
  int find() {
    cli::dht_find_run run(host.doors(), options);
    return world.sim.run(run.run());
  }
  void announce() {
    std::vector<endpoint> none;
    world.find_peers(*world.members[9], info_hash::from(*from_hex(hash)), none, 51413);
  }

  dht_world world;
  io::host& host = world.host_at(*ip_address::parse("20.99.0.1"));
  cli::dht_options options;
};

} // namespace

TEST_CASE("dht find shows each node that is asked, and the peers") {
  desk d;
  d.announce();
  printed_text out;
  CHECK(d.find() == 0);
  CHECK_THAT(out.text(), ContainsSubstring("looking for " + hash + ", beginning at " +
                                           d.world.members[0]->at.text()));
  CHECK_THAT(out.text(), ContainsSubstring("shared bits"));
  CHECK_THAT(out.text(), ContainsSubstring("\n  1  " + d.world.members[0]->at.text()));
  CHECK_THAT(out.text(), ContainsSubstring("\n  2  "));
  CHECK_THAT(out.text(), ContainsSubstring("1 peer:\n  20.0.10.10:51413\n"));
}

TEST_CASE("dht find --json has an object for each step, and one for the end") {
  desk d;
  d.announce();
  d.options.json = true;
  printed_text out;
  CHECK(d.find() == 0);
  auto const all = out.objects();
  REQUIRE(all.size() > 5);
  CHECK(all.front()["hop"] == 1);
  CHECK(all.front()["answered"] == true);
  CHECK(all.front()["id"].get<std::string>().size() == 40);
  auto const& end = all.back();
  CHECK(end["target"] == hash);
  CHECK(end["peers"] == nlohmann::json::array({"20.0.10.10:51413"}));
  CHECK(end["asked"].get<std::size_t>() == all.size() - 1);
  REQUIRE(end["nearest"].size() == dht::lookup::k);
  unsigned bits = 160;
  for (auto const& n : end["nearest"]) { // the nearest first
    CHECK(n["shared_bits"].get<unsigned>() <= bits);
    bits = n["shared_bits"].get<unsigned>();
  }
}

TEST_CASE("dht find says that no node knows a peer, and that is no failure") {
  desk d;
  printed_text out;
  CHECK(d.find() == 0);
  CHECK_THAT(out.text(), ContainsSubstring("no node knows a peer of that torrent"));
}

TEST_CASE("dht find --announce tells the nodes of a peer here") {
  desk d;
  d.options.announce = 7000;
  {
    printed_text out;
    CHECK(d.find() == 0);
    CHECK_THAT(out.text(), ContainsSubstring("announced as a peer at 8 nodes"));
  }
  d.options.announce.reset();
  printed_text out;
  CHECK(d.find() == 0);
  CHECK_THAT(out.text(), ContainsSubstring("20.99.0.1:7000"));
}

TEST_CASE("dht find leaves no trace in the tables of others: it only reads") {
  desk d;
  printed_text out;
  CHECK(d.find() == 0);
  d.world.sim.run_for(1min);
  for (auto const& m : d.world.members)
    for (dht::contact const& c : m->v4().table().all())
      CHECK(c.at.address != d.host.address());
}

TEST_CASE("when no node answers, one sentence says what to do") {
  desk d;
  printed_text out;
  d.options.nodes = {"20.250.0.1:6881"};
  CHECK_THROWS_WITH(d.find(), ContainsSubstring("no answer from the one node") &&
                                  ContainsSubstring("--node HOST:PORT"));
  CHECK_THAT(out.text(),
             ContainsSubstring("20.250.0.1:6881") && ContainsSubstring("no answer"));
  d.options.nodes.clear();
  d.options.lab = true; // no public node is asked
  CHECK_THROWS_WITH(d.find(), ContainsSubstring("cotorra dht node"));
  d.options.nodes = {"nowhere.example:6881"};
  CHECK_THROWS_WITH(d.find(), ContainsSubstring("--node nowhere.example"));
}

TEST_CASE("COTORRA_LOCAL_ONLY keeps a node on this machine") {
  desk d;
  ::setenv("COTORRA_LOCAL_ONLY", "1", 1);
  d.options.nodes.clear();
  d.options.listen.clear();
  printed_text out;
  auto const at = cli::listening_of(d.host.doors(), d.options, 6881);
  CHECK(at == std::vector<endpoint>{test::at("127.0.0.1:6881")});
  CHECK_THROWS_WITH(d.find(), ContainsSubstring("no node of the DHT is known"));
  ::setenv("COTORRA_LOCAL_ONLY", "0", 1);
  CHECK_FALSE(cli::local_only());
  ::unsetenv("COTORRA_LOCAL_ONLY");
  CHECK_FALSE(cli::local_only());
}

TEST_CASE("dht node shows its table, and keeps its state in a file") {
  desk d;
  temporary_folder files;
  d.options.state = (files.path() / "node.state").string();
  d.options.listen = "20.99.0.1:6881";
  std::string id;
  for (int run = 0; run < 2; ++run) {
    printed_text out;
    cli::dht_node_run node(d.host.doors(), d.options);
    CHECK_THAT(node.first_line(), ContainsSubstring("node: 20.99.0.1:6881 with id "));
    io::task_group group(d.world.sim.executor());
    group.spawn(node.run(), "node");
    auto const joined = [](io::task_group& all) -> task<> { co_await all.join(); };
    d.world.sim.spawn(joined(group));
    d.world.sim.run_for(70s);
    group.cancel();
    d.world.sim.run_for(1s);
    node.tell_end();
    CHECK_THAT(out.text(), ContainsSubstring("IPv4: id ") &&
                               ContainsSubstring("seen as 20.99.0.1") &&
                               ContainsSubstring("shared bits  good") &&
                               ContainsSubstring("kept for others"));
    auto const saved = dht::decode_state(as_bytes(content_of(d.options.state)));
    REQUIRE(saved);
    CHECK(saved->v4.nodes.size() >= 8);
    if (run == 1) CHECK(saved->v4.id->hex() == id); // it is the same node again
    id = saved->v4.id->hex();
    d.options.nodes = {"20.250.0.1:6881"}; // gone: the state leads back
  }
}

TEST_CASE("dht node refuses a file that is no state") {
  desk d;
  temporary_folder files;
  d.options.state = files.put("x", "d4:infod6:lengthi1eee").string();
  CHECK_THROWS_WITH(cli::dht_node_run(d.host.doors(), d.options),
                    ContainsSubstring("this is no state of a DHT node"));
}

TEST_CASE("dht: what is wrong in the words is said in one sentence") {
  auto const says = [](std::vector<std::string> const& words, std::string const& what) {
    auto const r = cotorra_says(words);
    CHECK(r.status == 2);
    CHECK_THAT(r.err, ContainsSubstring(what));
  };
  says({"dht"}, "ACTION");
  says({"dht", "look"}, "look");
  says({"dht", "find"}, "Give an info_hash");
  says({"dht", "find", "xyz"}, "\"xyz\" is no info_hash");
  says({"dht", "node", hash}, "takes no target");
  says({"dht", "find", hash, "--node", "nohost"}, "nohost");
  auto const help = cotorra_says({"dht", "--help"});
  CHECK(help.status == 0);
  CHECK_THAT(help.out, ContainsSubstring("cotorra dht find 0123") &&
                           ContainsSubstring("COTORRA_LOCAL_ONLY"));
}
