// How the file descriptors that a process may have open (RLIMIT_NOFILE) are shared out.
#pragma once
#include <cstddef>

namespace cotorra {

struct descriptor_budget {
  std::size_t files = 0;     // of torrents, kept open between two uses
  std::size_t peers = 0;     // connections with peers, opened by us or by them
  std::size_t strangers = 0; // incoming connections before their handshake
};

// The rest of the limit stays for listeners, trackers, a trace and the folders that
// workers walk through. No part is ever 0; above a limit of 1024 only `peers`
// grows.
descriptor_budget share_out(std::size_t limit);

// RLIMIT_NOFILE of this process, the soft limit.
std::size_t descriptor_limit();

} // namespace cotorra
