// Where a segment of a capture ends: never within the first five bytes of a message, its
// length and its type. Wireshark (4.0) takes a length at the end of a segment for a whole
// message, and is lost from there on.
#pragma once
#include "base/bytes.hpp"

namespace cotorra::explain {

class segment_cut {
public:
  // What one side says next, from its handshake on; size of the next segment, at most
  // `most`. 0: wait for more.
  std::size_t next(bytes said, std::size_t most);
  // It does not speak BitTorrent: every place is as good.
  void anywhere() { left_ = ~std::uint64_t{0}; }

private:
  static constexpr std::uint64_t handshake_size = 68;
  std::uint64_t left_ = handshake_size; // of the message that has begun
};

} // namespace cotorra::explain
