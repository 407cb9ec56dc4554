// A piece in memory while its blocks come, and the memory it borrows.
#include "piece/open_piece.hpp"
#include "support/catch.hpp"

using namespace cotorra;
using namespace cotorra::piece;

namespace {
endpoint const alice{ip_address::v4(0x0a000001), 6881};
endpoint const bob{ip_address::v4(0x0a000001), 6882};
} // namespace

TEST_CASE("blocks find their place in any order and a piece knows when it is complete") {
  piece_layout const l(100000, 40000);
  buffer_pool pool;
  open_piece p(l, 2, pool); // 20000 bytes: one block and a short one
  CHECK(p.index() == 2);
  CHECK(p.offset() == 80000);
  CHECK_FALSE(p.complete());
  buffer const second(3616, std::byte{2}), first(16384, std::byte{1});
  CHECK(p.write_block(l.block_at(2, 1), second, alice).size() == 3616);
  CHECK_FALSE(p.complete());
  p.write_block(l.block_at(2, 1), second, bob); // the same again is no other block
  CHECK_FALSE(p.complete());
  p.write_block(l.block_at(2, 0), first, alice);
  CHECK(p.complete());
  CHECK(p.data().size() == 20000);
  CHECK(p.data()[16383] == std::byte{1});
  CHECK(p.data()[16384] == std::byte{2});
  CHECK(p.data_of(1).size() == 3616);
  CHECK(p.sender_of(0) == alice);
  CHECK(p.sender_of(1) == bob);
  CHECK(p.contributors() == std::vector{alice, bob});
}

TEST_CASE("memory that was given back is lent again") {
  buffer_pool pool;
  std::byte* first = nullptr;
  {
    auto loan = pool.take(300000);
    first = loan.view().data();
    CHECK(loan.view().size() == 300000);
    CHECK(pool.in_use() == 300000);
  }
  CHECK(pool.in_use() == 0);
  CHECK(pool.kept() == 524288);
  auto const next = pool.take(290000); // a shorter last piece fits too
  CHECK(next.view().data() == first);
  CHECK(pool.kept() == 0);
}

TEST_CASE("the pool keeps no more than it may") {
  buffer_pool pool(1 << 20);
  {
    auto const a = pool.take(1 << 19), b = pool.take(1 << 19), c = pool.take(1 << 19);
    CHECK(pool.in_use() == 3 << 19);
  }
  CHECK(pool.in_use() == 0);
  CHECK(pool.kept() == 1 << 20);
}

TEST_CASE("a loan moves and may outlive its pool") {
  buffer_pool::loan kept;
  {
    buffer_pool pool;
    auto loan = pool.take(20000);
    auto other = pool.take(30000);
    kept = std::move(loan);
    CHECK(pool.in_use() == 50000);
    kept = std::move(other);
    CHECK(pool.in_use() == 30000);
  }
  kept.view()[29999] = std::byte{1};
  CHECK(kept.view().size() == 30000);
}
