// GET as a whole: names, redirects, limits, deadlines.
#include "support/catch.hpp"
#include "support/joined_group.hpp"
#include "web_bench.hpp"

using namespace cotorra;
using namespace cotorra::test;
using Catch::Matchers::ContainsSubstring;

namespace {

// A GET whose server speaks when the test says so.
struct slow_answer : web {
  std::unique_ptr<io::listener> door = net.listen(*endpoint::parse("192.0.2.1:80"));
  std::shared_ptr<running<http::response>> r = get("http://public.example/");
  std::unique_ptr<io::stream> client = desk.run(door->accept());

  void server_says(std::string_view text) {
    dynamic_cast<addressed_stream&>(*client).wire().say(as_bytes(text));
    desk.settle();
  }
};

} // namespace

TEST_CASE("a GET gives status and fields and body") {
  web w;
  scripted_server server(w.desk, w.net, "192.0.2.1:80", url_list{ok("spam")});
  auto const r = w.get("http://public.example/a?b")->get();
  CHECK(r.status == 200);
  CHECK(as_text(r.body) == "spam");
  CHECK(r.fields.find("content-length") == "4");
  CHECK(r.final_url == "http://public.example/a?b");
  REQUIRE(server.questions.size() == 1);
  CHECK_THAT(server.questions[0],
             ContainsSubstring("GET /a?b HTTP/1.1\r\nHost: public.example\r\n"));
}

TEST_CASE("an answer is the same wherever the wire cuts it") {
  std::string const wire = "HTTP/1.1 100 Continue\r\nX: " + std::string(60, 'x') +
                           "\r\n\r\n"
                           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                           "4\r\nspam\r\n0\r\n\r\n";
  for (std::size_t cut = 0; cut <= wire.size(); ++cut) {
    slow_answer w;
    w.server_says(wire.substr(0, cut));
    CHECK(w.r->done == (cut == wire.size()));
    w.server_says(wire.substr(cut));
    CHECK(as_text(w.r->get().body) == "spam");
  }
}

TEST_CASE("an error status is an answer like any other") {
  web w;
  auto const r =
      w.answered("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno")->get();
  CHECK(r.status == 404);
  CHECK(as_text(r.body) == "no");
}

TEST_CASE("an answer without a length ends with the connection of its server") {
  web w;
  CHECK(as_text(w.answered("HTTP/1.0 200 OK\r\n\r\nspam")->get().body) == "spam");
}

TEST_CASE("an answer shorter than it says is an error") {
  web w;
  auto const f =
      failure_of(w.answered("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nspam"));
  CHECK(f.code == errc::end_of_stream);
  CHECK_THAT(f.what,
             ContainsSubstring("http://public.example/: the connection ended in "));
}

TEST_CASE("what a server says past its length is ignored") {
  web w;
  auto const r =
      w.answered("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nspam and eggs")->get();
  CHECK(as_text(r.body) == "spam");
}

TEST_CASE("a server that closes without a word is an error") {
  web w;
  CHECK(failure_of(w.answered("")).code == errc::end_of_stream);
}

TEST_CASE("a server that speaks something else is an error") {
  web w;
  CHECK(failure_of(w.answered("SSH-2.0-OpenSSH\r\n\r\n")).code == errc::malformed_http);
}

TEST_CASE("a compressed answer that is damaged or cut is an error") {
  web w;
  std::string const head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n";
  auto const damaged = failure_of(w.answered(head + "\x1f\x8b and more"));
  CHECK(damaged.code == errc::malformed_http);
  CHECK_THAT(damaged.what, ContainsSubstring("compressed (gzip), and damaged"));
  web again;
  CHECK(failure_of(again.answered(head + "\x1f\x8b")).code == errc::end_of_stream);
}

TEST_CASE("an error page that is damaged keeps its status") {
  web w;
  auto const r = w.answered("HTTP/1.1 503 Busy\r\nContent-Encoding: gzip\r\n\r\n"
                            "\x1f\x8b and more")
                     ->get();
  CHECK(r.status == 503);
  CHECK(r.body.empty());
  web again;
  std::string const rest = " x\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b and more";
  CHECK(again.answered("HTTP/1.1 400" + rest)->get().status == 400);
  web last;
  CHECK(failure_of(last.answered("HTTP/1.1 399" + rest)).code == errc::malformed_http);
}

