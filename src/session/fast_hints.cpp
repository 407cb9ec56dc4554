#include "session/fast_hints.hpp"
#include <algorithm>

namespace cotorra::session {
namespace {

bool has(std::vector<piece_index> const& list, piece_index i) {
  return std::ranges::find(list, i) != list.end();
}

} // namespace

bool fast_hints::allow(piece_index i) {
  if (allowed_.size() == most_allowed || has(allowed_, i)) return false;
  allowed_.push_back(i);
  return true;
}

bool fast_hints::suggest(piece_index i) {
  if (has(suggested_, i)) return false;
  if (suggested_.size() == most_suggested) suggested_.erase(suggested_.begin());
  suggested_.push_back(i);
  return true;
}

void fast_hints::disallow(piece_index i) { std::erase(allowed_, i); }

bitfield fast_hints::first(bool choked, bitfield const& theirs,
                           test const& wanted) const {
  bitfield pieces;
  for (piece_index const i : choked ? allowed_ : suggested_) {
    if (i >= theirs.size() || !theirs[i] || !wanted(i)) continue;
    if (pieces.size() == 0) pieces = bitfield(theirs.size());
    pieces.set(i);
  }
  return pieces;
}

} // namespace cotorra::session
