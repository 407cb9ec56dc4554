// KRPC: the examples of BEP 5, both ways, byte for byte; what the other BEPs add; and
// what nodes of old, and strangers, send.
#include "09-dht/print.hpp"
#include "dht/krpc_wire.hpp"
#include "support/story.hpp"

using namespace cotorra;
using namespace cotorra::dht;
using method = query::method;

namespace {

buffer raw(std::string_view text) {
  bytes const b = as_bytes(text);
  return {b.begin(), b.end()};
}
node_id named(std::string_view twenty) { return node_id::from(as_bytes(twenty)); }
endpoint at(std::string_view text) { return endpoint::parse(text).value(); }

node_id const asking = named("abcdefghij0123456789");
node_id const asked = named("mnopqrstuvwxyz123456");

query asks(method what) {
  query q;
  q.what = what;
  q.id = asking;
  return q;
}
message sent(std::variant<query, answer, error> body) {
  return {raw("aa"), std::move(body)};
}

// The datagram says the message, and the message is written as the datagram.
void both_ways(std::string_view datagram, message const& said) {
  test::story s;
  s.given(std::string("an example of BEP 5: ") + std::string(datagram));
  auto const read = decode(as_bytes(datagram));
  s.expect("it is a message", read.has_value(), "decode() finds none");
  if (!read) return;
  s.expect("it says what the BEP says", *read == said, Catch::Detail::stringify(*read));
  s.expect_bytes("you write the same bytes", as_bytes(datagram), encode(said));
}

query asked_by(std::string_view datagram) {
  auto const m = decode(as_bytes(datagram));
  REQUIRE(m);
  REQUIRE(std::holds_alternative<query>(m->body));
  return std::get<query>(m->body);
}
answer answered_by(std::string_view datagram) {
  auto const m = decode(as_bytes(datagram));
  REQUIRE(m);
  REQUIRE(std::holds_alternative<answer>(m->body));
  return std::get<answer>(m->body);
}
error refused_by(std::string_view datagram) {
  auto const m = decode(as_bytes(datagram));
  REQUIRE(m);
  REQUIRE(std::holds_alternative<error>(m->body));
  return std::get<error>(m->body);
}

constexpr std::string_view example_find_node =
    "d1:ad2:id20:abcdefghij01234567896:target20:mnopqrstuvwxyz123456e1:q9:find_node1:t2:"
    "aa1:y1:qe";

} // namespace

TEST_CASE("BEP 5: a ping, and its answer") {
  both_ways("d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe",
            sent(asks(method::ping)));
  answer pong;
  pong.id = asked;
  both_ways("d1:rd2:id20:mnopqrstuvwxyz123456e1:t2:aa1:y1:re", sent(pong));
}

TEST_CASE("BEP 5: find_node") {
  query q = asks(method::find_node);
  q.target = asked;
  both_ways(example_find_node, sent(q));
}

TEST_CASE("BEP 5: the answer to find_node, whose nodes the BEP cuts short") {
  answer const a =
      answered_by("d1:rd2:id20:0123456789abcdefghij5:nodes9:def456...e1:t2:aa1:"
                  "y1:re");
  CHECK(a.id == named("0123456789abcdefghij"));
  CHECK(a.nodes.empty()); // nine bytes are no node

  answer whole; // and with a node in it
  whole.id = named("0123456789abcdefghij");
  whole.nodes = {{asked, at("97.120.106.101:11893")}};
  both_ways(
      "d1:rd2:id20:0123456789abcdefghij5:nodes26:mnopqrstuvwxyz123456axje.ue1:t2:aa1:"
      "y1:re",
      sent(whole));
}

TEST_CASE("BEP 5: get_peers, and an answer with peers") {
  query q = asks(method::get_peers);
  q.target = asked;
  both_ways("d1:ad2:id20:abcdefghij01234567899:info_hash20:mnopqrstuvwxyz123456e1:q9:get_"
            "peers1:t2:aa1:y1:qe",
            sent(q));
  answer a;
  a.id = asking;
  a.token = raw("aoeusnth");
  a.peers = {at("97.120.106.101:11893"), at("105.100.104.116:28269")};
  both_ways("d1:rd2:id20:abcdefghij01234567895:token8:aoeusnth6:valuesl6:axje.u6:"
            "idhtnmee1:t2:aa1:y1:re",
            sent(a));
}

