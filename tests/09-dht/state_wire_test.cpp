// What a node remembers from run to run, and files that are something else.
#include "09-dht/ids.hpp"
#include "dht/state_wire.hpp"

using namespace cotorra;
using namespace cotorra::dht;
using test::at, test::id, test::node, test::place;

TEST_CASE("what is remembered of both families is read again") {
  saved_state s;
  s.v4.id = id("101", 1);
  s.v4.nodes = {node("1", 2), node("01", 3)};
  s.v6.id = id("0", 4);
  s.v6.nodes = {{id("11", 5), at("[2001:db8::1]:6881")}};
  CHECK(decode_state(encode_state(s)) == s);
  CHECK(decode_state(encode_state({})) == saved_state{});
}

TEST_CASE("no more than 256 nodes of a family are kept") {
  saved_state s;
  for (unsigned n = 1; n <= 1000; ++n) s.v4.nodes.push_back(node("1", n));
  auto const read = decode_state(encode_state(s));
  REQUIRE(read);
  CHECK(read->v4.nodes.size() == most_saved);
  CHECK(read->v4.nodes.front() == s.v4.nodes.front());
}

TEST_CASE("nodes of the wrong family are neither written nor read") {
  saved_state s;
  s.v4.nodes = {{id("1", 1), at("[2001:db8::1]:1")}, node("1", 2)};
  s.v6.nodes = {node("1", 3)};
  auto const read = decode_state(encode_state(s));
  REQUIRE(read);
  CHECK(read->v4.nodes == std::vector<contact>{node("1", 2)});
  CHECK(read->v6.nodes.empty());
}

TEST_CASE("another file is no state of a node") {
  for (std::string_view const other : {"", "d", "de", "i1e", "d4:infod6:lengthi1eee",
                                       "hello", "d4:ipv4i7ee", "d4:ipv4d2:id3:abcee"}) {
    auto const read = decode_state(as_bytes(other));
    CAPTURE(other);
    if (read) CHECK(*read == saved_state{}); // the last one: an id of three bytes
  }
  CHECK_FALSE(decode_state(as_bytes("d4:ipv4i7ee")));
  CHECK_FALSE(decode_state(as_bytes("d4:infod6:lengthi1eee")));
  buffer const huge(1 << 20, std::byte{'l'});
  CHECK_FALSE(decode_state(huge));
}

TEST_CASE("a state cut anywhere gives no state, or a smaller one") {
  saved_state s;
  s.v4.id = id("101", 1);
  s.v4.nodes = {node("1", 2), node("01", 3)};
  buffer const whole = encode_state(s);
  for (std::size_t n = 0; n < whole.size(); ++n)
    CHECK_FALSE(decode_state(bytes(whole).first(n)));
  random_source random(1);
  for (int i = 0; i < 2000; ++i) {
    buffer b = whole;
    b[random.below(b.size())] = static_cast<std::byte>(random.below(256));
    auto const read = decode_state(b);
    if (read) CHECK(read->v4.nodes.size() <= 2);
  }
}
