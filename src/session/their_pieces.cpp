#include "session/their_pieces.hpp"

namespace cotorra::session {

void their_pieces::add(bitfield more) {
  if (!known()) return begin(std::move(more));
  for (piece_index i = 0; i < more.size(); ++i)
    if (more[i]) gain(i);
}

void their_pieces::add(piece_index i) {
  if (!known()) begin(bitfield(ours_.layout().piece_count()));
  gain(i);
}

void their_pieces::begin(bitfield all) {
  pieces_ = std::move(all);
  ours_.pieces().picker().add_peer(pieces_);
  for (piece_index i = 0; i < pieces_.size(); ++i)
    if (pieces_[i] && ours_.wants(i)) ++wanted_;
}

void their_pieces::gain(piece_index i) {
  if (pieces_[i]) return;
  pieces_.set(i);
  ours_.pieces().picker().peer_got(i);
  if (ours_.wants(i)) ++wanted_;
}

void their_pieces::verified(piece_index i) {
  if (known() && pieces_[i] && wanted_ > 0) --wanted_;
}

} // namespace cotorra::session
