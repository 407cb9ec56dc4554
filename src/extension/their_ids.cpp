#include "extension/their_ids.hpp"

namespace cotorra::extension {

// Of all that a peer may name, only what we speak is kept.
void their_ids::learn(id_map const& said) {
  for (std::string_view const name : {ut_metadata, ut_pex})
    if (auto const it = said.find(name); it != said.end())
      ids_.insert_or_assign(std::string(name), it->second);
}

std::uint8_t their_ids::of(std::string_view name) const {
  auto const it = ids_.find(name);
  return it == ids_.end() ? 0 : it->second;
}

} // namespace cotorra::extension
