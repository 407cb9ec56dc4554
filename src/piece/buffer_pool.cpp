#include "piece/buffer_pool.hpp"
#include <algorithm>
#include <bit>
#include <utility>
#include <vector>

namespace cotorra::piece {
namespace {
// Sizes are powers of two, so that any piece of a similar size can reuse the memory.
std::size_t size_class(std::size_t size) {
  return static_cast<std::size_t>(std::bit_width(std::max<std::size_t>(size, 2) - 1));
}
std::size_t capacity_of(std::size_t size) { return std::size_t{1} << size_class(size); }
} // namespace

struct buffer_pool::shelf {
  explicit shelf(std::size_t most) : keep(most) {}
  std::size_t const keep;
  std::size_t kept = 0, in_use = 0;
  std::array<std::vector<std::unique_ptr<std::byte[]>>, 64> unused{}; // by size class
};

buffer_pool::buffer_pool(std::size_t keep) : keep_(keep) {}

std::size_t buffer_pool::in_use() const { return shelf_ ? shelf_->in_use : 0; }
std::size_t buffer_pool::kept() const { return shelf_ ? shelf_->kept : 0; }

buffer_pool::loan buffer_pool::take(std::size_t size) {
  if (!shelf_) shelf_ = std::make_shared<shelf>(keep_); // a session that rests has none
  loan l;
  auto& unused = shelf_->unused[size_class(size)];
  if (unused.empty()) {
    l.memory_ = std::make_unique_for_overwrite<std::byte[]>(capacity_of(size));
  } else {
    l.memory_ = std::move(unused.back());
    unused.pop_back();
    shelf_->kept -= capacity_of(size);
  }
  shelf_->in_use += size;
  l.size_ = size;
  l.from_ = shelf_;
  return l;
}

buffer_pool::loan::loan(loan&& other) noexcept
    : memory_(std::move(other.memory_)), size_(std::exchange(other.size_, 0)),
      from_(std::move(other.from_)) {}

buffer_pool::loan& buffer_pool::loan::operator=(loan other) noexcept {
  std::swap(memory_, other.memory_);
  std::swap(size_, other.size_);
  std::swap(from_, other.from_);
  return *this;
}

buffer_pool::loan::~loan() {
  if (!from_) return;
  from_->in_use -= size_;
  std::size_t const capacity = capacity_of(size_);
  if (from_->kept + capacity > from_->keep) return;
  from_->kept += capacity;
  from_->unused[size_class(size_)].push_back(std::move(memory_));
}

} // namespace cotorra::piece
