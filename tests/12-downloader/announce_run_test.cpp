// The verb announce, on a desk: what it leaves behind when its user does not wait.
#include "12-downloader/cli_support.hpp"
#include "cli/announce_run.hpp"
#include "cli/runtime.hpp"
#include "io/simulation.hpp"
#include "support/catch.hpp"
#include "support/udp_tracker.hpp"
#include "support/web.hpp"

using namespace cotorra;
using namespace cotorra::test;
using Catch::Matchers::ContainsSubstring;

namespace {

struct no_workers : io::workers {
  void post(std::function<void()> job) override { job(); }
  unsigned count() const override { return 1; }
};

std::string const peers_answer = ok("d8:intervali900e5:peers0:e");
std::string const refusal = ok("d14:failure reason2:noe");

struct announce_desk {
  temporary_folder files;
  bench desk;
  memory_network net{desk.executor()};
  random_source random{1};
  no_workers workers;
  cli::announce_options options;
  std::unique_ptr<cli::announce_run> run;
  std::ostringstream out;
  std::streambuf* const real_out = std::cout.rdbuf(out.rdbuf());

  announce_desk() {
    options.torrent =
        files.put("a.torrent", "d8:announce30:http://192.0.2.1:6969/announce4:infod"
                               "6:lengthi5e4:name1:a12:piece lengthi16384e6:pieces"
                               "20:aaaaaaaaaaaaaaaaaaaaee");
  }
  ~announce_desk() { std::cout.rdbuf(real_out); }

  auto start() {
    io::world const doors{desk.executor(), net, desk.clock, workers, random};
    run = std::make_unique<cli::announce_run>(doors, options);
    return desk.start(run->run());
  }
  void leave() {
    run->interrupt();
    desk.settle();
  }
};

std::vector<std::string> events_of(scripted_server const& server) {
  std::vector<std::string> out;
  for (std::string const& q : server.questions) {
    auto const at = q.find("&event=");
    out.push_back(at == q.npos ? "none" : q.substr(at + 7, 7));
  }
  return out;
}

using texts = std::vector<std::string>;

} // namespace

TEST_CASE("an announce that its user leaves before the answer leaves no ghost") {
  for (std::string const event : {"", "started", "none"}) {
    INFO(event);
    announce_desk d;
    d.options.event = event;
    scripted_server tracker(d.desk, d.net, "192.0.2.1:6969", {"", peers_answer},
                            scripted_server::hold);
    auto const r = d.start();
    CHECK_FALSE(r->done);
    d.leave();
    REQUIRE(r->done);
    CHECK(r->get() == cli::interrupted);
    CHECK(events_of(tracker) == texts{event == "none" ? "none" : "started", "stopped"});
  }
}

TEST_CASE("a tracker that stays silent holds a leaving user for one second at most") {
  announce_desk d;
  scripted_server tracker(d.desk, d.net, "192.0.2.1:6969", {"", ""},
                          scripted_server::hold);
  auto const r = d.start();
  d.leave();
  d.desk.advance(999ms);
  CHECK_FALSE(r->done);
  d.desk.advance(1ms);
  CHECK(r->get() == cli::interrupted);
  CHECK(events_of(tracker) == texts{"started", "stopped"});
}

TEST_CASE("a user who leaves before the question was sent owes the tracker nothing") {
  announce_desk d;
  d.net.hangs(*endpoint::parse("192.0.2.1:6969"));
  auto const r = d.start();
  d.leave();
  CHECK(r->get() == cli::interrupted);
  CHECK(d.net.dialled().size() == 1);
}

TEST_CASE("an announce takes its leave also when the answer was of no use") {
  announce_desk d;
  scripted_server tracker(d.desk, d.net, "192.0.2.1:6969", {ok("?"), peers_answer});
  auto const r = d.start();
  CHECK(failure_of(r).code == errc::malformed_answer);
  CHECK(events_of(tracker) == texts{"started", "stopped"});
}

TEST_CASE("an announce that was refused takes no leave, nor one whose event is given") {
  announce_desk d;
  scripted_server tracker(d.desk, d.net, "192.0.2.1:6969", {refusal, peers_answer, ""});
  CHECK(failure_of(d.start()).code == errc::tracker_failure);
  CHECK(events_of(tracker) == texts{"started"});
  d.options.event = "started";
  CHECK(d.start()->get() == cli::done);
  CHECK(events_of(tracker) == texts{"started", "started"});
}

TEST_CASE("a tracker that we cannot speak to is not said to be asked") {
  announce_desk d;
  d.options.tracker = "wss://192.0.2.1/a";
  CHECK_THAT(failure_of(d.start()).what, ContainsSubstring("wss://192.0.2.1/a"));
  CHECK(d.out.str().empty());
}

TEST_CASE("a tracker over UDP is asked, and told that we leave") {
  io::simulation sim(1);
  io::host &here = sim.add_host(ip_address::v4(0x0a000001)),
           &there = sim.add_host(ip_address::v4(0x0a000002));
  udp_tracker tracker(there.doors(), {there.address(), 6969});
  tracker.answer.peers = {{*endpoint::parse("10.0.0.9:6881")}};
  sim.spawn(tracker.run());
  announce_desk d; // for its files and its output
  d.options.tracker = "udp://10.0.0.2:6969/announce?passkey=0123456789abcdef";
  d.options.json = GENERATE(true, false);
  cli::announce_run run(here.doors(), d.options);
  CHECK(sim.run(run.run()) == cli::done);
  CHECK(tracker.heard() == "connect 0, announce 0, announce 0");
  CHECK(tracker.announces().at(0).event == tracker::announce_event::started);
  CHECK(tracker.announces().at(1).event == tracker::announce_event::stopped);
  std::string const said = d.out.str();
  CHECK_THAT(said, ContainsSubstring("udp://10.0.0.2:6969/announce"));
  CHECK_THAT(said, ContainsSubstring("10.0.0.9:6881"));
  CHECK_THAT(said, !ContainsSubstring("passkey"));
  sim.end();
}
