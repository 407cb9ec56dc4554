#include "piece/check_talk.hpp"
#include "base/error.hpp"
#include "io/offload.hpp"
#include "io/task_group.hpp"
#include <algorithm>
#include <asio/cancellation_type.hpp>
#include <asio/this_coro.hpp>
#include <cassert>
#include <memory>

namespace cotorra::piece {
namespace {

constexpr std::size_t read_size = 256 << 10; // stays in a core's cache until hashed
constexpr std::size_t job_size = 8 << 20; // so large that the hop costs next to nothing

// Shared by the checkers, which change it in the network's thread; the workers' jobs only
// read it.
struct check {
  storage& files;
  piece_layout const& layout;
  piece_hashes const& hashes;
  on_check_progress const& tell;
  piece_hashes::digest zeros{}; // of a full piece of zeros, which is how a hole reads
  std::vector<piece_index> todo{};
  std::size_t next = 0; // in todo
  bitfield good{};
  check_progress progress{};
};

piece_hashes::digest digest_of_zeros(std::size_t size) {
  buffer const zeros(std::min(size, read_size));
  piece_hashes::hasher hasher;
  for (std::size_t done = 0; done < size; done += zeros.size())
    hasher.update(bytes(zeros).first(std::min(zeros.size(), size - done)));
  return hasher.finish();
}

// Leaves out the pieces that have a byte in a file that does not exist.
std::vector<piece_index> worth_a_look(storage const& files, piece_layout const& layout,
                                      bitfield const& which) {
  std::vector<bool> lacking(layout.piece_count());
  for (std::size_t f = 0; f < files.files().size(); ++f) {
    if (files.exists(f)) continue;
    auto const range = files.files().pieces_of(f, layout);
    for (piece_index i = range.first; i < range.end; ++i) lacking[i] = true;
  }
  std::vector<piece_index> todo;
  for (piece_index i = 0; i < layout.piece_count(); ++i)
    if (which[i] && !lacking[i]) todo.push_back(i);
  return todo;
}

bool is_good(check const& c, piece_index i, mutable_bytes scratch) {
  std::uint64_t const offset = c.layout.offset(i);
  std::size_t const size = c.layout.size(i);
  storage::content const there = c.files.look(offset, size);
  if (there == storage::content::absent) return false;
  if (there == storage::content::hole && size == c.layout.piece_length())
    return c.hashes.matches(i, c.zeros);
  piece_hashes::hasher hasher;
  for (std::size_t done = 0; done < size;) {
    mutable_bytes const part = scratch.first(std::min(scratch.size(), size - done));
    if (c.files.read(offset + done, part)) return false;
    hasher.update(part);
    done += part.size();
  }
  return c.hashes.matches(i, hasher.finish());
}

// One checker: gives the next run of pieces to a worker, until all are taken.
io::task<> run_checker(io::workers& pool, check& c) {
  std::size_t const at_once =
      std::max<std::size_t>(1, job_size / c.layout.piece_length());
  std::size_t const to_read = std::min<std::size_t>(read_size, c.layout.piece_length());
  std::span<piece_index const> run;
  auto work = [&] {
    // of this job, not of the checker: a thousand torrents may wait to be checked
    auto const memory = std::make_unique_for_overwrite<std::byte[]>(to_read);
    mutable_bytes const scratch(memory.get(), to_read);
    std::vector<piece_index> good;
    for (piece_index const i : run)
      if (is_good(c, i, scratch)) good.push_back(i);
    return good;
  };
  while (c.next < c.todo.size()) {
    run = std::span(c.todo).subspan(c.next);
    run = run.first(std::min(at_once, run.size()));
    c.next += run.size();
    auto const good = co_await io::offload(pool, std::ref(work));
    for (piece_index const i : good) c.good.set(i);
    c.progress.checked += static_cast<piece_index>(run.size());
    c.progress.good += static_cast<piece_index>(good.size());
    if (c.tell) c.tell(c.progress);
  }
}

// Cancelled: a partial result would look as if the rest were missing.
[[noreturn]] void throw_cut_short() {
  throw protocol_error(errc::shut_down, "the check was cut short");
}

} // namespace

io::task<bitfield> check_pieces(io::workers& pool, storage& files,
                                piece_layout const& layout, piece_hashes const& hashes,
                                on_check_progress tell) {
  bitfield all(layout.piece_count(), true);
  bitfield good =
      co_await check_pieces(pool, files, layout, hashes, std::move(all), std::move(tell));
  co_return good;
}

io::task<bitfield> check_pieces(io::workers& pool, storage& files,
                                piece_layout const& layout, piece_hashes const& hashes,
                                bitfield which, on_check_progress tell) {
  assert(hashes.count() == layout.piece_count());
  check c{files, layout, hashes, tell};
  c.good = bitfield(layout.piece_count());
  c.progress.total = static_cast<piece_index>(which.count());
  if (which.none()) co_return std::move(c.good);
  auto look_around = [&c, &which] {
    c.todo = worth_a_look(c.files, c.layout, which);
    if (!c.todo.empty()) c.zeros = digest_of_zeros(c.layout.piece_length());
  };
  co_await io::offload(pool, std::ref(look_around));
  auto const state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none) throw_cut_short();
  c.progress.checked = c.progress.total - static_cast<piece_index>(c.todo.size());
  if (tell) tell(c.progress);
  io::executor const executor = co_await asio::this_coro::executor;
  io::task_group checkers(executor);
  for (unsigned i = 0; i < pool.count(); ++i)
    checkers.spawn(run_checker(pool, c), "check");
  co_await checkers.join();
  if (c.progress.checked != c.progress.total) throw_cut_short();
  co_return std::move(c.good);
}

} // namespace cotorra::piece
