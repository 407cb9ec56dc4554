// Fetches the info dictionary from several peers at once (BEP 9), until the info_hash
// proves it. A machine: time is passed in, and what is to be sent is returned.
//
// Nothing but the info_hash can be believed. So peers that claim different sizes never
// mix: each size is a download of its own. When the whole does not match the hash and
// several peers gave parts of it, one of them lied, and it is not known which. From then
// on all parts come from one peer, and then from the next: the one whose copy is wrong is
// the liar.
#pragma once
#include "base/identifiers.hpp"
#include "base/time.hpp"
#include "extension/metadata_wire.hpp"
#include <map>
#include <set>
#include <vector>

namespace cotorra::extension {

class info_download {
public:
  static constexpr std::uint64_t largest = 32 << 20; // bytes of an info dictionary
  static constexpr duration timeout = 5s;            // of a request
  static constexpr std::size_t most_asked = 2;       // requests with one peer at a time

  explicit info_download(info_hash const& hash) : hash_(hash) {}

  // The peer gives metadata, and says how large it is. False: no info dictionary has that
  // size, or the peer says another one each time.
  bool add_peer(peer_key, std::uint64_t size);
  void remove_peer(peer_key);

  struct to_ask {
    peer_key peer;
    std::uint32_t piece;
  };
  // The requests to send now. To be called after each event, and each second.
  std::vector<to_ask> next(time_point now);

  enum class arrival {
    unasked, // or too late
    absurd,  // of the wrong length or total size: the peer is broken
    taken,
    proven, // that was the last one: info() is there
    mixed,  // the whole is wrong, and several peers gave it: all begins anew
    lied    // the whole is wrong, and this peer alone gave it
  };
  arrival data(peer_key, metadata_message const&, time_point now);
  void rejected(peer_key, std::uint32_t piece, time_point now);

  bool done() const { return !info_.empty(); }
  buffer const& info() const { return info_; }
  std::size_t peers() const { return peers_.size(); } // that give metadata
  // Of the download that is furthest: bytes that are here, and its size.
  struct progress {
    std::uint64_t done = 0, size = 0;
  };
  progress best() const;

private:
  struct request {
    std::uint32_t piece;
    time_point sent;
  };
  struct peer {
    std::uint64_t size = 0;
    std::vector<request> asked;
    time_point not_before{};
    unsigned failures = 0;
  };
  struct copy { // of the metadata, in one size
    std::vector<buffer> pieces;
    std::size_t here = 0; // pieces
    std::set<peer_key> givers;
    bool one_giver = false;       // a mixture was wrong
    std::optional<peer_key> only; // then: the peer whose turn it is
  };

  bool may_give(peer_key, peer const&, copy const&, time_point now) const;
  void choose_giver(std::uint64_t size, copy&, time_point now);
  std::optional<std::uint32_t> free_piece(std::uint64_t size, copy const&) const;
  bool is_asked(std::uint64_t size, std::uint32_t piece) const;
  void expire(peer_key, peer&, time_point now);
  void failed(peer_key, peer&, time_point now);
  arrival judge(peer_key from, copy&);
  static void begin_anew(copy&);
  void drop_orphans();

  info_hash const hash_;
  std::map<peer_key, peer> peers_;
  std::map<std::uint64_t, copy> copies_; // by size
  buffer info_;
};

} // namespace cotorra::extension