TEST_CASE("BEP 5: an answer to get_peers with the closest nodes") {
  answer const a = answered_by(
      "d1:rd2:id20:abcdefghij01234567895:nodes9:def456...5:token8:aoeusnthe1:t2:"
      "aa1:y1:re");
  CHECK(a.id == asking);
  CHECK(a.token == raw("aoeusnth"));
  CHECK(a.peers.empty());
}

TEST_CASE("BEP 5: announce_peer, and its answer") {
  query q = asks(method::announce_peer);
  q.target = asked;
  q.implied_port = true;
  q.port = 6881;
  q.token = raw("aoeusnth");
  both_ways(
      "d1:ad2:id20:abcdefghij012345678912:implied_porti1e9:info_hash20:"
      "mnopqrstuvwxyz1234564:porti6881e5:token8:aoeusnthe1:q13:announce_peer1:t2:aa1:y1:"
      "qe",
      sent(q));
}

TEST_CASE("BEP 5: an error") {
  both_ways("d1:eli201e23:A Generic Error Ocurrede1:t2:aa1:y1:ee",
            sent(error{error::generic, "A Generic Error Ocurred"}));
}

TEST_CASE("BEP 32: a node asks for both families, and gets both") {
  query q = asks(method::find_node);
  q.target = asked;
  q.want_v4 = q.want_v6 = true;
  both_ways("d1:ad2:id20:abcdefghij01234567896:target20:mnopqrstuvwxyz1234564:wantl2:n42:"
            "n6ee1:q9:find_node1:t2:aa1:y1:qe",
            sent(q));
  answer a;
  a.id = asked;
  a.nodes = {{asking, at("97.98.99.100:25958")},
             {asked, at("[6162:6364:6566:6768:696a:6b6c:6d6e:6f70]:29042")}};
  both_ways(
      "d1:rd2:id20:mnopqrstuvwxyz1234565:nodes26:abcdefghij0123456789abcdef6:nodes638:"
      "mnopqrstuvwxyz123456abcdefghijklmnopqre1:t2:aa1:y1:re",
      sent(a));
}

TEST_CASE("BEP 32: unknown wishes are passed over, and peers of both families are read") {
  query const q = asked_by(
      "d1:ad2:id20:abcdefghij01234567899:info_hash20:mnopqrstuvwxyz1234564:wantl2:"
      "n82:n6i4eee1:q9:get_peers1:t2:aa1:y1:qe");
  CHECK_FALSE(q.want_v4);
  CHECK(q.want_v6);
  answer const a = answered_by("d1:rd2:id20:mnopqrstuvwxyz1234566:valuesl6:axje.u18:"
                               "abcdefghijklmnopqree1:t2:aa1:y1:re");
  CHECK(a.peers == std::vector{at("97.120.106.101:11893"),
                               at("[6162:6364:6566:6768:696a:6b6c:6d6e:6f70]:29042")});
}

TEST_CASE("BEP 42: an answer says where it sees the node that asked") {
  answer a;
  a.id = asked;
  a.your_address = at("97.120.106.101:11893");
  both_ways("d2:ip6:axje.u1:rd2:id20:mnopqrstuvwxyz123456e1:t2:aa1:y1:re", sent(a));
  a.your_address = at("[6162:6364:6566:6768:696a:6b6c:6d6e:6f70]:29042");
  both_ways("d2:ip18:abcdefghijklmnopqr1:rd2:id20:mnopqrstuvwxyz123456e1:t2:aa1:y1:re",
            sent(a));
}

TEST_CASE("BEP 43: a node that answers no queries says so") {
  query q = asks(method::ping);
  q.read_only = true;
  both_ways("d1:ad2:id20:abcdefghij0123456789e1:q4:ping2:roi1e1:t2:aa1:y1:qe", sent(q));
  CHECK_FALSE(asked_by("d1:ad2:id20:abcdefghij0123456789e1:q4:ping2:roi0e1:t2:aa1:y1:qe")
                  .read_only);
}

