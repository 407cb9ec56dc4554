// The pieces that a peer may ask for while it is choked, so that it soon has something to
// trade (BEP 6). They are few, or a peer that gives nothing could live on them. Its
// address decides which, so reconnecting brings no others. A machine.
#pragma once
#include "base/bitfield.hpp"
#include "base/endpoint.hpp"
#include "base/identifiers.hpp"
#include <vector>

namespace cotorra::session {

class fast_grants {
public:
  // Those of the pieces that we offer; the same for each call with the same address.
  std::vector<piece_index> const& choose(ip_address const&, info_hash const&,
                                         bitfield const& offered);
  // its_pieces: how many the peer has. With as many as are granted it can trade already.
  bool allows(piece_index, std::size_t its_pieces) const;

private:
  static constexpr std::size_t most = 5;
  static constexpr piece_index fewest_to_grant_of = 16; // pieces of the torrent
  std::vector<piece_index> granted_;
};

} // namespace cotorra::session
