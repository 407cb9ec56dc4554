// Write tokens: they are good for one address, one torrent, and a few minutes.
#include "09-dht/print.hpp"
#include "dht/tokens.hpp"

using namespace cotorra;
using namespace cotorra::dht;

namespace {

constexpr keyed_hash::key secret{std::byte{1}}, another{std::byte{2}};
time_point const start{tokens::period * 100};

ip_address address(std::string_view text) { return ip_address::parse(text).value(); }
node_id torrent(int n) {
  node_id id;
  id.value[0] = static_cast<std::byte>(n);
  return id;
}

} // namespace

TEST_CASE("a token is accepted from the address that it was given to, for its torrent") {
  tokens const ours(secret);
  for (char const* text : {"192.0.2.1", "2001:db8::1"}) {
    buffer const token = ours.give(address(text), torrent(1), start);
    CHECK(token.size() == 8);
    CHECK(ours.accepts(token, address(text), torrent(1), start));
    CHECK_FALSE(ours.accepts(token, address("192.0.2.2"), torrent(1), start));
    CHECK_FALSE(ours.accepts(token, address(text), torrent(2), start));
  }
}

TEST_CASE("a token of another node, or cut, or lengthened, is refused") {
  tokens const ours(secret), theirs(another);
  ip_address const asker = address("192.0.2.1");
  CHECK_FALSE(
      ours.accepts(theirs.give(asker, torrent(1), start), asker, torrent(1), start));
  buffer token = ours.give(asker, torrent(1), start);
  CHECK_FALSE(ours.accepts({}, asker, torrent(1), start));
  CHECK_FALSE(ours.accepts(bytes(token).first(7), asker, torrent(1), start));
  token.push_back(std::byte{0});
  CHECK_FALSE(ours.accepts(token, asker, torrent(1), start));
}

TEST_CASE("tokens change every five minutes, and the last ones are still accepted") {
  tokens const ours(secret);
  ip_address const asker = address("192.0.2.1");
  auto const good_at = [&](buffer const& token, duration after) {
    return ours.accepts(token, asker, torrent(1), start + after);
  };
  buffer const early = ours.give(asker, torrent(1), start);
  buffer const late = ours.give(asker, torrent(1), start + 5min - 1ns);
  CHECK(early == late);
  CHECK(ours.give(asker, torrent(1), start + 5min) != early);
  CHECK(good_at(early, 10min - 1ns)); // so a token lives between five and ten minutes
  CHECK_FALSE(good_at(early, 10min));
  CHECK_FALSE(good_at(early, -1ns)); // before it was given
}
