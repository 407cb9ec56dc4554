// Where the message of peer exchange ends: bounds, and lists that do not fit together.
#include "extension/pex_log.hpp"
#include "support/catch.hpp"
#include <string>

using namespace cotorra;
using namespace cotorra::extension;

namespace {

pex_message read(std::string const& text) { return decode_pex(as_bytes(text)); }
// So many addresses of one family.
std::string list(std::string const& key, std::size_t count, std::size_t size) {
  return std::to_string(key.size()) + ":" + key + std::to_string(count * size) + ":" +
         std::string(count * size, 'x');
}

} // namespace

TEST_CASE("both families together have two hundred places in each list") {
  auto const m = read("d" + list("added", 150, 6) + list("added6", 150, 18) +
                      list("dropped", 199, 6) + list("dropped6", 9, 18) + "e");
  REQUIRE(m.added.size() == 200);
  CHECK_FALSE(m.added[149].at.address.is_v6);
  CHECK(m.added[150].at.address.is_v6);
  CHECK(m.dropped.size() == 200);
  CHECK(read("d" + list("added", 200, 6) + "e").added.size() == 200);
}

TEST_CASE("fewer flags than peers are zeros, and more are not looked at") {
  auto const m = read("d5:added18:aaaaaabbbbbbcccccc7:added.f2:\x11\x02"
                      "e");
  REQUIRE(m.added.size() == 3);
  CHECK(m.added[0].flags == (pex_flag::reachable | pex_flag::prefers_encryption));
  CHECK(m.added[1].flags == pex_flag::seed);
  CHECK(m.added[2].flags == 0);
  CHECK(read("d5:added6:aaaaaa7:added.f3:\x01\x02\x04"
             "e")
            .added.size() == 1);
}

TEST_CASE("an address is four or sixteen bytes and two of port, the high one first") {
  auto const m = read("d5:added6:\x7f\x01\x01\x02\x1a\xe1"
                      "8:dropped618:" +
                      std::string(15, '\x20') +
                      "\x01\x1a\xe2"
                      "e");
  REQUIRE(m.added.size() == 1);
  CHECK(m.added[0].at.text() == "127.1.1.2:6881");
  REQUIRE(m.dropped.size() == 1);
  CHECK(m.dropped[0].port == 6882);
  CHECK(m.dropped[0].address.is_v6);
}

TEST_CASE("a message that only says which peers left is not empty") {
  pex_message m;
  CHECK(m.empty());
  m.dropped = {endpoint::parse("192.0.2.1:6881").value()};
  CHECK_FALSE(m.empty());
  buffer const out = encode(m);
  CHECK(decode_pex(out) == m);
}

TEST_CASE("unknown keys of ut_pex are passed over, ten deep and no deeper") {
  auto const nested = [](std::size_t depth) {
    return "d1:x" + std::string(depth - 1, 'l') + std::string(depth - 1, 'e') + "e";
  };
  CHECK(read(nested(10)).empty());
  CHECK_THROWS_AS(read(nested(11)), protocol_error);
  CHECK(read("d1:xi007eexyz").empty());
}

TEST_CASE("two hundred values in ut_pex are passed over, and more refused") {
  auto const values = [](int n) {
    std::string out = "d1:xl";
    for (int i = 0; i < n; ++i) out += "0:";
    return out + "ee";
  };
  CHECK(read(values(195)).empty()); // and the dictionary, its key, the list, two ends
  CHECK_THROWS_AS(read(values(196)), protocol_error);
}

TEST_CASE("the last peer that was named is told of as well when it leaves") {
  endpoint const one = endpoint::parse("192.0.2.1:6881").value(),
                 listener = endpoint::parse("192.0.2.9:6881").value();
  pex_log log;
  pex_log::mark heard = 0;
  log.joined(one, 0);
  log.since(heard, listener);
  log.left(one);
  CHECK(log.since(heard, listener).dropped == std::vector<endpoint>{one});
}
