// Datagrams of the DHT: what is read is bounded, can be written, and is then read as the
// same; and an answer keeps to the length that it may have.
#include "dht/answer_size.hpp"
#include "fuzz/fuzz.hpp"

namespace cotorra::fuzz {
namespace {

using namespace dht;

void check_bounds(message const& m) {
  demand(m.transaction.size() <= longest_transaction && m.version.size() <= 32,
         "a message is bounded");
  if (auto const* const q = std::get_if<query>(&m.body))
    demand(q->name.size() <= 64 && q->token.size() <= longest_token,
           "a query is bounded");
  if (auto const* const a = std::get_if<answer>(&m.body))
    demand(a->nodes.size() <= 2 * most_nodes && a->peers.size() <= most_peers &&
               a->token.size() <= longest_token,
           "an answer is bounded");
  if (auto const* const e = std::get_if<error>(&m.body))
    demand(e->text.size() <= 200, "an error is bounded");
}

} // namespace

void target(bytes input) {
  auto const read = decode(input);
  if (!read) return;
  check_bounds(*read);
  buffer const written = encode(*read);
  auto const again = decode(written);
  demand(again.has_value(), "what was read can be written");
  demand(again->body.index() == read->body.index(), "it stays of its kind");
  demand(encode(*again) == written, "and is the same when it is read again");

  std::size_t const most = input.empty() ? 0 : std::to_integer<std::size_t>(input.back());
  auto const shorter = encode_within(3 * most, *read);
  demand(!shorter || shorter->size() <= 3 * most, "it is as short as it must be");
  demand(!shorter || decode(*shorter), "and a message still");
}

} // namespace cotorra::fuzz
