#include "cli/program.hpp"
#include "cli/arguments.hpp"
#include "cli/output.hpp"
#include "cli/outputs.hpp"
#include "cli/runtime.hpp"
#include "cli/text.hpp"
#include "cli/usage.hpp"
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

constexpr char version[] = "cotorra 0.1";

// Positional arguments show only their name; options show that a value follows.
class plain_help : public CLI::Formatter {
public:
  plain_help() {
    label("TEXT", "VALUE");
    label("UINT", "NUMBER");
    label("FLOAT", "NUMBER");
  }
  std::string make_option_opts(CLI::Option const* o) const override {
    return o->get_positional() ? "" : CLI::Formatter::make_option_opts(o);
  }
};

// Peers and files need descriptors, and a shell allows few by default.
void allow_many_descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = std::max(limit.rlim_cur, std::min<rlim_t>(limit.rlim_max, 65536));
  ::setrlimit(RLIMIT_NOFILE, &limit); // may fail; then the default stays
}

// Never runs: `help create` is read as `create --help`.
void add_help(CLI::App& app) {
  CLI::App* const verb = app.add_subcommand("help", "Explain a verb");
  verb->add_option("VERB", "one of these verbs")->take_last();
  verb->footer("Example:\n  cotorra help create");
}

void add_verbs(CLI::App& app, int& status) {
  add_download(app, status);
  add_seed(app, status);
  add_create(app, status);
  add_verify(app, status);
  add_show(app, status);
  add_magnet(app, status);
  add_announce(app, status);
  add_handshake(app, status);
  add_tracker(app, status);
  add_serve(app, status);
  add_help(app);
}

int parse_and_run(CLI::App& app, int const& status, std::vector<std::string> words) {
  words = meant_words(app, std::move(words));
  try {
    app.parse(std::vector(words.rbegin(), words.rend())); // CLI11 wants reverse order
    return status;
  } catch (CLI::CallForVersion const&) {
    say(version);
  } catch (CLI::Success const&) { // --help
    std::cout << app.help();
  } catch (CLI::ParseError const& e) {
    warn(what_is_wrong(app, words, e));
    return wrong_usage;
  }
  return done;
}

int told(std::string_view sentence, int status = could_not) {
  warn(sentence);
  return status;
}

int run_and_explain(int argc, char const* const* argv) {
  try {
    int status = done;
    CLI::App app("BitTorrent, spoken plainly.", "cotorra");
    app.formatter(std::make_shared<plain_help>()); // the verbs inherit it
    app.set_version_flag("--version", version, "Print the version and exit");
    app.require_subcommand(1);
    app.footer("Each verb explains itself:  cotorra help download");
    add_verbs(app, status);
    refuse_empty_words(app);
    return parse_and_run(app, status, {argv + 1, argv + argc});
  } catch (usage_error const& e) {
    return told(e.what(), wrong_usage);
  } catch (input_error const& e) {
    return told(e.what());
  } catch (protocol_error const& e) {
    return told(sanitise(e.what()));
  } catch (std::system_error const& e) {
    if (e.code() == std::errc::resource_unavailable_try_again)
      return told("the system has no memory for another thread: raise the limit "
                  "(ulimit -v, ulimit -u)");
    return told(fmt::format("the system says: {}", e.code().message()));
  } catch (was_interrupted const&) {
    return interrupted;
  } catch (std::bad_alloc const&) {
    return told("there is not enough memory for this");
  } catch (...) {
    return told("this failed in a way that it should not: please report the command");
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
