// The stream of messages, in any parts: the same messages, and each has one way to be
// said.
#include "base/bitfield.hpp"
#include "fuzz/fuzz.hpp"
#include "io/memory_pipe.hpp"
#include "message/message_talk.hpp"
#include "support/bench.hpp"

namespace cotorra::fuzz {
namespace {

constexpr std::size_t limit = 2000;

// All messages until the end or the first offence, written anew.
io::task<> listen(message::message_reader& in, buffer& again, std::size_t& count) {
  for (bool more = true; more; more = co_await in.fill())
    while (auto const frame = in.next_frame()) {
      demand(frame->size() <= limit, "no frame is beyond the limit");
      message::any const m = message::decode(*frame);
      message::encode(again, m);
      demand(!message::name(m).empty(), "every message has a name");
      if (auto const* b = std::get_if<message::bitfield>(&m))
        if (auto const bits = bitfield::decode(b->bits, b->bits.size() * 8))
          demand(bits->count() <= b->bits.size() * 8, "no more pieces than bits");
      ++count;
    }
}

struct heard {
  buffer again;
  std::size_t count = 0;
  std::optional<bool> ended;
};

heard hear(bytes input, std::optional<std::uint8_t> cut) {
  heard h;
  static test::bench desk;
  auto [near, far] = io::memory_stream::pair(desk.executor());
  io::reader from(*near);
  message::message_reader in(from, limit);
  auto const talk = desk.start(listen(in, h.again, h.count));
  auto const say = [&](bytes part) {
    far->say(part);
    desk.settle();
  };
  if (cut)
    in_parts(input, *cut, say);
  else
    say(input);
  far->close();
  desk.settle();
  h.ended = unless_refused([&] { return talk->get(), true; });
  return h;
}

} // namespace

void target(bytes input) {
  choices from(input);
  std::uint8_t const cut = from.byte();
  bytes const words = from.rest();
  heard const whole = hear(words, {}), parts = hear(words, cut);
  demand(whole.again == parts.again && whole.count == parts.count &&
             whole.ended == parts.ended,
         "cut or whole, the same is heard");
  demand(whole.again.size() <= words.size() &&
             std::ranges::equal(whole.again, words.first(whole.again.size())),
         "said again it is the same");
  if (whole.ended) demand(whole.again.size() == words.size(), "nothing is passed over");
}

} // namespace cotorra::fuzz
