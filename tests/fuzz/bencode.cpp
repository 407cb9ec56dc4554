// What decodes has one way to be written (BEP 3), and a stream gives the same as a
// buffer.
#include "bencode/decode_wire.hpp"
#include "bencode/encode_wire.hpp"
#include "bencode/read_talk.hpp"
#include "fuzz/fuzz.hpp"
#include "io/memory_pipe.hpp"
#include "support/bench.hpp"

namespace cotorra::fuzz {
namespace {

void write(bencode::writer& w, bencode::value v) {
  if (v.is_integer()) return w.integer(v.integer());
  if (v.is_string()) return w.string(v.string());
  if (v.is_list()) {
    w.list();
    for (bencode::value each : v.elements()) write(w, each);
  } else {
    w.dictionary();
    for (auto [key, each] : v.entries()) {
      demand(v.find(key).raw().data() == each.raw().data(), "a key finds its value");
      w.key(key);
      write(w, each);
    }
  }
  w.end();
}

std::optional<buffer> read_from_stream(bytes input) {
  static test::bench desk;
  auto [near, far] = io::memory_stream::pair(desk.executor());
  io::reader in(*near);
  auto const reading = desk.start(bencode::read(in));
  in_parts(input, 1, [&](bytes part) {
    if (reading->done) return;
    far->say(part);
    desk.settle();
  });
  far->close();
  desk.settle();
  return unless_refused([&] { return reading->get(); });
}

} // namespace

void target(bytes input) {
  auto const first = unless_refused([&] { return bencode::decode_prefix(input); });
  auto const streamed = read_from_stream(input);
  demand(first.has_value() == streamed.has_value(), "a stream is read like a buffer");
  if (!first) return;
  bytes const value = first->root().raw();
  demand(std::ranges::equal(*streamed, value), "from a stream come the same bytes");
  auto const whole = unless_refused([&] { return bencode::decode(input); });
  demand(whole.has_value() == (value.size() == input.size()),
         "decode() takes all or none");
  if (first->first_disorder()) return;
  buffer again;
  bencode::writer w(again);
  write(w, first->root());
  demand(w.done() && std::ranges::equal(again, value), "written again it is the same");
}

} // namespace cotorra::fuzz
