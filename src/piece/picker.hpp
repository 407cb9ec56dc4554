// Chooses what to ask of whom: a random first piece, then rarest first, at last the
// endgame (B. Cohen, "Incentives Build Robustness in BitTorrent", 2003; BEP 3 has the
// endgame).
//
// A piece is always in exactly one state:
//   not_needed   nobody wants it, and it has not been begun
//   missing      wanted, and nothing of it was asked for
//   queued       open, and some of its blocks are free to be asked for
//   in_flight    open, and every block was asked for or is here already
//   have         here and verified
// Every call that is made per block or per HAVE is O(1) and allocates nothing once the
// lists have grown.
#pragma once
#include "base/bitfield.hpp"
#include "base/random.hpp"
#include "piece/availability.hpp"
#include "piece/block_table.hpp"
#include "piece/layout.hpp"
#include <optional>
#include <unordered_map>

namespace cotorra {

enum class piece_state : std::uint8_t { not_needed, missing, queued, in_flight, have };

// What a block that came was to us.
enum class arrival {
  wanted,      // asked of this peer and lacking: write it
  duplicate,   // we have it already: drop it
  unrequested, // not (or no longer: after give_back) asked of this peer: drop it
};

class piece_picker {
public:
  // All pieces start as missing (wanted).
  piece_picker(piece_layout const&, random_source&);

  // The swarm: what the peers have. Each bitfield is as long as the torrent has pieces.
  // A peer with every piece costs O(1). The bitfield given to remove_peer is the one of
  // add_peer with every peer_got since.
  void add_peer(bitfield const&);
  void remove_peer(bitfield const&);
  void peer_got(piece_index); // HAVE

  // What we have and want. mark_have is for pieces found on the disk.
  void mark_have(piece_index);
  void lost(piece_index); // it was here, and is no more: somebody changed the files
  // A piece that is already open gets finished even when it is wanted no more.
  void set_wanted(piece_index, bool);
  void set_sequential(bool on) { sequential_ = on; } // first piece first: for watching
  // An open piece costs memory: at most so many are open at the same time.
  void set_most_open(std::size_t pieces) { most_open_ = pieces; }
  bool may_open() const { return open_.size() < most_open_; }

  // Appends up to `count` blocks for a peer that was added and has `peer_has`, and marks
  // them as asked of it. First the open pieces this peer works on, then new pieces, then
  // open pieces of other peers. In the endgame, and when no more pieces may be opened, a
  // peer of which nothing is asked gets one block that was asked of other peers.
  void pick(peer_key, bitfield const& peer_has, std::size_t count,
            std::vector<block>& out);
  arrival arrived(peer_key, block const&);
  // Appends the other peers that were asked for this block: send them a cancel. For them
  // nothing is to be given back, `arrived` did that.
  void others_of(block const&, peer_key, std::vector<peer_key>& out) const;
  // The peer is late with it, and may still send it: another peer may be asked for it
  // too.
  void late(peer_key, block const&);
  // The peer will not send it (choked us, rejected, lost it, gone).
  void give_back(peer_key, block const&);
  // It chokes us or is gone: the pieces that it works on are anybody's. O(open pieces).
  void forget(peer_key);

  // All blocks are here: hash it, then say verified or failed.
  bool complete(piece_index) const;
  void verified(piece_index);
  // All of its blocks are free again. From now on only one peer at a time is asked for
  // them: when it is bad again, it is clear who did it.
  void failed(piece_index);
  void drop(piece_index); // forgets what came of an open piece, and blames nobody
  // It did not match its hash once, and still lacks a good copy.
  bool is_suspect(piece_index i) const { return pieces_[i].suspect; }
  // Who works on an open piece; nullopt when nobody does.
  std::optional<peer_key> owner(piece_index) const;

  bool interesting(bitfield const& peer_has) const; // has it anything we want and lack?
  bool wants(piece_index i) const { return lacking_[i]; } // the same for one HAVE, O(1)
  // Every block that somebody could give has been asked for, and some have not come.
  bool in_endgame() const;

  bitfield const& have() const { return have_; }
  bitfield const& lacking() const { return lacking_; }         // wanted, and not had
  std::size_t wanted_left() const { return lacking_.count(); } // pieces
  bool is_wanted(piece_index i) const { return pieces_[i].wanted; }
  std::size_t open_pieces() const { return open_.size(); } // queued and in flight
  // Blocks that were asked for and have not come, of all peers; of one peer.
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
    bool suspect = false;    // it did not match its hash
    std::uint32_t slot = 0;  // in tables_, while it is open
    std::uint32_t spot = 0;  // in open_, while it is open
    std::uint32_t queue = 0; // in queued_, while it is queued
  };

  bool is_open(piece_index i) const {
    return pieces_[i].state == piece_state::queued ||
           pieces_[i].state == piece_state::in_flight;
  }
  block_table& table(piece_index i) { return tables_[pieces_[i].slot]; }
  block_table const& table(piece_index i) const { return tables_[pieces_[i].slot]; }

  // Where it is when it is neither open nor here.
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
  bitfield have_, lacking_, missing_; // lacking: wanted and not had; missing: the state
  std::vector<block_table> tables_;   // of open pieces; kept for the next when closed
  std::vector<std::uint32_t> free_tables_;
  std::vector<piece_index> open_, queued_;
  std::vector<block> late_; // asked for, and any other peer may be asked too
  std::size_t most_open_ = ~std::size_t{0};
  std::unordered_map<peer_key, std::uint32_t> asked_; // blocks; only peers with some
  std::size_t requested_ = 0;
  bool sequential_ = false;
  bool first_verified_ = false; // until then: random pieces, to have one to trade soon
};

} // namespace cotorra
