// To root nothing is forbidden: while a not_root lives, root is the user `nobody`.
#pragma once
#include "support/catch.hpp"
#include <cstdlib>
#include <unistd.h>

namespace cotorra::test {

class not_root {
public:
  not_root() : root_(::geteuid() == 0) {
    if (root_) REQUIRE(::seteuid(65534) == 0);
  }
  ~not_root() {
    if (root_ && ::seteuid(0) != 0) std::abort();
  }
  not_root(not_root const&) = delete;

private:
  bool const root_;
};

} // namespace cotorra::test