TEST_CASE("the version of a client is kept with its message") {
  message m = sent(asks(method::ping));
  m.version = std::string("CO\0\1", 4);
  both_ways(
      std::string_view("d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:v4:CO\0\1"
                       "1:y1:qe",
                       65),
      m);
}

TEST_CASE("another method is known by its name, so that it can be refused") {
  query const q = asked_by("d1:ad2:id20:abcdefghij01234567893:numi3ee1:q17:sample_"
                           "infohashes1:t2:aa1:y1:qe");
  CHECK(q.what == method::other);
  CHECK(q.name == "sample_infohashes");
  CHECK(q.id == asking);
  CHECK(encode(sent(q)) ==
        raw("d1:ad2:id20:abcdefghij0123456789e1:q17:sample_infohashes1:"
            "t2:aa1:y1:qe"));
}

TEST_CASE("a query without what its method needs says which argument is missing") {
  auto const missing = [](std::string arguments, std::string const& name) {
    return std::string(asked_by("d1:ad" + arguments + "e1:q" +
                                std::to_string(name.size()) + ":" + name +
                                "1:t2:aa1:y1:qe")
                           .missing);
  };
  std::string const id = "2:id20:abcdefghij0123456789";
  std::string const hash = "9:info_hash20:mnopqrstuvwxyz123456", token = "5:token1:x";
  CHECK(missing("", "ping") == "id");
  CHECK(missing("2:id19:abcdefghij012345678", "ping") == "id");
  CHECK(missing("2:idi7e", "ping") == "id");
  CHECK(missing(id, "ping").empty());
  CHECK(missing(id, "find_node") == "target");
  CHECK(missing(id + "6:target3:abc", "find_node") == "target");
  CHECK(missing("6:target3:abc", "find_node") == "id"); // the first one
  CHECK(missing(id, "get_peers") == "info_hash");
  CHECK(missing(id + token, "announce_peer") == "info_hash");
  CHECK(missing(id + hash + token, "announce_peer") == "port");
  CHECK(missing(id + hash + "4:porti0e" + token, "announce_peer") == "port");
  CHECK(missing(id + hash + "4:porti65536e" + token, "announce_peer") == "port");
  CHECK(missing(id + hash + "4:porti-1e" + token, "announce_peer") == "port");
  CHECK(missing(id + hash + "4:porti6881e", "announce_peer") == "token");
  CHECK(missing(id + hash + "4:porti6881e" + token, "announce_peer").empty());
  CHECK(missing("12:implied_porti1e" + id + hash + token, "announce_peer").empty());
  CHECK(asked_by("d1:q4:ping1:t2:aa1:y1:qe").missing == "id"); // no arguments at all
  CHECK(asked_by("d1:ale1:q4:ping1:t2:aa1:y1:qe").missing == "id");
}

TEST_CASE("keys without order, unknown keys and bytes behind the end do no harm") {
  query q = asks(method::find_node);
  q.target = asked;
  CHECK(asked_by("d1:y1:q1:t2:aa1:q9:find_node4:newsd1:xli1eee1:ad6:target20:"
                 "mnopqrstuvwxyz1234562:id20:abcdefghij01234567893:bafi007eeesurplus") ==
        q);
}

TEST_CASE("nodes of old put all peers into one string") {
  std::vector const peers{at("97.120.106.101:11893"), at("105.100.104.116:28269")};
  CHECK(
      answered_by("d1:rd2:id20:mnopqrstuvwxyz1234566:valuesl12:axje.uidhtnmee1:t2:aa1:y1:"
                  "re")
          .peers == peers);
  CHECK(answered_by(
            "d1:rd2:id20:mnopqrstuvwxyz1234566:values12:axje.uidhtnme1:t2:aa1:y1:re")
            .peers == peers);
}

TEST_CASE("what makes no sense inside an answer is passed over") {
  answer rest;
  rest.id = asked;
  CHECK(answered_by(
            "d2:ip5:axje.1:rd2:id20:mnopqrstuvwxyz1234565:nodesi1e6:nodes6le5:tokeni"
            "1e6:valuesl5:axje.i1eleee1:t2:aa1:vi2e1:y1:re") == rest);
}

