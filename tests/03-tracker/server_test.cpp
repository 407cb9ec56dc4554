// Our own small web server, and the files it shows.
#include "http/static_site.hpp"
#include "io/task_group.hpp"
#include "print.hpp"
#include "support/catch.hpp"
#include "support/plain_user.hpp"
#include "support/web.hpp"
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

using namespace cotorra;
using namespace cotorra::test;
using Catch::Matchers::ContainsSubstring;
namespace fs = std::filesystem;

namespace {

http::response echo(http::request_head const& head, endpoint from) {
  if (head.path() == "/throw") throw std::runtime_error("a secret");
  return http::plain_answer(200, head.target + " " + from.address.text());
}

struct served {
  bench desk;
  memory_network net{desk.executor()};
  endpoint const at = endpoint::parse("192.0.2.1:80").value();
  std::unique_ptr<io::listener> door = net.listen(at);
  std::shared_ptr<running<void>> server;

  explicit served(http::server_options options = {}) {
    server = desk.start(http::serve(*door, desk.clock, echo, options));
  }
  ~served() {
    door->close();
    desk.settle();
  }
  std::unique_ptr<io::stream> dial() { return desk.run(net.connect(at)); }
  static io::memory_stream& wire(std::unique_ptr<io::stream> const& s) {
    return dynamic_cast<addressed_stream&>(*s).wire();
  }
  // Says it on a connection of its own, and gives what came back.
  std::string said(std::string const& text) {
    auto client = dial();
    wire(client).say(as_bytes(text));
    desk.settle();
    return std::string(as_text(wire(client).heard()));
  }
};

struct folder {
  fs::path const path =
      fs::temp_directory_path() / fs::path("cotorra-site-" + std::to_string(::getpid()));
  folder() {
    fs::remove_all(path);
    fs::create_directories(path / "site" / "sub dir");
    write("secret.txt", "secret");
    write("site/a.torrent", "d4:infode");
    write("site/b&c.txt", "text");
    write("site/.hidden", "hidden");
    write("site/sub dir/index.html", "<p>hello");
    fs::create_symlink(path / "secret.txt", path / "site" / "way-out.txt");
    fs::create_symlink("a.torrent", path / "site" / "inside.torrent");
  }
  ~folder() { fs::remove_all(path); }
  void write(std::string const& name, std::string const& text) {
    std::ofstream(path / name) << text;
  }
};

http::response asked(http::static_site& site, std::string const& target) {
  return site.answer(
      http::decode_request_head(as_bytes("GET " + target + " HTTP/1.1\r\n\r\n")));
}

} // namespace

TEST_CASE("a request is answered and the connection kept") {
  served s;
  auto client = s.dial();
  auto& wire = served::wire(client);
  for (int i = 0; i < 3; ++i) {
    wire.say(as_bytes("GET /x HTTP/1.1\r\n\r\n"));
    s.desk.settle();
    CHECK(as_text(wire.heard()) == "HTTP/1.1 200 OK\r\n"
                                   "Content-Type: text/plain; charset=utf-8\r\n"
                                   "Content-Length: 11\r\n"
                                   "Connection: keep-alive\r\n\r\n/x 10.0.0.1");
    CHECK_FALSE(wire.other_side_closed());
    wire.forget_heard();
  }
}

TEST_CASE("a request is understood wherever the wire cuts it") {
  std::string const text = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    served s;
    auto client = s.dial();
    auto& wire = served::wire(client);
    wire.say(as_bytes(text).first(cut));
    s.desk.settle();
    CHECK(wire.heard().empty() == (cut < text.size()));
    wire.say(as_bytes(text).subspan(cut));
    s.desk.settle();
    CHECK_THAT(std::string(as_text(wire.heard())), ContainsSubstring("/x 10.0.0.1"));
  }
}

TEST_CASE("two requests in one breath get two answers in order") {
  served s;
  auto const all = s.said("GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n");
  CHECK(all.find("/1 10") < all.find("/2 10"));
  CHECK(all.find("/2 10") != all.npos);
}

TEST_CASE("a client that asks for it is left after the answer") {
  served s;
  auto client = s.dial();
  served::wire(client).say(as_bytes("GET / HTTP/1.1\r\nConnection: close\r\n\r\n"));
  s.desk.settle();
  CHECK(served::wire(client).other_side_closed());
}

TEST_CASE("HEAD gets the head alone") {
  served s;
  auto const all = s.said("HEAD /x HTTP/1.1\r\n\r\n");
  CHECK_THAT(all, ContainsSubstring("Content-Length: 11\r\n"));
  CHECK(all.substr(all.size() - 4) == "\r\n\r\n");
}

