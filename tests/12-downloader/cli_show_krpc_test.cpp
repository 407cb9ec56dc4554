// show of a packet of the DHT: its facts, and the owner of every byte of it.
#include "12-downloader/cli_support.hpp"
#include "support/catch.hpp"
#include <nlohmann/json.hpp>

using namespace cotorra;
using Catch::Matchers::ContainsSubstring;
using nlohmann::json;
using test::cotorra_says;
using test::temporary_folder;

namespace {

// libtorrent 2.0.8 sent these on loopback.
std::string recorded(char const* name) {
  return std::string(COTORRA_ROOT) + "/tests/fuzz/corpus/krpc/" + name;
}

class packets { // shown from files
public:
  std::string facts(std::string const& packet) { return says({"show"}, packet); }
  json in_json(std::string const& packet) {
    return json::parse(says({"show", "--json"}, packet));
  }
  std::string bytes(std::string const& packet) {
    return says({"show", "--bytes"}, packet);
  }
  std::string refusal(std::string const& packet) {
    auto const r = cotorra_says({"show", folder_.put("packet", packet)});
    CHECK(r.status == 1);
    return r.err;
  }

private:
  std::string says(std::vector<std::string> words, std::string const& packet) {
    words.push_back(folder_.put("packet", packet));
    auto const r = cotorra_says(words);
    CHECK(r.err == "");
    CHECK(r.status == 0);
    return r.out;
  }
  temporary_folder folder_;
};

} // namespace

TEST_CASE("a recorded get_peers of libtorrent is shown byte by byte") {
  auto const r = cotorra_says({"show", "--bytes", recorded("from_libtorrent")});
  CHECK(r.out ==
        R"(from_libtorrent: a message of the DHT (KRPC), 104 bytes
   byte   size  hex                      field          value
      0      1  64                       message        d            dictionary, 5 keys
      1      3  31 3a 61                   key          1:a          the arguments of the query
      4      1  64                         a            d            dictionary, 2 keys
      5      4  32 3a 69 64                  key        2:id         of the node that sends this
      9     23  32 30 3a 83 9e 28 df ..      id         20: 839e28dfc938a15cd261f681ced070125a7c1e8d
     32     11  39 3a 69 6e 66 6f 5f ..      key        9:info_hash  which torrent
     43     23  32 30 3a c7 78 29 d2 ..      info_hash  20: c77829d2a77d6516f88cd7a3de1a26abcbfab0db
     66      1  65                         end          e            of a
     67      3  31 3a 71                   key          1:q          the method
     70     11  39 3a 67 65 74 5f 70 ..    q            9:get_peers
     81      3  31 3a 74                   key          1:t          the transaction id, which the answer repeats
     84      4  32 3a 34 e8                t            2: 34e8
     88      3  31 3a 76                   key          1:v          the client and its version
     91      6  34 3a 4c 54 02 08          v            4: 4c540208  LT 02 08
     97      3  31 3a 79                   key          1:y          q: query, r: answer, e: error
    100      3  31 3a 71                   y            1:q          a query
    103      1  65                       end            e            of message
)");
}

TEST_CASE("a recorded answer is shown with each node's id, address and port, and peers") {
  auto const r = cotorra_says({"show", "--bytes", recorded("answer_of_libtorrent")});
  CHECK(r.status == 0);
  for (char const* line :
       {"     55     20  96 f8 61 af 46 50 dc ..        node 1 id       "
        "96f861af4650dceec7f461192f4305c83eab37bb\n",
        "     75      4  7f 00 00 01                    node 1 address  127.0.0.1\n",
        "     79      2  69 03                          node 1 port     26883 ",
        "0x69 * 256 + 0x03\n", "    107     98  ...", "10 more of the kind\n",
        "    245      4  7f 00 00 02                      address       127.0.0.2\n",
        "    249      2  1a e3                            port          6883 ",
        "      5      2  36 3a                      ip                  6:  "})
    CHECK_THAT(r.out, ContainsSubstring(line));
  CHECK(cotorra_says({"show", recorded("answer_of_libtorrent")}).out ==
        R"(An answer of the DHT
  id             f2c92d18454083d910a9b622b19c17a1156c14aa
  your address   127.0.0.1:26999
  token          67e4415e
  node           96f861af4650dceec7f461192f4305c83eab37bb 127.0.0.1:26883
  node           b841dee84edea345ef41c7bc070aaf1dc3638413 127.0.0.1:26884
  node           9124a7e1c30b494fc0b2cd1f86f40fd53508390f 127.0.0.1:26885
  node           839e28dfc938a15cd261f681ced070125a7c1e8d 127.0.0.1:26881
  node           636f746f7272612d616e6e6f756e6365732d3032 127.0.0.2:47472
  node           636f746f7272612d616e6e6f756e6365732d3033 127.0.0.3:47403
  peer           127.0.0.2:6883
  peer           127.0.0.3:6884
  transaction    34e8
  version        LT 02 08
)");
}

