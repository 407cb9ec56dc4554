#include "message/allowed_fast.hpp"
#include "base/sha.hpp"
#include <algorithm>
#include <numeric>

namespace cotorra::message {

std::vector<piece_index> allowed_fast_set(ip_address const& peer, info_hash const& hash,
                                          std::size_t pieces, std::size_t count) {
  std::vector<piece_index> set;
  if (peer.is_v6) return set;
  if (pieces <= count) {
    set.resize(pieces);
    std::iota(set.begin(), set.end(), piece_index{0});
    return set;
  }
  buffer x; // the address without its last byte: neighbours in a network get the same set
  append(x, peer.view().first(3));
  put_u8(x, 0);
  append(x, hash.view());
  while (set.size() < count) {
    sha1_digest const digest = sha1(x);
    for (std::size_t i = 0; i < sha1_digest::size && set.size() < count; i += 4) {
      auto const index =
          static_cast<piece_index>(get_u32(digest.view().subspan(i)) % pieces);
      if (std::ranges::count(set, index) == 0) set.push_back(index);
    }
    x.assign(digest.value.begin(), digest.value.end());
  }
  return set;
}

} // namespace cotorra::message