TEST_CASE("other methods and bodies and garbage get a status and the door") {
  served s;
  CHECK_THAT(s.said("POST / HTTP/1.1\r\n\r\n"),
             ContainsSubstring("405 Method Not Allowed"));
  CHECK_THAT(s.said("POST / HTTP/1.1\r\n\r\n"),
             ContainsSubstring("Allow: GET, HEAD\r\n"));
  CHECK_THAT(s.said("GET / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"),
             ContainsSubstring("HTTP/1.1 413 "));
  CHECK_THAT(s.said("nonsense\r\n\r\n"), ContainsSubstring("HTTP/1.1 400 "));
  CHECK_THAT(s.said("GET /" + std::string(17000, 'a')),
             ContainsSubstring("HTTP/1.1 431 "));
}

TEST_CASE("what goes wrong inside is told without its words") {
  served s;
  auto const all = s.said("GET /throw HTTP/1.1\r\n\r\n");
  CHECK_THAT(all, ContainsSubstring("HTTP/1.1 500 "));
  CHECK(all.find("secret") == all.npos);
}

TEST_CASE("a client that drips its request is left after ten seconds") {
  served s;
  auto client = s.dial();
  auto& wire = served::wire(client);
  for (int i = 0; i < 9; ++i) {
    wire.say(as_bytes("G"));
    s.desk.advance(1s);
  }
  CHECK_FALSE(wire.other_side_closed());
  s.desk.advance(1s);
  CHECK(wire.other_side_closed());
}

TEST_CASE("a client that asks again in time is kept") {
  served s;
  auto client = s.dial();
  auto& wire = served::wire(client);
  for (int i = 0; i < 5; ++i) {
    wire.say(as_bytes("GET /x HTTP/1.1\r\n\r\n"));
    s.desk.advance(9s);
    REQUIRE_FALSE(wire.other_side_closed());
  }
  s.desk.advance(1s);
  CHECK(wire.other_side_closed());
}

TEST_CASE("what may be a body is not taken for the next request") {
  served s;
  for (std::string const refused :
       {"POST / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nContent-Length: 20\r\n\r\n"}) {
    auto client = s.dial();
    auto& wire = served::wire(client);
    wire.say(as_bytes(refused + "GET /hidden HTTP/1.1\r\n\r\n"));
    s.desk.settle();
    CHECK(wire.other_side_closed());
    CHECK(as_text(wire.heard()).find("/hidden") == std::string::npos);
    CHECK_THAT(std::string(as_text(wire.heard())),
               ContainsSubstring("Connection: close"));
  }
}

TEST_CASE("a server goes on when too many files are open and ends with its listener") {
  struct flaky : io::listener {
    io::listener& door;
    std::vector<std::error_code> troubles;
    explicit flaky(io::listener& d) : door(d) {}
    io::task<std::unique_ptr<io::stream>> accept() override {
      if (!troubles.empty()) {
        std::error_code const now = troubles.back();
        troubles.pop_back();
        throw std::system_error(now);
      }
      return door.accept();
    }
    endpoint local() const override { return door.local(); }
    void close() override { door.close(); }
  };
  bench desk;
  memory_network net{desk.executor()};
  endpoint const at = endpoint::parse("192.0.2.1:80").value();
  auto const door = net.listen(at);
  flaky tired(*door);
  tired.troubles = {asio::error::no_descriptors, asio::error::no_descriptors};
  auto const server = desk.start(http::serve(tired, desk.clock, echo));
  auto const client = desk.run(net.connect(at));
  served::wire(client).say(as_bytes("GET /x HTTP/1.1\r\n\r\n"));
  desk.advance(199ms);
  CHECK(served::wire(client).heard().empty());
  desk.advance(1ms);
  CHECK_THAT(std::string(as_text(served::wire(client).heard())),
             ContainsSubstring("200 OK"));
  CHECK_FALSE(server->done);
  tired.troubles = {asio::error::bad_descriptor};
  auto const another = desk.start(http::serve(tired, desk.clock, echo));
  CHECK(another->done);
  tired.close();
  desk.settle();
  CHECK(server->done);
}

TEST_CASE("who comes when all places are taken is turned away") {
  http::server_options options;
  options.connections = 2;
  served s(options);
  auto a = s.dial(), b = s.dial(), c = s.dial();
  s.desk.settle();
  CHECK(served::wire(c).other_side_closed());
  a->close();
  s.desk.settle();
  CHECK_THAT(s.said("GET /x HTTP/1.1\r\n\r\n"), ContainsSubstring("200 OK"));
}

TEST_CASE("closing the listener ends the server and its visits") {
  served s;
  auto client = s.dial();
  s.desk.settle();
  s.door->close();
  s.desk.settle();
  CHECK(s.server->done);
  CHECK(served::wire(client).other_side_closed());
  CHECK_FALSE(s.desk.clock.next());
}

TEST_CASE("the client and the server of our own understand each other") {
  served s;
  auto const r = s.desk.start(http::get(s.net, s.desk.clock, "http://192.0.2.1/a?b"));
  CHECK(as_text(r->get().body) == "/a?b 10.0.0.1");
}

