// Memory for pieces. Returned memory is kept for the next piece, up to a bound: fresh
// memory costs a page fault per 4 KiB. Only for the network's thread.
#pragma once
#include "base/bytes.hpp"
#include <array>
#include <memory>

namespace cotorra::piece {

class buffer_pool {
  struct shelf;

public:
  // Borrowed memory, not initialised; returns itself to the pool, but may outlive it.
  class loan {
  public:
    loan() = default;
    ~loan(); // gives it back
    loan(loan&& other) noexcept;
    loan& operator=(loan other) noexcept;
    mutable_bytes view() { return {memory_.get(), size_}; }
    bytes view() const { return {memory_.get(), size_}; }

  private:
    friend class buffer_pool;
    std::unique_ptr<std::byte[]> memory_;
    std::size_t size_ = 0;
    std::shared_ptr<shelf> from_;
  };

  // keep: at most this many unused bytes are kept.
  explicit buffer_pool(std::size_t keep = 64 << 20);

  loan take(std::size_t size);
  // No more pieces come: frees unused memory now, and borrowed memory when it returns.
  void let_go() { shelf_.reset(); }
  std::size_t in_use() const; // bytes on loan: for backpressure
  std::size_t kept() const;   // bytes waiting for the next piece

private:
  std::size_t const keep_;
  std::shared_ptr<shelf> shelf_; // from the first loan on
};

} // namespace cotorra::piece
