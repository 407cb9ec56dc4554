// The server of metadata: what it gives, and how often.
#include "extension/info_server.hpp"
#include "support/catch.hpp"
#include "support/story.hpp"

using namespace cotorra;
using namespace cotorra::extension;
using namespace std::chrono_literals;
using type = metadata_message::type;

namespace {

struct desk {
  buffer const info = buffer(10 * metadata_piece_size);
  info_server server{info};
  time_point now{1h};

  bool gives(std::uint32_t part) {
    return server.answer(part, now).msg_type == type::data;
  }
  // How many of so many requests are answered with data.
  int given(int requests) {
    int count = 0;
    for (int i = 0; i < requests; ++i) count += gives(3);
    return count;
  }
  void expect_given(test::story& s, std::string text, int requests, int wanted) {
    int const count = given(requests);
    s.expect(std::move(text), count == wanted, std::to_string(count) + " given");
  }
};

} // namespace

TEST_CASE("a peer gets the metadata twice at once and then two parts a second") {
  desk d;
  test::story s;
  s.given("metadata of 10 parts");
  s.peer("asks for part 3, a thousand times at once");
  d.expect_given(s, "it gets 20, and is rejected after that", 1000, 20);
  s.time("a quarter of a second later");
  d.now += 250ms;
  d.expect_given(s, "still rejected", 10, 0);
  s.time("half a second after the first requests");
  d.now += 250ms;
  d.expect_given(s, "one part", 10, 1);
  s.time("a second later");
  d.now += 1s;
  d.expect_given(s, "two parts", 1000, 2);
}

TEST_CASE("a peer that asks steadily gets two parts a second") {
  desk d;
  test::story s;
  s.given("a peer that has had the 10 parts twice, just now");
  d.given(20);
  s.peer("asks eight times a second, for 10 seconds");
  int count = 0;
  for (int i = 0; i < 80; ++i) {
    d.now += 125ms;
    count += d.gives(static_cast<std::uint32_t>(i % 10));
  }
  s.expect("it gets 20", count == 20, std::to_string(count) + " given");
}

TEST_CASE("what a peer leaves is kept for it but no more than the metadata twice") {
  desk d;
  test::story s;
  s.peer("asks for 10 parts of 10");
  d.expect_given(s, "all of them", 10, 10);
  s.time("an hour later");
  d.now += 1h;
  s.peer("asks a thousand times at once");
  d.expect_given(s, "it gets 20", 1000, 20);
}

TEST_CASE("a part that is not there is rejected and costs the peer nothing") {
  desk d;
  for (int i = 0; i < 100; ++i) CHECK_FALSE(d.gives(10));
  CHECK(d.given(100) == 20);
  metadata_message const m = d.server.answer(4'000'000'000, d.now);
  CHECK(m.msg_type == type::reject);
  CHECK(m.piece == 4'000'000'000);
}

TEST_CASE("data says which part it is and how much there is in all") {
  buffer info(metadata_piece_size + 10, std::byte{'a'});
  std::fill(info.end() - 10, info.end(), std::byte{'b'});
  info_server server(info);
  metadata_message const m = server.answer(1, time_point{});
  CHECK(m.msg_type == type::data);
  CHECK(m.piece == 1);
  CHECK(m.total_size == info.size());
  CHECK(as_text(m.block) == "bbbbbbbbbb");
  CHECK(server.size() == info.size());
}

TEST_CASE("a server of nothing rejects everything") {
  info_server server{bytes()};
  CHECK(server.size() == 0);
  CHECK(server.answer(0, time_point{1h}).msg_type == type::reject);
}
