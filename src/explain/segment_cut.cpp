#include "explain/segment_cut.hpp"
#include "message/framing.hpp"
#include <algorithm>

namespace cotorra::explain {

std::size_t segment_cut::next(bytes said, std::size_t most) {
  said = said.first(std::min(said.size(), most));
  for (std::size_t at = 0;;) {
    bytes const rest = said.subspan(at);
    if (left_ >= rest.size()) {
      left_ -= rest.size();
      return said.size();
    }
    at += static_cast<std::size_t>(left_);
    left_ = 0;
    bytes const begun = said.subspan(at);
    if (begun.size() < message::length_size) return at;
    std::uint32_t const length = get_u32(begun);
    if (begun.size() == message::length_size && length != 0) return at;
    left_ = message::length_size + std::uint64_t{length};
  }
}

} // namespace cotorra::explain
