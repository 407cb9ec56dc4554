// An answer means the same however the network cuts it.
#include "fuzz/fuzz.hpp"
#include "http/body.hpp"

namespace cotorra::fuzz {
namespace {

constexpr std::size_t limit = 4096;

struct outcome {
  buffer body;
  std::size_t used = 0;
  bool done = false;
  std::optional<errc> error;
};

outcome decode(http::response_head const& head, bytes rest,
               std::optional<std::uint8_t> cut) {
  outcome o;
  try {
    http::body_decoder body(head, limit);
    auto const give = [&](bytes part) {
      if (!body.done()) o.used += body.take(part, o.body);
    };
    if (cut)
      in_parts(rest, *cut, give);
    else
      give(rest);
    demand(body.done() || o.used == rest.size(), "what is no body's end is taken");
    body.stream_ended();
    o.done = body.done();
  } catch (protocol_error const& e) {
    o.error = e.code();
  }
  demand(o.body.size() <= limit, "the limit holds");
  demand(o.done != o.error.has_value(), "it is complete, or it is refused");
  return o;
}

} // namespace

void target(bytes input) {
  choices from(input);
  std::uint8_t const cut = from.byte();
  bytes const all = from.rest();
  auto const size = unless_refused([&] { return http::head_size(all); });
  if (!size || !*size) return;
  bytes const head_bytes = all.first(**size), rest = all.subspan(**size);
  auto const head =
      unless_refused([&] { return http::decode_response_head(head_bytes); });
  if (!head) return;
  demand(head->status >= 100 && head->status <= 999, "a status has three digits");
  outcome const whole = decode(*head, rest, {}), parts = decode(*head, rest, cut);
  demand(whole.error == parts.error, "cut or whole, it is refused alike");
  if (whole.error) return;
  demand(whole.used == parts.used && whole.body == parts.body,
         "cut or whole, it is one body");
}

} // namespace cotorra::fuzz
