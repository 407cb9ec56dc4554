// The descriptors of a process, shared out.
#include "base/descriptor_budget.hpp"
#include "support/catch.hpp"
#include "support/print.hpp"
#include <algorithm>

using namespace cotorra;

TEST_CASE("files, peers and strangers together leave some descriptors for the rest") {
  for (std::size_t const limit : {16, 32, 64, 128, 256, 1024, 65536}) {
    CAPTURE(limit);
    descriptor_budget const b = share_out(limit);
    CHECK(b.files >= 1);
    CHECK(b.peers >= b.files);
    CHECK(b.strangers >= 1);
    CHECK(b.files + b.peers + b.strangers <= limit);
    CHECK(limit - (b.files + b.peers + b.strangers) >=
          std::min<std::size_t>(limit * 3 / 8, 64));
  }
}

TEST_CASE("a large limit gives its growth to the peers") {
  descriptor_budget const usual = share_out(1024), large = share_out(1 << 19);
  CHECK(usual.files == 128);
  CHECK(large.files == 128);
  CHECK(large.strangers == 64);
  CHECK(large.peers > 100'000);
  CHECK(share_out(~std::size_t{0}).peers <= 1 << 20); // no limit at all
}