TEST_CASE("a caller that can tell a whole body takes one that is cut off") {
  web w;
  scripted_server server(w.desk, w.net, "192.0.2.1:80",
                         {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nspam"});
  http::get_options options;
  options.accept_cut_off = true;
  auto const r = w.get("http://public.example/", options)->get();
  CHECK(as_text(r.body) == "spam");
  CHECK(r.cut_off);
}

TEST_CASE("a password goes to its own host and into no sentence") {
  web w;
  scripted_server first(w.desk, w.net, "192.0.2.1:80",
                        {moved("/again"), moved("http://other.example/")});
  scripted_server second(w.desk, w.net, "192.0.2.2:80", {"SSH-2.0\r\n\r\n"});
  auto const f = failure_of(w.get("http://ann:safe@public.example/?passkey=1"));
  CHECK_THAT(f.what, ContainsSubstring("http://public.example/: "));
  REQUIRE(first.questions.size() == 2);
  CHECK_THAT(first.questions[1], ContainsSubstring("Authorization: Basic YW5uOnNhZmU="));
  REQUIRE(second.questions.size() == 1);
  CHECK(second.questions[0].find("Authorization") == std::string::npos);
}

TEST_CASE("one family of addresses can be asked for") {
  web w;
  w.net.name("six.example", {"192.0.2.1", "2001:db8::1"});
  scripted_server server(w.desk, w.net, "[2001:db8::1]:80", {ok("spam")});
  http::get_options options;
  options.family = ip_family::v6;
  CHECK(as_text(w.get("http://six.example/", options)->get().body) == "spam");
  CHECK(w.net.dialled().size() == 1);
  auto f = failure_of(w.get("http://public.example/", options));
  CHECK(f.code == errc::no_address);
  CHECK_THAT(f.what, ContainsSubstring("public.example has no address of IPv6"));
  w.net.name("new.example", {"2001:db8::1"});
  options.family = ip_family::v4;
  f = failure_of(w.get("http://new.example/", options));
  CHECK_THAT(f.what, ContainsSubstring("new.example has no address of IPv4"));
}

TEST_CASE("a name whose look-up takes too long leads nowhere") {
  web w;
  w.net.never_resolves("public.example");
  auto r = w.get("http://public.example/");
  w.desk.advance(14s);
  CHECK_FALSE(r->done);
  w.desk.advance(1s);
  auto const f = failure_of(r);
  CHECK(f.code == errc::cannot_connect);
  CHECK_THAT(f.what, ContainsSubstring("the look-up takes too long"));
}

TEST_CASE("an unknown name is an error that tells the name") {
  web w;
  auto const f = failure_of(w.get("http://nowhere.example/"));
  CHECK(f.code == errc::cannot_connect);
  CHECK_THAT(f.what, ContainsSubstring("the name nowhere.example leads to no address"));
}

TEST_CASE("a refused connection is an error that tells the address") {
  web w;
  auto const f = failure_of(w.get("http://public.example:81/x?passkey=1"));
  CHECK(f.code == errc::cannot_connect);
  CHECK_THAT(f.what, ContainsSubstring("http://public.example:81/x: "));
  CHECK_THAT(f.what, ContainsSubstring("192.0.2.1:81"));
}

TEST_CASE("each address of a name is tried") {
  web w;
  scripted_server server(w.desk, w.net, "192.0.2.1:80", url_list{ok("spam")});
  CHECK(as_text(w.get("http://both.example/")->get().body) == "spam");
  CHECK(w.net.dialled().size() == 2);
}

TEST_CASE("an address that stays silent costs ten seconds and then the next is tried") {
  web w;
  w.net.hangs(*endpoint::parse("192.0.2.9:80"));
  scripted_server server(w.desk, w.net, "192.0.2.1:80", url_list{ok("spam")});
  auto r = w.get("http://both.example/");
  w.desk.advance(9s);
  CHECK_FALSE(r->done);
  w.desk.advance(1s);
  CHECK(as_text(r->get().body) == "spam");
}

TEST_CASE("a server that never answers is cut by the deadline") {
  web w;
  auto door = w.net.listen(*endpoint::parse("192.0.2.1:80"));
  auto r = w.get("http://public.example/");
  w.desk.advance(29s);
  CHECK_FALSE(r->done);
  w.desk.advance(1s);
  CHECK(failure_of(r).code == errc::timed_out);
  CHECK_FALSE(w.desk.clock.next());
}

TEST_CASE("a server that drips byte by byte is cut by the deadline") {
  slow_answer w;
  w.server_says("HTTP/1.1 200 OK\r\n\r\n");
  for (int second = 0; second < 29; ++second) {
    w.server_says("a");
    w.desk.advance(1s);
    REQUIRE_FALSE(w.r->done);
  }
  w.desk.advance(1s);
  CHECK(failure_of(w.r).code == errc::timed_out);
}

TEST_CASE("an endless answer is cut by the limit") {
  slow_answer w;
  w.server_says("HTTP/1.1 200 OK\r\n\r\n");
  std::string const part(64 * 1024, 'a');
  for (int i = 0; i < 32; ++i) {
    w.server_says(part);
    REQUIRE_FALSE(w.r->done);
  }
  w.server_says("a");
  CHECK(failure_of(w.r).code == errc::limit_exceeded);
}

TEST_CASE("an endless head is cut by its limit") {
  web w;
  CHECK(failure_of(w.answered("HTTP/1.1 200 OK\r\nA: " + std::string(70000, 'a'))).code ==
        errc::limit_exceeded);
}

TEST_CASE("a head of very many fields is read") {
  std::string answer = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 1000; ++i) answer += "X-Field: of a talkative server\r\n";
  web w;
  auto const r = w.answered(answer + "Content-Length: 4\r\n\r\nspam")->get();
  CHECK(as_text(r.body) == "spam");
}

TEST_CASE("redirects are followed and the last place is told") {
  web w;
  scripted_server a(w.desk, w.net, "192.0.2.1:80",
                    url_list{moved("sub/x?y"), moved("http://other.example:81/z")});
  scripted_server b(w.desk, w.net, "192.0.2.2:81", url_list{ok("spam")});
  auto const r = w.get("http://public.example/a/b")->get();
  CHECK(as_text(r.body) == "spam");
  CHECK(r.final_url == "http://other.example:81/z");
  REQUIRE(a.questions.size() == 2);
  CHECK_THAT(a.questions[1], ContainsSubstring("GET /a/sub/x?y "));
}

TEST_CASE("five redirects are followed and the sixth is one too many") {
  web w;
  url_list answers(5, moved("/again"));
  answers.push_back(ok("spam"));
  {
    scripted_server server(w.desk, w.net, "192.0.2.1:80", answers);
    CHECK(as_text(w.get("http://public.example/")->get().body) == "spam");
  }
  w.desk.settle();
  scripted_server loop(w.desk, w.net, "192.0.2.1:80", url_list(9, moved("/again")));
  CHECK(failure_of(w.get("http://public.example/")).code == errc::too_many_redirects);
  CHECK(loop.questions.size() == 6);
}

TEST_CASE("a redirect to nowhere is an error") {
  web w;
  CHECK(failure_of(w.answered("HTTP/1.1 302 Found\r\n\r\n")).code ==
        errc::malformed_http);
}

TEST_CASE("a redirect to a scheme that is no web server is refused") {
  web w;
  CHECK(failure_of(w.answered(moved("udp://public.example:1/"))).code ==
        errc::unsafe_redirect);
}

TEST_CASE("who asks and is cancelled leaves nothing behind") {
  web w;
  auto door = w.net.listen(*endpoint::parse("192.0.2.1:80"));
  test::joined_group group(w.desk);
  auto keep = [](io::task<http::response> talk) -> io::task<> {
    http::response const ignored = co_await std::move(talk);
  };
  group.spawn(keep(http::get(w.net, w.desk.clock, "http://public.example/")));
  w.desk.settle();
  CHECK(w.desk.clock.next());
  group.cancel();
  w.desk.settle();
  CHECK(group.empty());
  CHECK_FALSE(w.desk.clock.next());
}
