// From an info_hash to the info dictionary: two parts, and their hash proves them.
#include "../book/desk.hpp"
#include "base/sha.hpp"
#include "extension/info_download.hpp"
#include "extension/peer_extensions.hpp"
#include "io/memory_pipe.hpp"
#include "message/message_talk.hpp"
using namespace cotorra;
using namespace cotorra::extension;

void put(buffer& to, std::uint8_t id, bytes b) { encode(to, message::extended{id, b}); }
task<> seed(io::stream& wire, bytes info) { // its number for ut_metadata is 3
  buffer out;
  put(out, 0, as_bytes("d1:md11:ut_metadatai3ee13:metadata_sizei18100ee"));
  io::reader in(wire);
  message::message_reader messages(in);
  their_ids theirs;
  info_server server(info);
  for (;;) {
    co_await io::write(wire, out);
    std::optional<message::any> const m = co_await messages.next();
    if (!m) break;
    out.clear();
    auto const& e = std::get<message::extended>(*m);
    if (e.extension == 0) theirs.learn(decode_handshake(e.payload).ids);
    if (e.extension != 3) continue;
    auto const answer = server.answer(decode_metadata(e.payload)->piece, {});
    put(out, theirs.of(ut_metadata), encode(answer));
  }
}
task<> learn(io::stream& wire, info_download& parts) { // its number is 1
  buffer out;
  put(out, 0, as_bytes("d1:md11:ut_metadatai1eee"));
  io::reader in(wire);
  message::message_reader messages(in);
  their_ids theirs;
  while (!parts.done()) {
    for (auto const& ask : parts.next({}))
      put(out, theirs.of(ut_metadata), encode(metadata_message{.piece = ask.piece}));
    co_await io::write(wire, out);
    out.clear();
    std::optional<message::any> const m = co_await messages.next();
    auto const& e = std::get<message::extended>(m.value());
    if (e.extension == 0) theirs.learn(decode_handshake(e.payload).ids);
    if (e.extension == 0) parts.add_peer(1, *decode_handshake(e.payload).metadata_size);
    if (e.extension == 1) parts.data(1, decode_metadata(e.payload).value(), {});
    fmt::print("{} bytes of metadata are here\n", parts.best().done);
  }
  wire.close();
}
int main() {
  buffer const info(18'100, std::byte{'i'}); // any bytes will do: only the hash counts
  desk table;
  auto [near_end, far_end] = io::memory_stream::pair(table.executor());
  info_download parts(info_hash::from(sha1(info).view()));
  table.start(seed(*far_end, info));
  table.start(learn(*near_end, parts));
  table.run();
  fmt::print("proven by its hash: {}\n", parts.info() == info);
}
