// Chooses which blocks to request from which peer: a random first piece, then rarest
// first, finally the endgame (B. Cohen, "Incentives Build Robustness in BitTorrent",
// 2003; for the endgame, BEP 3).
//
// A piece is always in exactly one state:
//   not_needed   not wanted, and not begun
//   missing      wanted, and not begun
//   queued       open, with blocks that are still to be requested
//   in_flight    open, with every block requested or arrived
//   have         here and verified
// Every call per block or per HAVE is O(1), and allocates nothing once the lists have
// grown.
#pragma once
#include "base/bitfield.hpp"
#include "base/random.hpp"
#include "piece/availability.hpp"
#include "piece/block_table.hpp"
#include "piece/layout.hpp"
#include <optional>
#include <unordered_map>

namespace cotorra::piece {

enum class piece_state : std::uint8_t { not_needed, missing, queued, in_flight, have };

// What to do with a block that has arrived.
enum class arrival {
  wanted,      // requested from this peer, and missing: write it
  duplicate,   // we have it already: drop it
  unrequested, // not requested from this peer, or no longer (give_back): drop it
};

class piece_picker {
public:
  // All pieces start as wanted and missing.
  piece_picker(piece_layout const&, random_source&);

  // What the peers have. Each bitfield has one bit per piece of the torrent. A peer with
  // every piece costs O(1). remove_peer needs the bitfield of add_peer plus every
  // peer_got since.
  void add_peer(bitfield const&);
  void remove_peer(bitfield const&);
  void peer_got(piece_index); // HAVE

  // What we have and want. mark_have: a piece was found on the disk.
  void mark_have(piece_index);
  void lost(piece_index); // it is no longer here: another program changed the files
  // An open piece is finished even if it is no longer wanted.
  void set_wanted(piece_index, bool);
  void set_sequential(bool on) { sequential_ = on; } // in order: to play while loading
  // Bounds the number of open pieces, each of which costs memory.
  void set_most_open(std::size_t pieces) { most_open_ = pieces; }
  bool may_open() const { return open_.size() < most_open_; }

  // Appends up to `count` blocks to request from this peer, which must have been added
  // and has `peer_has`, and marks them as requested. First from the open pieces that this
  // peer works on, then from new pieces, then from open pieces of other peers. In the
  // endgame, and when no more pieces may be opened, a peer without requests gets one
  // block that was requested from other peers.
  void pick(peer_key, bitfield const& peer_has, std::size_t count,
            std::vector<block>& out);
  arrival arrived(peer_key, block const&);
  // Appends the other peers that were asked for this block: send them a cancel, but do
  // not call give_back for them, since arrived() did that.
  void others_of(block const&, peer_key, std::vector<peer_key>& out) const;
  // The peer is late with this block and may still send it: other peers may be asked too.
  void late(peer_key, block const&);
  // The peer will not send this block (it choked us, rejected the request, lost it,
  // left).
  void give_back(peer_key, block const&);
  // The peer chokes us or has left: other peers may take over its pieces. O(open pieces).
  void forget(peer_key);

  // All blocks are here: hash the piece, then call verified or failed.
  bool complete(piece_index) const;
  void verified(piece_index);
  // Frees all its blocks. From now on only one peer at a time is asked for them: if the
  // piece is bad again, we know which peer sent it.
  void failed(piece_index);
  void drop(piece_index); // forgets the blocks of an open piece, without blame
  // It has failed its hash, and no good copy has arrived yet.
  bool is_suspect(piece_index i) const { return pieces_[i].suspect; }
  // The peer that works on an open piece, if any.
  std::optional<peer_key> owner(piece_index) const;

  bool interesting(bitfield const& peer_has) const; // has the peer a piece that we lack?
  bool wants(piece_index i) const { return lacking_[i]; } // the same for one HAVE, O(1)
  // Every block that a peer could send has been requested, and some have not arrived.
  bool in_endgame() const;

  bitfield const& have() const { return have_; }
  bitfield const& lacking() const { return lacking_; }         // wanted, and not here
  std::size_t wanted_left() const { return lacking_.count(); } // pieces
  bool is_wanted(piece_index i) const { return pieces_[i].wanted; }
  std::size_t open_pieces() const { return open_.size(); } // queued and in flight
  // Blocks requested and not arrived: of all peers, or of one peer.
  std::size_t requested() const { return requested_; }
  std::size_t requested(peer_key) const;
  piece_state state(piece_index i) const { return pieces_[i].state; }
  std::uint32_t availability(piece_index i) const { return swarm_.of(i); }
  piece_layout const& layout() const { return layout_; }
  // For tests: every list agrees with every other. O(pieces).
  bool consistent() const;

private:
  struct piece_info {
    piece_state state = piece_state::missing;
    bool wanted = true;
    bool suspect = false;    // has failed its hash
    std::uint32_t slot = 0;  // in tables_, while open
    std::uint32_t spot = 0;  // in open_, while open
    std::uint32_t queue = 0; // in queued_, while queued
  };

  bool is_open(piece_index i) const {
    return pieces_[i].state == piece_state::queued ||
           pieces_[i].state == piece_state::in_flight;
  }
  block_table& table(piece_index i) { return tables_[pieces_[i].slot]; }
  block_table const& table(piece_index i) const { return tables_[pieces_[i].slot]; }

  // The state of a piece that is neither open nor here.
  piece_state idle_state(piece_index i) const {
    return pieces_[i].wanted ? piece_state::missing : piece_state::not_needed;
  }
  void move_to(piece_index, piece_state);
  void leave(piece_index);
  void open(piece_index, peer_key owner);
  void close(piece_index, piece_state next);
  std::size_t take(piece_index, peer_key, std::size_t count, std::vector<block>& out);
  std::size_t take_open(peer_key, bitfield const&, std::size_t count,
                        std::vector<block>& out, bool of_others);
  std::size_t take_new(peer_key, bitfield const&, std::size_t count,
                       std::vector<block>& out);
  std::optional<piece_index> choose(bitfield const& peer_has);
  std::size_t take_late(peer_key, bitfield const&, std::size_t count,
                        std::vector<block>& out);
  void take_duplicate(peer_key, bitfield const&, std::vector<block>& out);
  void one_less(peer_key);

  piece_layout layout_;
  random_source& random_;
  availability_buckets swarm_;
  std::vector<piece_info> pieces_;
  bitfield have_, lacking_, missing_; // lacking: wanted, not here; missing: the state
  std::vector<block_table> tables_;   // of open pieces; reused after that
  std::vector<std::uint32_t> free_tables_;
  std::vector<piece_index> open_, queued_;
  std::vector<block> late_; // requested, but other peers may be asked too
  std::size_t most_open_ = ~std::size_t{0};
  std::unordered_map<peer_key, std::uint32_t> asked_; // blocks; only peers with some
  std::size_t requested_ = 0;
  bool sequential_ = false;
  bool first_verified_ = false; // until then random pieces, to have one to trade soon
};

} // namespace cotorra::piece
