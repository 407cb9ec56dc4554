#include "cli/outputs.hpp"
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <iostream>
#include <iterator>
#include <list>
#include <mutex>
#include <optional>
#include <poll.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace cotorra::cli {
namespace {

constexpr std::size_t most_waiting = 16 << 20, part = 64 << 10;
constexpr std::chrono::milliseconds look_at_reader{250};

// Returns 0 or an errno. Waits also when another program has made the terminal
// non-blocking.
int write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    ssize_t const n = ::write(fd, text.data(), text.size());
    if (n >= 0) {
      text.remove_prefix(static_cast<std::size_t>(n));
    } else if (errno == EAGAIN) {
      pollfd room{fd, POLLOUT, 0};
      ::poll(&room, 1, -1);
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

bool has_no_reader(int fd) {
  pollfd out{fd, 0, 0};
  return ::poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

} // namespace

class output_thread {
public:
  output_thread() {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); // the main thread handles signals
    try {
      thread_ = std::thread([this] { run(); });
    } catch (std::system_error const&) {
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }
  ~output_thread() {
    if (!thread_.joinable()) return;
    {
      std::lock_guard const lock(mutex_);
      ending_ = true;
      work_.notify_one();
    }
    thread_.join();
  }
  bool usable() const { return thread_.joinable(); }

  bool put(int fd, std::string text, std::optional<std::string> news = {}) {
    std::unique_lock lock(mutex_);
    if (news) drop([&](entry const& e) { return e.fd == fd && e.news == news; });
    if (!engine_) written_.wait(lock, [&] { return waiting_ < part; });
    if (!error_[fd] && waiting_ + text.size() > most_waiting) error_[fd] = ENOBUFS;
    if (error_[fd]) return false;
    waiting_ += text.size();
    queue_.push_back({fd, std::move(text), std::move(news)});
    work_.notify_one();
    return true;
  }

  // True when no write has failed. Waits for the writes unless an engine runs.
  bool sync(int fd) {
    std::unique_lock lock(mutex_);
    if (!engine_) written_.wait(lock, [&] { return waiting_ == 0; });
    return !error_[fd];
  }

  void begin_engine(std::function<void()> on_left) {
    std::lock_guard const lock(mutex_);
    engine_ = true;
    on_left_ = std::move(on_left);
    if (error_[STDOUT_FILENO] == EPIPE) tell_left();
  }
  void end_engine() {
    std::unique_lock lock(mutex_);
    on_left_ = nullptr;
    engine_ = watching_ = false;
    written_.wait(lock, [&] { return waiting_ == 0; });
  }
  void watch() {
    std::lock_guard const lock(mutex_);
    watching_ = true;
    work_.notify_one();
  }
  bool reader_left() {
    std::lock_guard const lock(mutex_);
    return error_[STDOUT_FILENO] == EPIPE;
  }

private:
  struct entry {
    int fd;
    std::string text;
    std::optional<std::string> news; // what it is about
  };

  template <class Which> void drop(Which which) {
    for (auto it = queue_.begin(); it != queue_.end();) {
      if (!which(*it)) {
        ++it;
        continue;
      }
      waiting_ -= it->text.size();
      it = queue_.erase(it);
    }
  }

  void run() {
    std::unique_lock lock(mutex_);
    for (;;) {
      auto const due = [&] { return !queue_.empty() || ending_; };
      if (watching_)
        work_.wait_for(lock, look_at_reader, due);
      else
        work_.wait(lock, [&] { return due() || watching_; });
      if (!queue_.empty())
        write_next(lock);
      else if (ending_)
        return;
      else if (watching_ && has_no_reader(STDOUT_FILENO))
        failed(STDOUT_FILENO, EPIPE);
    }
  }

  void write_next(std::unique_lock<std::mutex>& lock) {
    entry const next = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    int const error = write_all(next.fd, next.text);
    lock.lock();
    waiting_ -= next.text.size();
    if (error) failed(next.fd, error);
    written_.notify_all();
  }

  void failed(int fd, int error) {
    error_[fd] = error;
    drop([&](entry const& e) { return e.fd == fd; });
    if (fd != STDOUT_FILENO || error != EPIPE) return;
    watching_ = false;
    tell_left();
  }
  void tell_left() {
    if (auto const on_left = std::exchange(on_left_, nullptr)) on_left();
  }

  std::mutex mutex_;
  std::condition_variable work_, written_;
  std::list<entry> queue_;
  std::size_t waiting_ = 0; // bytes, including those being written
  int error_[3]{};
  bool engine_ = false, watching_ = false, ending_ = false;
  std::function<void()> on_left_;
  std::thread thread_;
};

namespace {

output_thread* current = nullptr;

// Collects what a stream prints; a flush hands it to the thread.
class handing_over : public std::streambuf {
public:
  handing_over(output_thread& to, int fd) : to_(to), fd_(fd) {}
  ~handing_over() override { hand_over(); }

private:
  int_type overflow(int_type c) override {
    if (c == traits_type::eof()) return traits_type::not_eof(c);
    char const one = static_cast<char>(c);
    return xsputn(&one, 1) == 1 ? c : traits_type::eof();
  }
  std::streamsize xsputn(char const* text, std::streamsize size) override {
    text_.append(text, static_cast<std::size_t>(size));
    if (text_.size() >= part && !hand_over()) return 0;
    return size;
  }
  int sync() override { return hand_over() && to_.sync(fd_) ? 0 : -1; }
  bool hand_over() { return text_.empty() || to_.put(fd_, std::exchange(text_, {})); }

  output_thread& to_;
  int const fd_;
  std::string text_;
};

} // namespace

outputs::outputs() : thread_(std::make_unique<output_thread>()) {
  if (!thread_->usable()) return; // no memory for a thread: the streams stay as they are
  out_ = std::make_unique<handing_over>(*thread_, STDOUT_FILENO);
  err_ = std::make_unique<handing_over>(*thread_, STDERR_FILENO);
  real_out_ = std::cout.rdbuf(out_.get());
  real_err_ = std::cerr.rdbuf(err_.get());
  current = thread_.get();
}

outputs::~outputs() {
  if (!current) return;
  std::cout.flush();
  std::cout.rdbuf(real_out_);
  std::cerr.rdbuf(real_err_);
  current = nullptr;
}

engine_output::engine_output(std::function<void()> on_reader_left) {
  if (current) current->begin_engine(std::move(on_reader_left));
}

engine_output::~engine_output() {
  std::cout.flush();
  if (current) current->end_engine();
}

void watch_reader() {
  if (current) current->watch();
}

bool reader_has_left() { return current && current->reader_left(); }

void put_news(int descriptor, std::string text, std::string_view about) {
  std::ostream& to = descriptor == STDOUT_FILENO ? std::cout : std::cerr;
  to.flush();
  if (current)
    current->put(descriptor, std::move(text), std::string(about));
  else
    to << text << std::flush;
}

} // namespace cotorra::cli
