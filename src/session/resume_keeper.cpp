#include "session/resume_keeper.hpp"
#include "io/offload.hpp"
#include "piece/learned_file.hpp"
#include "piece/resume_file.hpp"

namespace cotorra::session {
namespace {

// A quit of the user waits for this. Many small files take longer.
constexpr std::chrono::seconds flush_time{1};

} // namespace

resume_keeper::resume_keeper(io::world const& w, info_hash const& hash,
                             piece::storage& files, piece::piece_layout const& layout,
                             piece::disk_lane& lane)
    : world_(w), hash_(hash), files_(files), layout_(layout), lane_(lane),
      saved_(layout.piece_count()) {}

task<piece::resume_plan> resume_keeper::begin(bool check_all) {
  auto work = [this, check_all] { return look(check_all); };
  piece::resume_plan plan = co_await io::offload(world_.workers, work);
  co_return plan;
}

piece::resume_plan resume_keeper::look(bool check_all) {
  std::optional<piece::resume_state> state;
  if (!check_all) state = piece::load_resume(files_.root(), hash_);
  piece::file_stamps const now = piece::stamp_files(files_);
  piece::resume_plan plan =
      piece::plan_resume(state ? &*state : nullptr, hash_, files_.files(), layout_, now);
  // What the check finds may have been written by another process and not be on the disk
  // itself yet.
  for (std::size_t f = 0; f < now.size(); ++f)
    if (now[f] && !(state && f < state->files.size() && now[f] == state->files[f]))
      files_.flush_next(f);
  if (plan.to_check.none()) {
    saved_ = plan.believed;
    saved_settled_ = true;
  }
  return plan;
}

task<> resume_keeper::save(bitfield have, bool settled) {
  if (broken_ || (have == saved_ && (saved_settled_ || !settled))) co_return;
  auto work = [this, &have, settled] { return write(have, settled); };
  // while it flushes, a thread that writes has to wait
  bool const written = co_await lane_.run(std::ref(work), piece::effort::lengthy);
  if (!written) co_return;
  saved_ = std::move(have);
  saved_settled_ = settled;
}

bool resume_keeper::write(bitfield const& have, bool settled) {
  broken_ = static_cast<bool>(files_.flush(flush_time));
  if (broken_) return false;
  piece::file_stamps stamps = piece::stamp_quiet_files(files_);
  // Changed by another program, or not flushed yet: the next start shall check it.
  for (std::size_t f = 0; f < stamps.size(); ++f)
    if (!files_.untouched(f) || !files_.is_flushed(f)) stamps[f].reset();
  piece::resume_state const state{hash_, layout_.piece_length(), have, std::move(stamps),
                                  settled};
  return !piece::save_resume(files_.root(), state);
}

task<> resume_keeper::remove(bool for_good) {
  auto work = [this, for_good] {
    piece::remove_resume(files_.root(), hash_);
    if (for_good) piece::remove_learned(files_.root(), hash_);
  };
  co_await io::offload(world_.workers, work);
  saved_ = bitfield(layout_.piece_count());
  saved_settled_ = false;
}

} // namespace cotorra::session
