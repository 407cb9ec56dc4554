// The peer as a downloader: its slot, its requests, the blocks that it gets.
#include "piece/block_reader_talk.hpp"
#include "session/peer_connection.hpp"

namespace cotorra::session {

void peer_connection::choke() {
  if (!state_.apply(choke::side::we, choke::choke_move::choke)) return;
  slot_.choked(world_.clock.now(), wastes_);
  talk_.out().send(message::choke{});
  for (piece::block const& b : uploads_.take_all()) refuse(b);
}

void peer_connection::unchoke() {
  if (!state_.apply(choke::side::we, choke::choke_move::unchoke)) return;
  talk_.out().send(message::unchoke{});
  slot_.unchoked(world_.clock.now());
  wastes_ = false;
}

void peer_connection::refuse(piece::block b) {
  if (fast_) talk_.out().send(message::reject_request{b.piece, b.begin, b.length});
}

// A peer that gives us something may take as little as it likes (tit-for-tat), and its
// requests may wait behind its blocks. Of the others we expect that they take something,
// unless our uplink is full.
choke::choke_candidate peer_connection::candidate(time_point now, bool seeding,
                                                  bool uplink_is_full) {
  double const rate = (seeding ? up_ : down_).smooth_per_second(now);
  bool const idle = uploads_.empty() && talk_.outbox().queued() == 0;
  bool const gives = !seeding && rate > 0;
  duration const first = gives            ? choke::slot_watch::between
                         : uplink_is_full ? choke::slot_watch::patience
                                          : choke::slot_watch::short_patience;
  double const taken = up_.average(now, choke::slot_watch::measured / 1s);
  wastes_ = slot_.is_barred(now) || (idle && slot_.asks_for_nothing(now, first)) ||
            (!gives && !uplink_is_full && slot_.takes_little(now, taken));
  return {.key = key(),
          .interested = state_.peer_interested,
          .unchoked = !state_.am_choking,
          .snubbed = requests_.snubbed(),
          .wastes = wastes_,
          .rate = rate,
          .connected_at = connected_at()};
}

// Answers requests: one read from the disk for each run of blocks, a little ahead of the
// socket.
task<> peer_connection::serve() {
  for (;;) {
    while (uploads_.empty()) co_await upload_wake_.wait();
    co_await talk_.outbox().below(settings_.send_watermark);
    std::vector<piece::block> run = uploads_.take_run(settings::largest_run);
    if (run.empty()) continue; // cancelled or choked meanwhile
    co_await send_run(std::move(run));
  }
}

task<> peer_connection::send_run(std::vector<piece::block> run) {
  std::size_t const size = run.back().begin + run.back().length - run.front().begin;
  std::uint64_t const offset =
      content_.layout().offset(run.front().piece) + run.front().begin;
  std::shared_ptr<piece::buffer_pool::loan const> data;
  try {
    shared_disk& disk = content_.disk();
    data = co_await piece::read_blocks(disk.lane, disk.memory, content_.files(), offset,
                                       size);
  } catch (std::system_error const& e) {
    host_.disk_failed(e.code());
    co_return;
  }
  time_point const now = world_.clock.now();
  for (piece::block const& b : run) {
    bytes const part = data->view().subspan(b.begin - run.front().begin, b.length);
    talk_.out().send_block(b.piece, b.begin, part, data);
  }
  up_.add(size, now);
  host_.block_sent(size, now);
  last_block_ = now;
  talk_.spoke(now);
}

} // namespace cotorra::session