TEST_CASE("the facts of a query are those that its method has") {
  packets show;
  std::string const id = "2:id20:abcdefghij0123456789", end = "1:t2:aa1:y1:qe";
  json const find = show.in_json("d1:ad" + id +
                                 "6:target20:mnopqrstuvwxyz1234564:wantl2:n6ee1:q9:"
                                 "find_node2:roi1e" +
                                 end);
  CHECK(find["kind"] == "KRPC query");
  CHECK(find["method"] == "find_node");
  CHECK(find["target"] == "6d6e6f707172737475767778797a313233343536");
  CHECK(find["want"] == json::array({"n6"}));
  CHECK(find["read_only"] == true);
  CHECK_FALSE(find.contains("port"));
  json const announce =
      show.in_json("d1:ad" + id +
                   "9:info_hash20:mnopqrstuvwxyz1234564:porti6881e5:token2:xye1:q13:"
                   "announce_peer" +
                   end);
  CHECK(announce["port"] == 6881);
  CHECK(announce["implied_port"] == false);
  CHECK(announce["token"] == "7879");
  CHECK_THAT(show.facts("d1:ad" + id + "e1:q9:find_node" + end),
             ContainsSubstring("missing        target: the answer is error 203"));
  CHECK_THAT(show.facts("d1:ad" + id + "e1:q3:\x1b[2" + end),
             ContainsSubstring("A query of the DHT: \uFFFD[2\n"));
}

TEST_CASE("a node whose id does not belong to its address is pointed out") {
  packets show;
  std::string const packet =
      std::string("d1:rd2:id20:mnopqrstuvwxyz1234565:nodes26:abcdefghij0123456789") +
      std::string("\xcb\x00\x71\x4d\x1a\xe1", 6) + "e1:t2:aa1:y1:re";
  CHECK_THAT(
      show.facts(packet),
      ContainsSubstring("203.0.113.77:6881  (the id does not belong to it: BEP 42)"));
  CHECK(show.in_json(packet)["nodes"][0]["id_belongs_to_address"] == false);
}

TEST_CASE("IPv6 nodes, peers in one string, rests and errors have names") {
  packets show;
  std::string const begin = "d1:rd2:id20:mnopqrstuvwxyz123456", end = "e1:t2:aa1:y1:re";
  std::string const six =
      show.bytes(begin + "6:nodes638:mnopqrstuvwxyz123456abcdefghijklmnopqr" + end);
  CHECK_THAT(six, ContainsSubstring("6162:6364:6566:6768:696a:6b6c:6d6e:6f70") &&
                      ContainsSubstring("1 node of 38 bytes: id, address and port"));
  CHECK_THAT(show.bytes(begin + "6:values12:axje.uidhtnm" + end),
             ContainsSubstring("peer 2 address  105.100.104.116"));
  CHECK_THAT(show.bytes(begin + "5:nodes9:def456..." + end),
             ContainsSubstring("def456...  not a whole one: it does not count"));
  CHECK_THAT(show.bytes(begin + "3:newi1e" + end + "surplus"),
             ContainsSubstring("we do not know this key") &&
                 ContainsSubstring("after the end: it does not count"));
  std::string const error = "d1:eli204e14:Method Unknowne1:t2:aa1:y1:ee";
  CHECK_THAT(show.bytes(error), ContainsSubstring("code  i204e  method unknown"));
  CHECK_THAT(show.facts(error), ContainsSubstring("code           204: method unknown"));
}

TEST_CASE("of many peers the first and the last are shown") {
  packets show;
  std::string packet = "d1:rd2:id20:mnopqrstuvwxyz1234566:valuesl";
  for (int i = 0; i < 50; ++i) packet += "6:axje.u";
  std::string const shown = show.bytes(packet + "ee1:t2:aa1:y1:re");
  CHECK_THAT(shown, ContainsSubstring("142 more of the kind"));
}

TEST_CASE("a damaged packet of the DHT gets a sentence that says so") {
  packets show;
  CHECK_THAT(show.refusal("d1:rd2:id20:mnopqrst"),
             ContainsSubstring("begins like bencode (a message of the DHT)"));
  CHECK_THAT(show.refusal("d1:rd2:id3:abce1:t2:aa1:y1:re"),
             ContainsSubstring("nodes would drop it"));
}
