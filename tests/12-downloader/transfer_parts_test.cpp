// The parts of a run that need no network: its goal, a watched folder, a command.
#include "12-downloader/cli_support.hpp"
#include "base/error.hpp"
#include "cli/command.hpp"
#include "cli/goal.hpp"
#include "cli/watched_folder.hpp"
#include "support/catch.hpp"

using namespace cotorra;
using namespace cotorra::cli;
using test::content_of;
using test::temporary_folder;

TEST_CASE("sharing ends at the ratio or after the time, whichever comes first") {
  session::torrent_status s;
  s.total_wanted = 1000;
  s.total_payload_upload = 1500;
  CHECK_FALSE(sharing_goal{}.is_met(s, 1000h));
  CHECK(sharing_goal{1.5, 0}.is_met(s, 0s));
  CHECK_FALSE(sharing_goal{1.6, 0}.is_met(s, 0s));
  CHECK(sharing_goal{1.6, 2}.is_met(s, 120s));
  CHECK_FALSE(sharing_goal{1.6, 2}.is_met(s, 119s));
}

TEST_CASE("a watched folder gives each .torrent once, and again when it has changed") {
  temporary_folder d;
  d.put("in/b.torrent", "b");
  d.put("in/a.torrent", "a");
  d.put("in/other.txt", "x");
  watched_folder folder(d / "in");
  auto const first = folder.look();
  REQUIRE(first.size() == 2);
  CHECK(first[0].filename() == "a.torrent");
  CHECK(folder.look().empty());
  d.put("in/a.torrent", "longer");
  d.put("in/c.torrent", "c");
  CHECK(folder.look().size() == 2);
  CHECK_THROWS_AS(watched_folder(d / "nothing"), input_error);
}

TEST_CASE("a command gets its variables, and its status comes back") {
  temporary_folder d;
  std::string const out = d / "out";
  CHECK(run_command("printf %s \"$COTORRA_NAME\" > " + out,
                    {{"COTORRA_NAME", "a name; $(x)"}}) == 0);
  CHECK(content_of(out) == "a name; $(x)");
  CHECK(run_command("exit 3", {}) == 3);
  CHECK(run_command("kill -TERM $$", {}) == 128 + 15);
  CHECK(run_command("cat > " + out, {}) == 0); // it has nothing to read
  CHECK(content_of(out).empty());
}
