// One question to the system's resolver, in a thread of its own.
#pragma once
#include "base/endpoint.hpp"
#include <memory>
#include <string>
#include <vector>

struct addrinfo;

namespace cotorra::io {

// A program cannot stop the system's search for a name, which may take half a minute.
// So the thread owns all that it touches, together with the coroutine that asked: the
// coroutine may stop waiting, and the program may end, without the thread.
//   auto asked = std::make_shared<name_lookup>("tracker.example", share);
//   std::thread([asked] { asked->run(); }).detach();
//   ... wait until asked->share_bell() is readable ...   asked->result()
class name_lookup {
public:
  // `one_of` is held as long as the lookup lives, so that its holders can be counted.
  name_lookup(std::string host, std::shared_ptr<int> one_of);
  ~name_lookup();
  name_lookup(name_lookup const&) = delete;

  void run() noexcept;
  // A descriptor that becomes readable when run() is done; the caller closes it.
  int share_bell() const;
  // After that. Throws std::system_error when the name has no address.
  std::vector<ip_address> result();

private:
  std::string const host_;
  std::shared_ptr<int> const one_of_;
  int const bell_; // an eventfd: reading it makes visible what the thread wrote
  int error_ = 0, errno_ = 0;
  addrinfo* found_ = nullptr;
};

} // namespace cotorra::io
