// What the peers of a torrent are told of each other (BEP 11). A machine.
//
// The log remembers in which order peers came and went, and each peer remembers how far
// it has heard it. So a new peer hears of all that are here, later only of changes, and
// no list is needed of what each peer was told.
#pragma once
#include "extension/pex_wire.hpp"
#include <deque>
#include <map>

namespace cotorra::extension {

class pex_log {
public:
  using mark = std::uint64_t; // how far a peer has heard the log; 0: nothing yet

  // It is connected, and listens there. Said again, only its flags change.
  void joined(endpoint, std::uint8_t flags);
  void left(endpoint);

  // What comes behind the mark, for the peer that listens at `to`; moves the mark. Not
  // itself, and no address of our own network for a peer outside: the address would mean
  // nothing there. Within the bounds of BEP 11: what is left over comes next time.
  pex_message since(mark&, endpoint to) const;

private:
  struct entry {
    mark when;
    std::uint8_t flags;
  };
  struct departure {
    mark came, left;
    endpoint at;
  };
  static constexpr std::size_t most_departures = 500; // older ones are old news

  mark last_ = 0;
  std::map<endpoint, entry> here_;
  std::map<mark, endpoint> order_; // of here_
  std::deque<departure> gone_;
};

} // namespace cotorra::extension