TEST_CASE("a site shows its files with their media types") {
  folder f;
  http::static_site site(f.path / "site");
  auto const torrent = asked(site, "/a.torrent");
  CHECK(torrent.status == 200);
  CHECK(as_text(torrent.body) == "d4:infode");
  CHECK(torrent.fields.find("Content-Type") == "application/x-bittorrent");
  CHECK(asked(site, "/b%26c.txt").fields.find("Content-Type") ==
        "text/plain; charset=utf-8");
  CHECK(asked(site, "/inside.torrent?x").status == 200);
  CHECK(site.requests() == 3);
}

TEST_CASE("a folder without an index page shows links to its files") {
  folder f;
  http::static_site site(f.path / "site");
  std::string const page(as_text(asked(site, "/").body));
  CHECK_THAT(page, ContainsSubstring("<a href=\"a.torrent\">a.torrent</a>"));
  CHECK_THAT(page, ContainsSubstring("<a href=\"b%26c.txt\">b&amp;c.txt</a>"));
  CHECK_THAT(page, ContainsSubstring("<a href=\"sub%20dir/\">sub dir/</a>"));
  CHECK(page.find("hidden") == page.npos);
  auto const at = [&](std::string const& name) { return page.find("\"" + name + "\""); };
  CHECK(at("a.torrent") < at("b%26c.txt"));
  CHECK(at("b%26c.txt") < at("inside.torrent"));
  CHECK(at("inside.torrent") < at("sub%20dir/"));
}

TEST_CASE("an index page that leads out or is a folder is none") {
  folder f;
  http::static_site site(f.path / "site");
  fs::path const index = f.path / "site" / "index.html";
  fs::create_symlink(f.path / "secret.txt", index);
  CHECK_THAT(std::string(as_text(asked(site, "/").body)), ContainsSubstring("a.torrent"));
  fs::remove(index);
  fs::create_directory(index);
  CHECK_THAT(std::string(as_text(asked(site, "/").body)), ContainsSubstring("a.torrent"));
  fs::remove(index);
  f.write("site/index.html", "<p>all");
  CHECK(as_text(asked(site, "/").body) == "<p>all");
}

TEST_CASE("what is no file and what is too large are not shown") {
  folder f;
  http::static_site site(f.path / "site");
  REQUIRE(::mkfifo((f.path / "site" / "pipe").c_str(), 0600) == 0);
  CHECK(asked(site, "/pipe").status == 404);
  f.write("site/large", "");
  fs::resize_file(f.path / "site" / "large", 64 * 1024 * 1024 + 1);
  CHECK(asked(site, "/large").status == 403);
}

TEST_CASE("a file that the server may not read is forbidden") {
  folder f;
  http::static_site site(f.path / "site");
  fs::permissions(f.path / "site" / "a.torrent", fs::perms::none);
  CHECK(as_plain_user([&] {
          http::response const r = asked(site, "/a.torrent");
          return std::to_string(r.status) + " " + std::string(as_text(r.body));
        }) == "403 This file cannot be read.\n");
}

TEST_CASE("the media type follows the ending") {
  struct {
    std::string ending, type;
  } const all[] = {{".torrent", "application/x-bittorrent"},
                   {".html", "text/html; charset=utf-8"},
                   {".txt", "text/plain; charset=utf-8"},
                   {".json", "application/json"},
                   {".jpg", "image/jpeg"},
                   {".jpeg", "image/jpeg"},
                   {".png", "image/png"},
                   {".svg", "image/svg+xml"},
                   {".css", "text/css; charset=utf-8"},
                   {".bin", "application/octet-stream"},
                   {"", "application/octet-stream"}};
  for (auto const& [ending, type] : all) CHECK(http::media_type("x" + ending) == type);
}

TEST_CASE("a folder is shown under its name with a slash") {
  folder f;
  http::static_site site(f.path / "site");
  CHECK(as_text(asked(site, "/sub%20dir/").body) == "<p>hello");
  auto const moved = asked(site, "/sub%20dir");
  CHECK(moved.status == 301);
  CHECK(moved.fields.find("Location") == "./sub%20dir/");
}

TEST_CASE("nothing outside of the site is shown") {
  folder f;
  http::static_site site(f.path / "site");
  for (std::string const path :
       {"/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/way-out.txt",
        "/sub%20dir/../../secret.txt", "/.hidden", "//etc/passwd", "/%2fetc%2fpasswd",
        "/a.torrent/", "/a.torrent%00.txt", "/%zz", "/..%5csecret.txt", "/nothing"}) {
    INFO(path);
    CHECK(asked(site, path).status == 404);
  }
}

TEST_CASE("a site without a folder is a clear error") {
  CHECK_THROWS_WITH(http::static_site("/nowhere/at/all"),
                    ContainsSubstring("/nowhere/at/all is not a folder"));
  folder f;
  CHECK_THROWS_WITH(http::static_site(f.path / "secret.txt"),
                    ContainsSubstring("secret.txt is not a folder"));
}
