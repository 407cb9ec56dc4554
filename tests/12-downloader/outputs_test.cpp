// Output whose reader is slow, or gone: the engine never waits for it.
#include "cli/output.hpp"
#include "cli/outputs.hpp"
#include "support/catch.hpp"
#include <csignal>
#include <fcntl.h>
#include <future>
#include <iostream>
#include <string>
#include <unistd.h>

using namespace cotorra;

namespace {

// While it lives, the standard output is a pipe that is full: `filled` bytes of '.' wait
// in it, and nothing more goes in until read_all() begins.
class full_pipe {
public:
  full_pipe() : real_out_(::dup(STDOUT_FILENO)) {
    std::signal(SIGPIPE, SIG_IGN);
    std::cout.flush();
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
    reader_ = ends[0];
    ::fcntl(ends[1], F_SETFL, O_NONBLOCK);
    while (::write(ends[1], ".", 1) == 1) ++filled;
    ::fcntl(ends[1], F_SETFL, 0);
    ::dup2(ends[1], STDOUT_FILENO);
    ::close(ends[1]);
  }
  ~full_pipe() {
    give_back();
    if (reader_ >= 0) ::close(reader_);
    std::cout.clear();
  }
  full_pipe(full_pipe const&) = delete;

  // All that comes, in another thread, until give_back().
  std::future<std::string> read_all() {
    return std::async(std::launch::async, [this] {
      std::string got(1 << 16, ' '), all;
      for (ssize_t n; (n = ::read(reader_, got.data(), got.size())) > 0;)
        all.append(got, 0, static_cast<std::size_t>(n));
      return all.substr(filled);
    });
  }
  void reader_leaves() { ::close(std::exchange(reader_, -1)); }
  void give_back() {
    if (real_out_ < 0) return;
    ::dup2(real_out_, STDOUT_FILENO);
    ::close(std::exchange(real_out_, -1));
  }

  std::size_t filled = 0;

private:
  int real_out_, reader_ = -1;
};

void no_reader_leaves() {}

} // namespace

TEST_CASE("output / while a reader is slow, news is replaced and facts are kept") {
  full_pipe out;
  std::future<std::string> said;
  {
    cli::outputs thread;
    cli::engine_output running(no_reader_leaves);
    cli::say("a fact");
    cli::flush();
    cli::say_news("10 %", "one");
    cli::say("another");
    cli::flush();
    cli::say_news("20 %", "one");
    cli::say_news("5 %", "other");
    cli::say_news("30 %", "one");
    cli::say("the last");
    said = out.read_all();
  }
  out.give_back();
  CHECK(said.get() == "a fact\nanother\n5 %\n30 %\nthe last\n");
}

TEST_CASE("output / beyond its bound it fails, and what was written has no gap") {
  full_pipe out;
  std::future<std::string> said;
  std::string expected;
  bool failed = false;
  {
    cli::outputs thread;
    cli::engine_output running(no_reader_leaves);
    for (int i = 0; i < 20; ++i) {
      std::string const fact = std::to_string(i) + std::string(1 << 20, '#');
      cli::say(fact);
      cli::flush();
      expected += fact + "\n";
    }
    failed = !std::cout;
    std::cout.clear();
    cli::say("behind the gap");
    said = out.read_all();
  }
  out.give_back();
  std::string const all = said.get();
  CHECK(failed);
  CHECK(all.size() > 14 << 20);
  CHECK(all.size() <= 16 << 20);
  CHECK(expected.starts_with(all));
  CHECK(all.ends_with("#\n"));
}

TEST_CASE(
    "output / a reader that leaves is noticed at once, even while nothing is printed") {
  full_pipe out;
  cli::outputs thread;
  std::promise<void> left;
  cli::engine_output running([&left] { left.set_value(); });
  CHECK_FALSE(cli::reader_has_left());
  cli::watch_reader();
  out.reader_leaves();
  left.get_future().get();
  CHECK(cli::reader_has_left());
}
