// What a peer has, and how much of it we want: our interest in it (BEP 3).
#pragma once
#include "session/content.hpp"

namespace cotorra::session {

class their_pieces {
public:
  explicit their_pieces(content& ours) : ours_(ours) {}

  // The peer has said something about its pieces. Before that, it is not known whether it
  // has any.
  bool known() const { return pieces_.size() != 0; }
  bitfield const& all() const { return pieces_; }
  bool are_of_interest() const { return wanted_ > 0; }

  // It has these too: pieces only come. The picker hears of it.
  void add(bitfield);
  void add(piece_index);
  void verified(piece_index); // by us: if the peer has it, we want one less

private:
  void begin(bitfield);
  void gain(piece_index);

  content& ours_;
  bitfield pieces_;
  std::size_t wanted_ = 0;
};

} // namespace cotorra::session
