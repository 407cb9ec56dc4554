// The blocks of one open piece, and the peers that were asked for them.
#include "07-pieces/print.hpp"
#include "piece/block_table.hpp"

using namespace cotorra;
using namespace cotorra::piece;

TEST_CASE("a block knows how many peers were asked for it") {
  block_table blocks;
  blocks.reset(5, 2, 1);
  CHECK(blocks.askers(0) == 0);
  CHECK(blocks.take(1) == 0);
  CHECK(blocks.askers(0) == 1);
  blocks.take_duplicate(0, 2);
  blocks.take_duplicate(0, 3);
  CHECK(blocks.askers(0) == 3);
  CHECK(blocks.askers(1) == 0);
  blocks.give_back(0, 1);
  CHECK(blocks.askers(0) == 2);
  CHECK_FALSE(blocks.asked_of(0, 1));
  CHECK(blocks.is_requested(0)); // of the peers 2 and 3
}

TEST_CASE("a block that is given back is the next that is taken") {
  block_table blocks;
  blocks.reset(0, 3, 1);
  for (std::uint32_t n = 0; n < 3; ++n) CHECK(blocks.take(1) == n);
  CHECK(blocks.take(1) == block_table::none);
  blocks.set_arrived(0);
  blocks.give_back(2, 1);
  blocks.give_back(1, 1);
  CHECK(blocks.free() == 2);
  CHECK(blocks.requested() == 0);
  CHECK(blocks.take(2) == 1);
  CHECK(blocks.take(2) == 2);
  CHECK(blocks.take(2) == block_table::none);
}
