// Peers that send wrong blocks.
#include "hostile/zoo.hpp"

namespace cotorra::hostile {
namespace {

task<> serve_blocks(visit& v, bool (*right)(message::request const&)) {
  co_await v.pose_as_seeder();
  for (;;) {
    co_await v.flush();
    auto const r = co_await v.next_request();
    v.put_block(r, right(r));
  }
}

bool never(message::request const&) { return false; }
bool every_other(message::request const& r) { return r.begin / r.length % 2 == 0; }

task<> poisoner(visit& v) { co_await serve_blocks(v, never); }
task<> half_poisoner(visit& v) { co_await serve_blocks(v, every_other); }

task<> hit_and_run(visit& v) {
  co_await v.pose_as_seeder();
  co_await v.flush();
  for (int blocks = 0; blocks < 2; ++blocks) {
    auto const r = co_await v.next_request();
    v.put_block(r, false);
  }
  co_await v.flush(); // then leaves, before the victim can check the piece
}

task<> unwanted_blocks(visit& v) {
  co_await v.answer();
  v.put_all_pieces();
  for (int i = 0; i < 300; ++i) v.put_block({1, 0, 16 * 1024}, true);
  co_await v.flush();
  co_await v.rest();
}

task<> block_outside(visit& v) {
  co_await v.answer();
  buffer const block(16 * 1024);
  v.put(message::piece{0, v.self.info.piece_length - 1, block});
  co_await v.flush();
  co_await v.rest();
}

species const all[] = {
    {"poisoner", "sends garbage for every block", poisoner, errc::bad_piece},
    {"half poisoner", "sends garbage for every other block", half_poisoner,
     errc::bad_piece},
    {"hit and run", "sends a garbage piece and leaves", hit_and_run, errc::end_of_stream},
    {"unwanted blocks", "sends blocks that no peer requested", unwanted_blocks,
     errc::unwanted_block},
    {"block outside", "sends a block that ends outside its piece", block_outside,
     errc::bad_index},
};

} // namespace

std::span<species const> cheats() { return all; }

} // namespace cotorra::hostile
