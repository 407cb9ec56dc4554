// The trace: what a session says and hears, as JSON lines.
#include "12-downloader/cli_support.hpp"
#include "explain/trace.hpp"
#include "handshake/handshake_wire.hpp"
#include "io/virtual_clock.hpp"
#include "message/message_wire.hpp"
#include "support/catch.hpp"
#include "swarm.hpp"
#include <nlohmann/json.hpp>

using namespace cotorra;
using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

namespace {

std::vector<json> lines_of(std::string const& text) {
  std::vector<json> all;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) all.push_back(json::parse(line));
  return all;
}

// What one leecher told of a download of three pieces.
std::vector<json> traced_download() {
  std::ostringstream out;
  std::vector<test::file_content> files{{"", test::random_bytes(1, 90'000)}};
  metainfo::metainfo info =
      test::make_metainfo("payload", files, 32 * 1024, test::swarm::tracker_url);
  std::optional<explain::trace> told; // sees the swarm's end, too
  test::swarm s(1, std::move(info), files);
  s.add_seeder();
  auto& leecher = s.add_host({});
  leecher.observer = &told.emplace(out, s.sim.clock());
  s.start(leecher);
  REQUIRE(s.sim.run_until([&] { return s.complete(leecher); }, 5min));
  leecher.session->stop();
  s.sim.run_until([&] { return leecher.ended; }, 1min);
  return lines_of(out.str());
}

std::size_t count(std::vector<json> const& lines, std::string const& key,
                  std::string const& value) {
  return static_cast<std::size_t>(std::ranges::count_if(
      lines, [&](json const& l) { return l.value(key, "") == value; }));
}

} // namespace

TEST_CASE("a trace shows a download from the handshake to the last piece") {
  auto const lines = traced_download();
  CHECK(count(lines, "event", "opened") == 1);
  CHECK(count(lines, "event", "closed") == 1);
  CHECK(count(lines, "event", "tracker") >= 1);
  CHECK(count(lines, "message", "handshake") == 2);
  CHECK(count(lines, "message", "request") == 6);
  CHECK(count(lines, "message", "piece") == 6);
  CHECK(count(lines, "what", "started") == 3);
  CHECK(count(lines, "what", "verified") == 3);
  double last = 0;
  for (json const& l : lines) {
    CHECK(l["time"].get<double>() >= last);
    last = l["time"];
  }
}

TEST_CASE("a trace shows a peer that answers for another torrent") {
  std::vector<test::file_content> files{{"", test::random_bytes(1, 90'000)}};
  metainfo::metainfo info = test::make_metainfo("payload", files, 32 * 1024);
  std::ostringstream out;
  std::optional<explain::trace> told; // sees the swarm's end, too
  test::swarm s(1, std::move(info), files);
  io::host& stranger = s.sim.add_host(*ip_address::parse("10.9.9.9"));
  auto answer = [](io::host& host) -> task<> {
    auto const port = host.doors().network.listen({host.address(), 6881});
    auto const stream = co_await port->accept();
    auto const hello = handshake::encode(handshake::handshake{});
    co_await io::write(*stream, hello);
    co_await host.doors().clock.sleep_for(1h);
  };
  s.sim.spawn(answer(stranger), "stranger");
  auto& leecher = s.add_host({});
  leecher.observer = &told.emplace(out, s.sim.clock());
  s.start(leecher);
  leecher.torrent.connect_peer({stranger.address(), 6881});
  s.sim.run_for(5s);
  auto const lines = lines_of(out.str());
  REQUIRE(lines.size() == 3);
  CHECK(lines[0]["event"] == "opened");
  CHECK(lines[1]["event"] == "sent");
  CHECK(lines[1]["message"] == "handshake");
  CHECK(lines[2]["event"] == "closed");
  CHECK(lines[2]["reason"] == "wrong_info_hash");
}

TEST_CASE("the same download leaves the same trace") {
  CHECK(traced_download() == traced_download());
}

TEST_CASE("a line of a trace has the fields of the message and its first bytes") {
  asio::io_context context;
  io::virtual_clock clock(context.get_executor());
  std::ostringstream out;
  explain::trace told(out, clock, "A");
  clock.advance_to(clock.now() + 1500ms);
  told.sent(3, message::to_frame(message::request{7, 16384, 16384}).view());
  CHECK(out.str() ==
        R"({"time":1.5,"node":"A","event":"sent","connection":3,"message":"request",)"
        R"("piece":7,"begin":16384,"length":16384,"size":17,)"
        R"("hex":"0000000d06000000070000400000004000"})"
        "\n");
}

TEST_CASE("a malformed message is traced as such and not thrown") {
  asio::io_context context;
  io::virtual_clock clock(context.get_executor());
  std::ostringstream out;
  explain::trace told(out, clock);
  told.received(1, *from_hex("000000020401")); // a "have" without its piece
  auto const line = lines_of(out.str()).at(0);
  CHECK(line["message"] == "malformed");
  CHECK(line["hex"] == "000000020401");
}

TEST_CASE("the bytes of a block are cut in a trace") {
  asio::io_context context;
  io::virtual_clock clock(context.get_executor());
  std::ostringstream out;
  explain::trace told(out, clock);
  buffer block(16384), frame;
  message::encode(frame, message::piece{0, 0, block});
  told.received(1, frame);
  auto const line = lines_of(out.str()).at(0);
  CHECK(line["length"] == 16384);
  CHECK(line["size"] == 16397);
  CHECK(line["hex"].get<std::string>().size() == 2 * 96);
}

TEST_CASE("the payload of an unknown message is cut in a trace") {
  asio::io_context context;
  io::virtual_clock clock(context.get_executor());
  std::ostringstream out;
  explain::trace told(out, clock);
  buffer frame = *from_hex("00004001"
                           "c8"); // 16385 bytes, and no message has the id 200
  frame.resize(4 + 16385);
  told.received(1, frame);
  frame[4] = std::byte{20}; // of an extension
  told.received(1, frame);
  for (json const& line : lines_of(out.str())) {
    CHECK(line["size"] == 4 + 16385);
    CHECK(line["payload"].get<std::string>().size() == 2 * 96);
  }
  CHECK(out.str().size() < 1200);
}

TEST_CASE("bytes that are not a message are traced as such and not thrown") {
  asio::io_context context;
  io::virtual_clock clock(context.get_executor());
  std::ostringstream out;
  explain::trace told(out, clock);
  told.received(1, *from_hex("0000"));
  auto const line = lines_of(out.str()).at(0);
  CHECK(line["message"] == "malformed");
  CHECK_THAT(line["because"].get<std::string>(), ContainsSubstring("the length is cut"));
}

TEST_CASE("download --trace writes a new file, and says when it cannot") {
  test::temporary_folder desk;
  buffer const content = test::random_bytes(2, 50'000);
  desk.put("perro.jpg", as_text(content));
  REQUIRE(test::cotorra_says({"create", desk / "perro.jpg", "-o", desk / "a.torrent"})
              .status == 0);
  auto const download = [&](std::string const& trace) {
    return test::cotorra_says({"download", desk / "a.torrent", "-o", desk / "",
                               "--listen", "127.0.0.1:0", "--trace", trace});
  };
  CHECK(download(desk / "trace.jsonl").status == 0);
  CHECK_FALSE(std::filesystem::exists(desk / "trace.jsonl")); // nothing was traced
  auto const over = download(desk / "perro.jpg"); // the very file that is shared
  CHECK(over.status == 1);
  CHECK_THAT(over.err, ContainsSubstring("exists already"));
  CHECK(std::filesystem::file_size(desk / "perro.jpg") == content.size());
  auto const failed = download(desk / "no/such/folder/trace.jsonl");
  CHECK(failed.status == 1);
  CHECK_THAT(failed.err, ContainsSubstring("the trace cannot be written there"));
}
