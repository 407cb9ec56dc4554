// What does it cost to hash a piece where its bytes lie hot, and what elsewhere?
//   hot_or_cold FOLDER [GIB]
#include "base/sha.hpp"
#include "io/real_world.hpp"
#include "piece/finish_talk.hpp"
#include <asio/co_spawn.hpp>
#include <ctime>
#include <fmt/format.h>

using namespace cotorra;
using namespace cotorra::piece;

namespace {

constexpr std::uint32_t piece_length = 1 << 20, read_size = 256 << 10;

struct desk {
  io::world world;
  storage files;
  piece_layout layout{files.files().total_length(), piece_length};
  buffer arrived = buffer(read_size, std::byte{7}); // what each read from a socket brings
  buffer_pool memory{};
  std::vector<sha1_digest> list{layout.piece_count(),
                                sha1(buffer(piece_length, arrived[0]))};
  piece_hashes hashes{list};

  bytes block_data(block const& b) const {
    return bytes(arrived).subspan(b.begin % read_size, b.length);
  }
};

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
    if (!r.verified || r.error) throw std::runtime_error("a piece went wrong");
  }
}

// As other clients do it: this thread assembles the piece, another one hashes and writes.
task<> cold(desk& d) {
  for (piece_index i = 0; i < d.layout.piece_count(); ++i) {
    buffer_pool::loan piece = d.memory.take(d.layout.size(i));
    for (std::uint32_t n = 0; n < d.layout.block_count(i); ++n) {
      block const b = d.layout.block_at(i, n);
      std::ranges::copy(d.block_data(b), piece.view().begin() + b.begin);
    }
    auto work = [&] {
      return d.hashes.prove(i, piece.view()) &&
             !d.files.write(d.layout.offset(i), piece.view());
    };
    bool const good = co_await io::offload(d.world.workers, std::ref(work));
    if (!good) throw std::runtime_error("a piece went wrong");
  }
}

void measure(char const* what, task<> (*way)(desk&), std::string const& folder,
             unsigned gib) {
  io::real_world world;
  file_map const one_file({{"hot-or-cold", std::uint64_t{gib} << 30}});
  desk d{world.doors(), storage(folder, one_file)};
  std::clock_t const before = std::clock(); // of all threads
  asio::co_spawn(world.context(), way(d), [](std::exception_ptr e) {
    if (e) std::rethrow_exception(e);
  });
  world.context().run();
  double const took = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
  fmt::print("{:<36} {:.2f} s of processor time for each GiB\n", what, took / gib);
  std::filesystem::remove(std::filesystem::path(folder) / "hot-or-cold");
}

} // namespace

int main(int count, char** words) try {
  std::string const folder =
      count > 1 ? words[1] : throw std::runtime_error("which folder?");
  unsigned const gib = count > 2 ? static_cast<unsigned>(std::stoul(words[2])) : 1;
  measure("hashed as it arrives, where it is:", hot, folder, gib);
  measure("hashed when complete, by a worker:", cold, folder, gib);
  return 0;
} catch (std::exception const& e) {
  fmt::print(stderr, "hot_or_cold FOLDER [GIB]: {}\n", e.what());
  return 2;
}
