// What a peer says of single pieces, with the fast extension (BEP 6): those that we may
// ask for while it chokes us, and those that it would rather send now, since they lie in
// its memory. A machine.
#pragma once
#include "base/bitfield.hpp"
#include "base/identifiers.hpp"
#include <functional>
#include <vector>

namespace cotorra::session {

class fast_hints {
public:
  // False when it was said already, or too often.
  bool allow(piece_index);
  bool suggest(piece_index);  // the last few count
  void disallow(piece_index); // it was refused nevertheless

  using test = std::function<bool(piece_index)>;
  // The pieces to ask for first; no bitfield at all when there are none. Of those that
  // the peer has, even if it allows others.
  bitfield first(bool choked, bitfield const& theirs, test const& wanted) const;

private:
  static constexpr std::size_t most_allowed = 64, most_suggested = 16;
  std::vector<piece_index> allowed_, suggested_;
};

} // namespace cotorra::session
