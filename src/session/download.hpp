// What arrives becomes verified pieces: the picker says what to ask for, open pieces take
// and hash the blocks, complete ones are proven and written, and blame says which peer is
// banned when a piece was bad.
#pragma once
#include "io/task_group.hpp"
#include "io/world.hpp"
#include "metainfo/metainfo_wire.hpp"
#include "piece/blame.hpp"
#include "piece/finish_talk.hpp"
#include "piece/open_piece.hpp"
#include "piece/picker.hpp"
#include "piece/storage.hpp"
#include "piece/suspects.hpp"
#include "session/disk_gate.hpp"
#include "session/settings.hpp"
#include "session/shared_disk.hpp"
#include <unordered_map>

namespace cotorra::session {

class download {
public:
  // What reports go to.
  class host {
  public:
    virtual ~host() = default;
    virtual void piece_verified(piece_index) = 0;
    // Its blocks are free again; the peer that sent the bad one is known, or not yet.
    virtual void piece_failed(piece_index, bool sender_is_known) = 0;
    virtual void peer_poisoned(piece::offender const&, piece_index) = 0;
    virtual void disk_failed(std::error_code) = 0;
  };

  download(io::world const&, settings const&, metainfo::metainfo const&,
           piece::piece_layout const&, piece::storage&, shared_disk&, host&);

  piece::piece_layout const& layout() const { return layout_; }
  piece::piece_hashes const& hashes() const { return hashes_; }
  piece::piece_picker& picker() { return picker_; }
  piece::piece_picker const& picker() const { return picker_; }
  bitfield const& have() const { return picker_.have(); }
  disk_gate& gate() { return gate_; }

  // Up to `count` blocks to ask this peer for; they count as asked for. Never opens more
  // pieces than the memory for them allows: an idle peer then helps with a block that
  // another peer was asked for, or a piece for which no block comes is given up.
  void pick(peer_key, bitfield const& peer_has, std::size_t count,
            std::vector<piece::block>& out);
  // A block that this peer was asked for is here.
  piece::arrival arrived(peer_key, endpoint const& from, piece::block, bytes data);
  // If the piece is complete now, a member of `group` proves and writes it. That may be
  // done, and reported to the host, when this returns: so report the block first.
  void finish_if_complete(piece_index, io::task_group& group);

  // To be called each second: the suspect pieces whose owners have had them too long.
  std::vector<piece_index> held_suspects();
  // Takes a suspect piece from its owner, for the candidate that is returned. What has
  // come of it is discarded, and its blocks are free. Nothing happens without a
  // candidate.
  std::optional<peer_key> hand_on(piece_index,
                                  std::span<piece::suspects::candidate const>);

  // Forgets what is unfinished (the peers are gone).
  void drop_open_pieces();

  std::uint64_t failed_bytes() const { return failed_bytes_; }
  std::uint64_t redundant_bytes() const { return redundant_bytes_; }

private:
  struct unfinished {
    std::shared_ptr<cotorra::piece::open_piece> piece;
    time_point last_block;
  };

  unfinished& opened(piece_index);
  void put(endpoint const& from, piece::block, bytes data);
  bool give_up_withheld();
  void drop(piece_index);
  task<> finish(std::shared_ptr<piece::open_piece>);
  void settle(piece::open_piece const&, piece::piece_result);
  void note(piece_index, io::piece_event);

  io::world const& world_;
  piece::piece_layout const& layout_;
  metainfo::metainfo const& info_;
  piece::piece_hashes const hashes_;
  piece::storage& storage_;
  shared_disk& disk_;
  host& host_;
  piece::piece_picker picker_;
  disk_gate gate_;
  piece::blame blame_;
  std::unordered_map<piece_index, unfinished> open_;
  piece::suspects suspects_;
  std::uint64_t failed_bytes_ = 0, redundant_bytes_ = 0;
};

} // namespace cotorra::session
