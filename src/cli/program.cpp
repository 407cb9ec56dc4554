#include "cli/program.hpp"
#include "cli/arguments.hpp"
#include "cli/output.hpp"
#include "cli/outputs.hpp"
#include "cli/runtime.hpp"
#include "cli/text.hpp"
#include "cli/verbs.hpp"
#include <algorithm>
#include <csignal>
#include <fmt/format.h>
#include <iostream>
#include <sys/resource.h>
#include <system_error>
#include <unistd.h>

namespace cotorra::cli {
namespace {

constexpr char version[] = "cotorra 0.1.0";

// Peers and files need descriptors, and a shell allows few by default.
void allow_many_descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = std::max(limit.rlim_cur, std::min<rlim_t>(limit.rlim_max, 65536));
  ::setrlimit(RLIMIT_NOFILE, &limit); // may fail; then the default stays
}

// Never runs: `help create` is read as `create --help`.
void add_help(command_line& program) {
  verb help = program.add("help", "Explain a verb");
  auto const which = std::make_shared<std::string>();
  help.text("VERB", *which, "one of these verbs");
  help.footer("Example:\n  cotorra help create");
  help.runs([which] { return done; });
}

void add_verbs(command_line& program) {
  add_download(program);
  add_seed(program);
  add_create(program);
  add_verify(program);
  add_show(program);
  add_magnet(program);
  add_metadata(program);
  add_announce(program);
  add_scrape(program);
  add_handshake(program);
  add_tracker(program);
  add_dht(program);
  add_serve(program);
  add_manual(program);
  add_completion(program);
  add_help(program);
}

int fail(std::string_view sentence, int status = could_not) {
  warn(sentence);
  return status;
}

int run_and_explain(int argc, char const* const* argv) {
  try {
    command_line program("BitTorrent, spoken plainly.", "cotorra", version);
    program.footer("Each verb explains itself:  cotorra help download");
    add_verbs(program);
    return program.run({argv + 1, argv + argc});
  } catch (usage_error const& e) {
    return fail(e.what(), wrong_usage);
  } catch (input_error const& e) {
    return fail(e.what());
  } catch (protocol_error const& e) {
    return fail(sanitise(e.what()));
  } catch (std::system_error const& e) {
    if (e.code() == std::errc::resource_unavailable_try_again)
      return fail("the system has no memory for another thread: raise the limit "
                  "(ulimit -v, ulimit -u)");
    return fail(fmt::format("the system says: {}", e.code().message()));
  } catch (was_interrupted const&) {
    return interrupted;
  } catch (std::bad_alloc const&) {
    return fail("there is not enough memory for this");
  } catch (...) {
    return fail("this failed in a way that it should not: please report the command");
  }
}

} // namespace

int run(int argc, char const* const* argv) {
  std::signal(SIGPIPE, SIG_IGN); // write() reports that the reader has left
  std::signal(SIGXFSZ, SIG_IGN); // and that a file may not grow
  allow_many_descriptors();
  int const status = run_and_explain(argc, argv);
  std::cout.flush();
  if (std::cout) return status;
  // The reader that closed the pipe knows. A full disk must be reported.
  if (reader_has_left()) return no_reader;
  warn("the output could not be written: is the disk full?");
  return status == done ? could_not : status;
}

} // namespace cotorra::cli
