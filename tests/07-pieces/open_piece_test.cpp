// A piece in memory while its blocks come, and the memory it borrows.
#include "07-pieces/print.hpp"
#include "base/random.hpp"
#include "base/sha.hpp"
#include "piece/open_piece.hpp"

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
  p.write_block(l.block_at(2, 1), second, alice);
  CHECK_FALSE(p.complete());
  p.write_block(l.block_at(2, 1), buffer(3616), bob); // the first stays
  CHECK_FALSE(p.complete());
  p.write_block(l.block_at(2, 0), first, bob);
  CHECK(p.complete());
  CHECK(p.data().size() == 20000);
  CHECK(p.data()[16383] == std::byte{1});
  CHECK(p.data()[16384] == std::byte{2});
  CHECK(p.data_of(1).size() == 3616);
  CHECK(p.sender_of(0) == bob);
  CHECK(p.sender_of(1) == alice);
  CHECK(p.contributors() == std::vector{alice, bob});
}

TEST_CASE("a block is hashed as it arrives, once those before it are here") {
  piece_layout const l(5 * block_size, 5 * block_size);
  buffer content(5 * block_size);
  random_source(7).fill(content);
  buffer_pool pool;
  open_piece p(l, 0, pool);
  auto arrives = [&](std::uint32_t n) {
    block const b = l.block_at(0, n);
    p.write_block(b, bytes(content).subspan(b.begin, b.length), alice);
    return p.hashed() / block_size;
  };
  CHECK(arrives(0) == 1);
  CHECK(arrives(2) == 1);
  CHECK(arrives(4) == 1);
  CHECK(arrives(1) == 3); // and block 2, which waited for it
  CHECK(arrives(3) == 5);
  CHECK(p.digest() == sha1(content));
}

TEST_CASE("a block that many waited for does not keep the thread for all of them") {
  constexpr std::uint32_t blocks = 1024;
  piece_layout const l(blocks * block_size, blocks * block_size);
  buffer content(blocks * block_size);
  random_source(7).fill(content);
  buffer_pool pool;
  open_piece p(l, 0, pool);
  for (std::uint32_t n = blocks; n-- > 0;) {
    block const b = l.block_at(0, n);
    p.write_block(b, bytes(content).subspan(b.begin, b.length), alice);
  }
  REQUIRE(p.complete());
  CHECK(p.hashed() == 512 << 10); // the rest is for a worker
  CHECK(p.digest() == sha1(content));
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

TEST_CASE("memory has the next power of two as its size") {
  buffer_pool pool;
  for (auto const& [size, kept] :
       {std::pair(2, 2), {3, 4}, {16384, 16384}, {16385, 32768}}) {
    pool.let_go();
    {
      auto loan = pool.take(std::size_t(size));
      loan.view().back() = std::byte{1};
    }
    CHECK(pool.kept() == std::size_t(kept));
  }
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

TEST_CASE("a pool that lets go keeps nothing, and lends again when it must") {
  buffer_pool pool;
  {
    auto const on_loan = pool.take(300000);
    {
      auto const back = pool.take(300000);
    }
    CHECK(pool.kept() == 524288);
    pool.let_go();
    CHECK(pool.kept() == 0);
  }
  CHECK(pool.kept() == 0);
  CHECK(pool.take(1000).view().size() == 1000);
}

TEST_CASE("a loan moves and may outlive its pool") {
  buffer_pool::loan kept;
  {
    buffer_pool pool;
    auto loan = pool.take(20000);
    auto other = pool.take(30000);
    kept = std::move(loan);
    CHECK(loan.view().empty());
    CHECK(pool.in_use() == 50000);
    auto third = std::move(other);
    CHECK(other.view().empty());
    kept = std::move(third);
    CHECK(third.view().empty());
    CHECK(pool.in_use() == 30000);
    CHECK(pool.kept() == 32768); // of the first
  }
  kept.view()[29999] = std::byte{1};
  CHECK(kept.view().size() == 30000);
}
