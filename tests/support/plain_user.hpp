// Rights that root has and a user has not: a test that is about them runs as such a user.
#pragma once
#include <functional>
#include <string>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>

namespace cotorra::test {

// Does it as a user without any rights of root, and gives what it returns. It must not
// throw. The system call, and no function of the C library, changes this thread alone.
inline std::string as_plain_user(std::function<std::string()> const& work) {
  if (::geteuid() != 0) return work();
  std::string out = "root could not become another user";
  std::thread([&] {
    constexpr int nobody = 65534;
    if (::syscall(SYS_setresuid, nobody, nobody, nobody) == 0) out = work();
  }).join();
  return out;
}

} // namespace cotorra::test
