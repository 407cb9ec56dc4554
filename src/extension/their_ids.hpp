// Which byte names which extension for one peer: as it chose, and until it chooses anew.
// A machine.
#pragma once
#include "extension/extension_wire.hpp"

namespace cotorra::extension {

// What we want to receive, the same towards all peers.
inline constexpr std::uint8_t our_metadata_id = 1, our_pex_id = 2;

class their_ids {
public:
  // An extended handshake, the first one or a later one: only what it names changes.
  void learn(id_map const&);
  // 0: the peer does not want this extension.
  std::uint8_t of(std::string_view name) const;

private:
  id_map ids_; // of the extensions that we know
};

} // namespace cotorra::extension
