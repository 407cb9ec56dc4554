// Two pieces, block by block; the last is short. One byte is flipped on its way, once.
#include "../book/desk.hpp"
#include "base/sha.hpp"
#include "io/memory_pipe.hpp"
#include "message/message_talk.hpp"
#include "piece/open_piece.hpp"
using namespace cotorra;
using namespace cotorra::piece;
namespace {
piece_layout const layout(40'000, 32 * 1024);
buffer const content(layout.total_length(), std::byte{'c'});
bytes part(message::request const& r) {
  return bytes(content).subspan(layout.offset(r.piece) + r.begin, r.length);
}

task<> seed(io::stream& wire) {
  io::reader in(wire);
  message::message_reader requests(in);
  std::optional<message::any> m = co_await requests.next();
  for (int count = 1; m; ++count) {
    auto const r = std::get<message::request>(*m);
    buffer frame;
    message::encode(frame, message::piece{r.piece, r.begin, part(r)});
    if (count == 3) frame[13] ^= std::byte{1}; // of the block
    co_await io::write(wire, frame);
    m = co_await requests.next();
  }
}

task<> get_blocks(open_piece& piece, io::stream& wire, message::message_reader& in) {
  for (std::uint32_t i = 0; i < piece.block_count(); ++i) {
    block const b = layout.block_at(piece.index(), i); // the last may be short
    auto const frame = to_frame(message::request{b.piece, b.begin, b.length});
    co_await io::write(wire, frame.view());
    std::optional<message::any> const m = co_await in.next();
    piece.write_block(b, std::get<message::piece>(m.value()).block, wire.remote());
  }
}

task<> leech(io::stream& wire) {
  io::reader in(wire);
  message::message_reader blocks(in);
  buffer_pool memory;
  for (piece_index i = 0; i < layout.piece_count();) {
    open_piece piece(layout, i, memory);
    co_await get_blocks(piece, wire, blocks);
    bool const right = piece.digest() == sha1(part({i, 0, layout.size(i)}));
    fmt::print("piece {}: {}\n", i, right ? "right" : "wrong, once more");
    if (right) ++i;
  }
  wire.close();
}
} // namespace
int main() {
  desk table;
  auto [near_end, far_end] = io::memory_stream::pair(table.executor());
  table.start(seed(*far_end));
  table.start(leech(*near_end));
  table.run();
}
