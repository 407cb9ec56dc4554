// The verb scrape, against a tracker in the simulated world.
#include "12-downloader/cli_support.hpp"
#include "base/error.hpp"
#include "cli/arguments.hpp"
#include "cli/runtime.hpp"
#include "cli/scrape_run.hpp"
#include "io/simulation.hpp"
#include "support/catch.hpp"
#include "support/udp_tracker.hpp"

using namespace cotorra;
using namespace cotorra::test;
using Catch::Matchers::ContainsSubstring;

namespace {

std::string const some_hash(40, 'a');

struct scrape_desk {
  temporary_folder files;
  io::simulation sim{1};
  io::host& here = sim.add_host(ip_address::v4(0x0a000001));
  io::host& there = sim.add_host(ip_address::v4(0x0a000002));
  udp_tracker tracker{there.doors(), {there.address(), 6969}};
  cli::scrape_arguments arguments{"udp://10.0.0.2:6969/announce", {some_hash}};
  std::ostringstream out;
  std::streambuf* const real_out = std::cout.rdbuf(out.rdbuf());

  scrape_desk() { sim.spawn(tracker.run()); }
  ~scrape_desk() {
    std::cout.rdbuf(real_out);
    sim.end();
  }
  std::string put_torrent(std::string const& url) {
    return files.put("a.torrent", "d8:announce" + std::to_string(url.size()) + ":" + url +
                                      "4:infod6:lengthi5e4:name4:holi12:piece lengthi163"
                                      "84e6:pieces20:aaaaaaaaaaaaaaaaaaaaee");
  }
  std::string run() {
    out.str("");
    CHECK(sim.run(cli::scrape(here.doors(), arguments)) == cli::done);
    return out.str();
  }
  std::string trouble() {
    try {
      sim.run(cli::scrape(here.doors(), arguments));
    } catch (std::runtime_error const& e) {
      return e.what();
    }
    return "none";
  }
};

} // namespace

TEST_CASE("scrape shows the three counts of each torrent") {
  scrape_desk d;
  d.arguments.torrents.push_back(d.put_torrent("http://x.example/announce"));
  std::string const said = d.run();
  CHECK_THAT(said, ContainsSubstring("udp://10.0.0.2:6969/announce\n"));
  CHECK_THAT(said,
             ContainsSubstring(some_hash + "           1           2           3\n"));
  CHECK_THAT(said, ContainsSubstring("3  holi\n"));
  CHECK(d.tracker.heard() == "connect 0, scrape 0");
}

TEST_CASE("scrape --json prints one object") {
  scrape_desk d;
  d.arguments.json = true;
  CHECK(d.run() == R"({"url":"udp://10.0.0.2:6969/announce","files":[{"info_hash":")" +
                       some_hash + R"(","complete":1,"incomplete":2,"downloaded":3}]})" +
                       "\n");
}

TEST_CASE("scrape of a .torrent asks its tracker") {
  scrape_desk d;
  d.arguments = {d.put_torrent("udp://10.0.0.2:6969/announce"), {}};
  CHECK_THAT(d.run(), ContainsSubstring("holi"));
}

TEST_CASE("a .torrent's tracker in our own network hears of /announce only") {
  scrape_desk d;
  d.arguments = {d.put_torrent("udp://10.0.0.2:6969/buy?n=9"), {}};
  CHECK_THAT(d.trouble(), ContainsSubstring("where a stranger must not send us"));
  CHECK(d.tracker.asked.empty());
}

TEST_CASE("a scrape that cannot be is one sentence") {
  scrape_desk d;
  d.arguments.torrents = {};
  CHECK_THAT(d.trouble(), ContainsSubstring("which torrent?"));
  d.arguments = {some_hash, {}};
  CHECK_THAT(d.trouble(), ContainsSubstring("which tracker?"));
  d.arguments = {"wss://a.example/announce", {some_hash}};
  CHECK_THAT(d.trouble(), ContainsSubstring("wss://a.example/announce"));
  d.arguments = {"http://a.example/x", {some_hash}};
  CHECK_THAT(d.trouble(), ContainsSubstring("cannot be scraped"));
  d.tracker.says = [&](udp_tracker::question const& q) {
    auto const* s = std::get_if<tracker::udp_scrape>(&q.what);
    if (!s) return d.tracker.usual(q);
    return std::vector<buffer>{
        d.tracker.packet(tracker::udp_failed{s->transaction, "not here"})};
  };
  d.arguments = {"udp://10.0.0.2:6969/announce", {some_hash}};
  CHECK(d.trouble() == "udp://10.0.0.2:6969/announce: refuses: not here");
}