TEST_CASE("an error is an error, whatever form it has") {
  CHECK(refused_by("d1:eli204e14:Method Unknowne1:t2:aa1:y1:ee") ==
        error{error::unknown_method, "Method Unknown"});
  CHECK(refused_by("d1:eli202ee1:t2:aa1:y1:ee") == error{error::server, ""});
  CHECK(refused_by("d1:e4:what1:t2:aa1:y1:ee") == error{});
  CHECK(refused_by("d1:t2:aa1:y1:ee") == error{});
  CHECK(refused_by("d1:eli203e300:" + std::string(300, 'x') + "e1:t2:aa1:y1:ee")
            .text.size() == 200);
}

TEST_CASE("what is no message is dropped") {
  for (std::string_view const datagram :
       {"", "d", "de", "le", "i1e", "4:spam", "hello", "d1:t2:aae", "d1:y1:qe",
        "d1:t2:aa1:y1:xe", "d1:t2:aa1:y0:e", "d1:ti1e1:y1:qe", "d1:t2:aa1:yi1ee",
        "d1:t2:aa1:y1:re",                                       // answers nothing
        "d1:rle1:t2:aa1:y1:re", "d1:rd2:id3:abce1:t2:aa1:y1:re", // by no node
        "d1:t2:aa1:y1:q"})
    CHECK_FALSE(decode(as_bytes(datagram)));
}

TEST_CASE("a message that is cut short is dropped at every length") {
  for (std::size_t n = 0; n < example_find_node.size(); ++n)
    CHECK_FALSE(decode(as_bytes(example_find_node.substr(0, n))));
}

TEST_CASE("transaction ids and tokens have a longest length") {
  auto const ping = [](std::size_t n) {
    return decode(as_bytes("d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t" +
                           std::to_string(n) + ":" + std::string(n, 'x') + "1:y1:qe"));
  };
  CHECK(ping(0));
  CHECK(ping(longest_transaction)->transaction.size() == longest_transaction);
  CHECK_FALSE(ping(longest_transaction + 1));
  auto const with_token = [](std::size_t n) {
    return answered_by("d1:rd2:id20:mnopqrstuvwxyz1234565:token" + std::to_string(n) +
                       ":" + std::string(n, 'x') + "e1:t2:aa1:y1:re");
  };
  CHECK(with_token(longest_token).token.size() == longest_token);
  CHECK(with_token(longest_token + 1).token.empty());
}

TEST_CASE("a crowd of nodes and peers is cut, read and written") {
  std::string const v4(26 * 2000, 'n'), v6(38 * 10, 'n');
  answer a = answered_by("d1:rd2:id20:mnopqrstuvwxyz1234565:nodes" +
                         std::to_string(v4.size()) + ":" + v4 + "6:nodes6" +
                         std::to_string(v6.size()) + ":" + v6 + "e1:t2:aa1:y1:re");
  CHECK(a.nodes.size() == most_nodes + 10);
  std::string values;
  for (int i = 0; i < 1000; ++i) values += "6:axje.u";
  CHECK(answered_by("d1:rd2:id20:mnopqrstuvwxyz1234566:valuesl" + values +
                    "ee1:t2:aa1:y1:re")
            .peers.size() == most_peers);
  a.nodes.resize(500, a.nodes.front());
  a.peers.resize(500, at("192.0.2.1:1"));
  auto const read = decode(encode(sent(a)));
  REQUIRE(read);
  CHECK(std::get<answer>(read->body).nodes.size() == most_nodes + 10);
  CHECK(std::get<answer>(read->body).peers.size() == most_peers);
}

TEST_CASE("a datagram of 64 KB that is all values, or all brackets, is dropped") {
  CHECK_FALSE(decode(as_bytes(std::string(65507, 'd'))));
  CHECK_FALSE(decode(as_bytes("d1:a" + std::string(65000, 'l'))));
  std::string values = "d1:al";
  for (int i = 0; i < 20000; ++i) values += "i1e";
  CHECK_FALSE(decode(as_bytes(values + "e1:q4:ping1:t2:aa1:y1:qe")));
  CHECK_FALSE(decode(as_bytes(std::string(65507, '\xff'))));
}
