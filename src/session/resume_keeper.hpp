// Keeps the resume state of one torrent on the disk while it downloads, so that the next
// start need not read what is there. Optional: where nothing can be written, the next
// start checks. All of its work on the disk runs in the workers, and none of it takes
// much longer than a second: what is not flushed by then is checked next time.
#pragma once
#include "io/world.hpp"
#include "piece/disk_lane_talk.hpp"
#include "piece/resume_plan.hpp"
#include "piece/storage.hpp"

namespace cotorra::session {

class resume_keeper {
public:
  static constexpr duration interval = 30s; // of the saves while pieces come

  resume_keeper(io::world const&, info_hash const&, piece::storage&,
                piece::piece_layout const&, piece::disk_lane&);

  // At the start: which pieces to believe of the state that was left here, if any.
  // check_all: nothing.
  task<piece::resume_plan> begin(bool check_all);
  // settled: nothing is being written to the files at this moment. Does nothing when that
  // is saved already. One call at a time.
  task<> save(bitfield have, bool settled);
  // For good: leaves nothing of ours behind. Else the .torrent that a magnet link brought
  // stays.
  task<> remove(bool for_good);

private:
  piece::resume_plan look(bool check_all);
  bool write(bitfield const& have, bool settled);

  io::world const& world_;
  info_hash hash_;
  piece::storage& files_;
  piece::piece_layout const& layout_;
  piece::disk_lane& lane_;
  bitfield saved_; // what the state on the disk says
  bool saved_settled_ = false;
  bool broken_ = false; // the disk failed to flush: what it holds is unknown
};

} // namespace cotorra::session
