// A node must be of no use to amplify: what it answers to a forged sender is at most
// three times what it was asked.
#include "09-dht/print.hpp"
#include "dht/answer_size.hpp"
#include <algorithm>

using namespace cotorra;
using namespace cotorra::dht;
using method = query::method;

namespace {

endpoint at(std::string_view text) { return endpoint::parse(text).value(); }

message answer_of(std::size_t v4, std::size_t v6, std::size_t peers, std::size_t token) {
  answer a;
  for (std::size_t i = 0; i < v4 + v6; ++i) {
    contact c{{}, at(i < v4 ? "192.0.2.1:6881" : "[2001:db8::1]:6881")};
    c.id.value[0] = static_cast<std::byte>(i);
    a.nodes.push_back(c);
  }
  a.peers.resize(peers, at("192.0.2.2:6881"));
  a.token.resize(token);
  a.your_address = at("198.51.100.1:6881");
  return {buffer(2), a, "CO00"};
}

std::size_t length_of_question(method what, std::string version = {}) {
  query q;
  q.what = what;
  return encode({buffer(2), q, std::move(version)}).size();
}

answer fitted(std::size_t most, message const& m) {
  auto const datagram = encode_within(most, m);
  REQUIRE(datagram);
  CHECK(datagram->size() <= most);
  auto const read = decode(*datagram);
  REQUIRE(read);
  CHECK(read->transaction == m.transaction);
  return std::get<answer>(read->body);
}
std::size_t count_v6(answer const& a) {
  return static_cast<std::size_t>(std::ranges::count_if(
      a.nodes, [](contact const& c) { return c.at.address.is_v6; }));
}

} // namespace

TEST_CASE(
    "an answer is three times the question, or a datagram where the address is proven") {
  CHECK(longest_answer(100, false) == 300);
  CHECK(longest_answer(65507, false) == 1024);
  CHECK(longest_answer(100, true) == 1024);
  CHECK(longest_answer(0, false) == 0);
}

TEST_CASE("what fits is not touched") {
  message const m = answer_of(8, 8, 20, 8);
  CHECK(encode_within(1024, m) == encode(m));
}

TEST_CASE(
    "the shortest find_node of all is answered with seven nodes, others with eight") {
  std::size_t const bare = length_of_question(method::find_node);
  CHECK(bare == 92);
  CHECK(fitted(longest_answer(bare, false), answer_of(8, 0, 0, 0)).nodes.size() == 7);
  std::size_t const with_version = length_of_question(method::find_node, "LT01");
  CHECK(fitted(longest_answer(with_version, false), answer_of(8, 0, 0, 0)).nodes.size() ==
        8);
}

TEST_CASE("an answer to get_peers keeps its token, some nodes and some peers") {
  std::size_t const most = longest_answer(length_of_question(method::get_peers), false);
  answer const a = fitted(most, answer_of(8, 0, 100, 8));
  CHECK(a.token.size() == 8);
  CHECK(a.nodes.size() >= 4);
  CHECK(a.nodes.front().id == node_id{}); // the nearest
  CHECK(a.peers.size() >= 7);
  CHECK(fitted(most, answer_of(0, 0, 100, 8)).peers.size() > 20); // there are no nodes
}

TEST_CASE("where both families are wanted, nodes of both are left") {
  answer const a = fitted(300, answer_of(8, 8, 0, 0));
  CHECK(count_v6(a) == 3);
  CHECK(a.nodes.size() - count_v6(a) == 3);
}

TEST_CASE("of an answer that is too long, the last nodes of each family go") {
  answer const a = fitted(300, answer_of(8, 8, 0, 0));
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(a.nodes[i].id.value[0] == static_cast<std::byte>(i));
    CHECK(a.nodes[3 + i].id.value[0] == static_cast<std::byte>(8 + i));
  }
}

TEST_CASE("an error is said shorter where it must be") {
  message const m{buffer(2), error{error::protocol, std::string(100, 'x')}};
  auto const out = encode_within(60, m);
  REQUIRE(out);
  CHECK(std::get<error>(decode(*out)->body) == error{error::protocol, ""});
}

TEST_CASE(
    "for every question that can be asked the answer keeps to its length, or is none") {
  for (std::size_t v4 : {0u, 1u, 8u})
    for (std::size_t v6 : {0u, 8u})
      for (std::size_t peers : {0u, 5u, 300u})
        for (std::size_t question = 0; question < 400; ++question) {
          message const m = answer_of(v4, v6, peers, 8);
          auto const out = encode_within(longest_answer(question, false), m);
          CAPTURE(v4, v6, peers, question);
          REQUIRE((out ? out->size() : 0) <= 3 * question);
          if (question >= 60) REQUIRE(out); // less is no question
        }
}
