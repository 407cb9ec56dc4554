// What arrives becomes verified pieces: the picker says what to ask for, open pieces take
// the blocks, the workers hash and write, and blame says who is banned when a piece was
// bad.
#pragma once
#include "io/task_group.hpp"
#include "io/world.hpp"
#include "metainfo/metainfo_wire.hpp"
#include "piece/blame.hpp"
#include "piece/check_talk.hpp"
#include "piece/open_piece.hpp"
#include "piece/picker.hpp"
#include "piece/storage.hpp"
#include "session/disk_gate.hpp"
#include "session/settings.hpp"
#include <map>
#include <set>
#include <unordered_map>

namespace cotorra {

class download {
public:
  // Who is told what came of it.
  class audience {
  public:
    virtual ~audience() = default;
    virtual void piece_verified(piece_index) = 0;
    virtual void piece_failed() = 0; // its blocks are free again
    virtual void peer_poisoned(offender const&) = 0;
    virtual void disk_failed(std::error_code) = 0;
  };

  download(io::world, settings const&, metainfo const&, piece_layout const&, storage&,
           audience&);

  piece_layout const& layout() const { return layout_; }
  piece_picker& picker() { return picker_; }
  piece_picker const& picker() const { return picker_; }
  bitfield const& have() const { return picker_.have(); }
  disk_gate& gate() { return gate_; }

  // Up to `count` blocks to ask this peer for; they count as asked for.
  void pick(peer_key, bitfield const& peer_has, std::size_t count,
            std::vector<block>& out);
  // A block that this peer was asked for has come. A piece that is complete with it is
  // hashed and written by a member of `group`.
  arrival arrived(peer_key, endpoint const& from, block, bytes data,
                  io::task_group& group);

  // A piece that failed its hash is asked of one peer at a time, who could sit on it. The
  // pieces that one has been at for longer than our patience. To be called each second.
  std::vector<piece_index> held_suspects();
  // What came of it is forgotten, and its blocks are free for others.
  void take_from_owner(piece_index, peer_key next);
  // It was there when the round began, and has not had its turn.
  bool may_try(piece_index, peer_key, time_point connected_at) const;
  void begin_round(piece_index); // all have tried it: each may again, for twice as long

  // Forgets what is unfinished (the peers are gone).
  void drop_open_pieces();

  std::uint64_t failed_bytes() const { return failed_bytes_; }
  std::uint64_t redundant_bytes() const { return redundant_bytes_; }

private:
  struct suspect {
    std::optional<peer_key> owner;
    time_point since; // it is the owner's
    duration patience;
    time_point round_began;
    std::set<peer_key> tried; // in this round
  };

  std::shared_ptr<open_piece> opened(piece_index);
  task<> finish(std::shared_ptr<open_piece>);
  void settle(open_piece const&, piece_result);
  void note(piece_index, io::piece_event);

  io::world world_;
  piece_layout const& layout_;
  metainfo const& info_;
  storage& storage_;
  audience& audience_;
  std::size_t const open_limit_;
  piece_picker picker_;
  disk_gate gate_;
  buffer_pool pool_;
  blame blame_;
  std::unordered_map<piece_index, std::shared_ptr<open_piece>> open_;
  std::map<piece_index, suspect> suspects_;
  std::uint64_t failed_bytes_ = 0, redundant_bytes_ = 0;
};

} // namespace cotorra
