#include "session/fast_grants.hpp"
#include "message/allowed_fast.hpp"
#include <algorithm>

namespace cotorra::session {

std::vector<piece_index> const& fast_grants::choose(ip_address const& at,
                                                    info_hash const& hash,
                                                    bitfield const& offered) {
  auto const count = static_cast<piece_index>(offered.size());
  if (offered.none() || count < fewest_to_grant_of) return granted_;
  std::size_t const few = std::clamp<std::size_t>(count / 64, 1, most);
  granted_ = message::allowed_fast_set(at, hash, count, few);
  std::erase_if(granted_, [&offered](piece_index i) { return !offered[i]; });
  return granted_;
}

bool fast_grants::allows(piece_index i, std::size_t its_pieces) const {
  return std::ranges::find(granted_, i) != granted_.end() && its_pieces < granted_.size();
}

} // namespace cotorra::session
