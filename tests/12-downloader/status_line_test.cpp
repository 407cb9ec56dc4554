// The state of a torrent without a terminal: in a file, which must stay short.
#include "12-downloader/cli_support.hpp"
#include "cli/status_line.hpp"
#include "io/virtual_clock.hpp"
#include "support/catch.hpp"
#include <asio/io_context.hpp>

using namespace cotorra;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

// A line that is asked to show four times a second, as the program does.
struct line_on_desk {
  asio::io_context context;
  io::virtual_clock clock{context.get_executor()};
  std::ostringstream err;
  std::streambuf* const real_err = std::cerr.rdbuf(err.rdbuf());
  cli::status_line line{clock, true, false};
  session::torrent_status now;

  line_on_desk() { now.state = session::torrent_status::state_t::seeding; }
  ~line_on_desk() { std::cerr.rdbuf(real_err); }

  // What has been written meanwhile, line by line.
  std::vector<std::string> pass(duration time, bool figures_change) {
    err.str("");
    for (time_point const end = clock.now() + time; clock.now() < end;) {
      clock.advance_to(clock.now() + 250ms);
      if (figures_change) now.upload_rate += 1;
      line.show(now);
    }
    std::vector<std::string> lines;
    std::istringstream in(err.str());
    for (std::string text; std::getline(in, text);) lines.push_back(text);
    return lines;
  }
};

} // namespace

TEST_CASE("a state that does not change is written once") {
  line_on_desk d;
  CHECK(d.pass(12h, false).size() == 1);
}

TEST_CASE("changing figures are printed less and less often, down to once a minute") {
  line_on_desk d;
  CHECK(d.pass(10s, true).size() == 2);
  CHECK(d.pass(1h, true).size() < 80);
  std::size_t const an_hour = d.pass(1h, true).size();
  CHECK(an_hour >= 58);
  CHECK(an_hour <= 60);
}

TEST_CASE("a change of state is printed at once") {
  line_on_desk d;
  d.pass(2h, true);
  d.now.paused = true;
  auto const lines = d.pass(1s, false);
  REQUIRE(lines.size() == 1);
  CHECK_THAT(lines[0], StartsWith("paused"));
}

TEST_CASE("a download that fails within a second prints no state") {
  line_on_desk d;
  CHECK(d.pass(750ms, true).empty());
}

TEST_CASE("an ETA is shown only while the download goes on") {
  session::torrent_status now;
  now.state = session::torrent_status::state_t::downloading;
  now.eta = 7;
  CHECK(cli::status_text(now).find("ETA") == std::string::npos); // no peer gives anything
  now.num_peers = 1;
  CHECK_THAT(cli::status_text(now), ContainsSubstring("ETA"));
  now.paused = true;
  CHECK(cli::status_text(now).find("ETA") == std::string::npos);
  CHECK(cli::status_json(now)["eta"].is_null());
  now.paused = false;
  now.error = "the disk is full";
  CHECK(cli::status_text(now).find("ETA") == std::string::npos);
}
