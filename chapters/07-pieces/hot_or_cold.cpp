// What does it cost to hash a piece while its bytes are in the cache, and what later, or
// by a worker?
//   hot_or_cold FOLDER [GIB] [KIB OF A PIECE]
#include "base/sha.hpp"
#include "io/real_world.hpp"
#include "io/task_group.hpp"
#include "piece/finish_talk.hpp"
#include <asio/co_spawn.hpp>
#include <chrono>
#include <cstring>
#include <ctime>
#include <fmt/format.h>

using namespace cotorra;
using namespace cotorra::piece;

namespace {

struct sizes {
  std::uint64_t all;
  std::uint32_t of_piece;
};

struct desk {
  io::world world;
  storage files;
  piece_layout layout;
  buffer arrived = buffer(256 << 10, std::byte{7}); // what each read from a socket brings
  buffer_pool memory{};
  std::vector<sha1_digest> list{layout.piece_count(),
                                sha1(buffer(layout.piece_length(), arrived[0]))};
  piece_hashes hashes{list};
  piece_index next = 0; // to be given away

  bytes block_data(block const& b) const {
    return bytes(arrived).subspan(b.begin % arrived.size(), b.length);
  }
};

void expect_right(desk& d, piece_result const& r) {
  if (!r.verified) throw std::runtime_error("a piece went wrong");
  if (r.error) throw std::runtime_error(d.files.where(r.error));
}

// As the session does it: each block is hashed as it arrives.
task<> hot(desk& d) {
  disk_lane lane(d.world.workers);
  for (piece_index i = 0; i < d.layout.piece_count(); ++i) {
    auto const piece = std::make_shared<open_piece>(d.layout, i, d.memory);
    for (std::uint32_t n = 0; n < piece->block_count(); ++n) {
      block const b = d.layout.block_at(i, n);
      piece->write_block(b, d.block_data(b), endpoint{});
    }
    piece_result const r = co_await finish_piece(lane, d.files, piece, d.hashes);
    expect_right(d, r);
  }
}

buffer_pool::loan assembled(desk& d, piece_index i) {
  buffer_pool::loan piece = d.memory.take(d.layout.size(i));
  for (std::uint32_t n = 0; n < d.layout.block_count(i); ++n) {
    block const b = d.layout.block_at(i, n);
    std::memcpy(piece.view().data() + b.begin, d.block_data(b).data(), b.length);
  }
  return piece;
}

piece_result hash_and_write(desk& d, piece_index i, bytes piece) {
  piece_result r;
  r.verified = d.hashes.matches(i, piece);
  if (r.verified) r.error = d.files.write(d.layout.offset(i), piece);
  return r;
}

// The complete piece is hashed, by the same thread.
task<> late(desk& d) {
  for (piece_index i = 0; i < d.layout.piece_count(); ++i) {
    buffer_pool::loan const piece = assembled(d, i);
    expect_right(d, hash_and_write(d, i, piece.view()));
  }
  co_return;
}

// The complete piece is hashed by a worker; this thread assembles the next one meanwhile.
task<> give_pieces_away(desk& d) {
  while (d.next < d.layout.piece_count()) {
    piece_index const i = d.next++;
    buffer_pool::loan const piece = assembled(d, i);
    auto work = [&] { return hash_and_write(d, i, piece.view()); };
    piece_result const r = co_await io::offload(d.world.workers, std::ref(work));
    expect_right(d, r);
  }
}

task<> cold(desk& d) {
  io::task_group under_way(d.world.executor);
  for (int i = 0; i < 4; ++i) under_way.spawn(give_pieces_away(d), "piece");
  co_await under_way.join();
}

void measure(char const* what, task<> (*way)(desk&), std::string const& folder, sizes s) {
  io::real_world world;
  file_map const one_file({{"hot-or-cold", s.all}});
  desk d{world.doors(), storage(folder, one_file), piece_layout(s.all, s.of_piece)};
  std::clock_t const processor = std::clock(); // of all threads
  auto const begun = std::chrono::steady_clock::now();
  asio::co_spawn(world.context(), way(d), [](std::exception_ptr e) {
    if (e) std::rethrow_exception(e);
  });
  world.context().run();
  std::chrono::duration<double> const took = std::chrono::steady_clock::now() - begun;
  double const used = static_cast<double>(std::clock() - processor) / CLOCKS_PER_SEC;
  double const gib = static_cast<double>(s.all) / (1 << 30);
  fmt::print("{:<36} {:.2f} s of processor time and {:.2f} s in all for each GiB\n", what,
             used / gib, took.count() / gib);
  std::filesystem::remove(std::filesystem::path(folder) / "hot-or-cold");
}

} // namespace

int main(int count, char** words) try {
  if (count < 2) throw std::runtime_error("which folder?");
  auto number = [&](int i, unsigned long usual) {
    return count > i ? std::stoul(words[i]) : usual;
  };
  sizes const s{number(2, 1) << 30, static_cast<std::uint32_t>(number(3, 1024) << 10)};
  measure("hashed as it arrives, same thread:", hot, words[1], s);
  measure("hashed when complete, same thread:", late, words[1], s);
  measure("hashed when complete, by a worker:", cold, words[1], s);
  return 0;
} catch (std::exception const& e) {
  fmt::print(stderr, "hot_or_cold FOLDER [GIB] [KIB OF A PIECE]: {}\n", e.what());
  return 2;
}
