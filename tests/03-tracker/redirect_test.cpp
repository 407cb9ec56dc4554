// Where a redirect may lead: a stranger must not send us into our own network.
#include "support/catch.hpp"
#include "support/story.hpp"
#include "web_bench.hpp"

using namespace cotorra;
using namespace cotorra::test;

namespace {

std::string dialled_by(web const& w) {
  std::string out;
  for (endpoint const& e : w.net.dialled()) out += (out.empty() ? "" : ", ") + e.text();
  return out.empty() ? "you dialled no address" : "you dialled " + out;
}

std::string told(failure const& f) {
  return f.code ? std::string(name(*f.code)) : f.what;
}

std::string body_or_why(std::shared_ptr<running<http::response>> const& r) {
  try {
    return std::string(as_text(r->get().body));
  } catch (std::exception const& e) {
    return e.what();
  }
}

} // namespace

TEST_CASE("a public server cannot send us to an address of our own network") {
  for (std::string const where :
       {"127.0.0.1", "192.168.1.1", "10.1.2.3", "172.16.0.1", "router.example",
        "home.example", "[::1]", "[::ffff:127.0.0.1]", "169.254.0.1", "0.0.0.0"}) {
    web w;
    w.net.name("home.example", {"192.168.1.1", "10.0.0.1"});
    story s;
    s.given("http://public.example/, which is 192.0.2.1");
    s.peer("answers: 302 Found, Location: http://" + where + "/admin");
    auto const f = failure_of(w.answered(moved("http://" + where + "/admin")));
    s.expect("you refuse, unsafe_redirect, and dial 192.0.2.1 alone",
             f.code == errc::unsafe_redirect && w.net.dialled().size() == 1,
             told(f) + ": " + dialled_by(w));
  }
}

TEST_CASE("of a name that leads abroad and home only the addresses abroad are dialled") {
  {
    web w;
    w.net.name("half.example", {"192.168.1.1", "192.0.2.2"});
    scripted_server abroad(w.desk, w.net, "192.0.2.2:80", url_list{ok("spam")});
    scripted_server home(w.desk, w.net, "192.168.1.1:80", url_list{ok("secret")});
    story s;
    s.given("a name that leads to 192.168.1.1 and to 192.0.2.2");
    s.peer("a public server redirects you to that name");
    std::string const body = body_or_why(w.answered(moved("http://half.example/")));
    s.expect("the answer is that of 192.0.2.2: spam", body == "spam", body);
    s.expect("192.168.1.1 was not dialled", w.net.dialled().size() == 2, dialled_by(w));
  }
  {
    web w;
    w.net.name("half.example", {"192.0.2.9", "192.168.1.1"});
    story s;
    s.given("a name that leads to 192.0.2.9, where no program listens, and home");
    s.peer("a public server redirects you to that name");
    auto const f = failure_of(w.answered(moved("http://half.example/")));
    s.expect("there is no connection: cannot_connect", f.code == errc::cannot_connect,
             told(f));
    s.expect("192.168.1.1 was not dialled", w.net.dialled().size() == 2, dialled_by(w));
  }
}

TEST_CASE("a local server may redirect to a local one") {
  web w;
  scripted_server a(w.desk, w.net, "192.168.1.1:80",
                    url_list{moved("http://127.0.0.1/")});
  scripted_server b(w.desk, w.net, "127.0.0.1:80", url_list{ok("spam")});
  story s;
  s.given("a tracker at 192.168.1.1, which you have named yourself");
  s.peer("answers: 302 Found, Location: http://127.0.0.1/");
  std::string const body = body_or_why(w.get("http://router.example/"));
  s.expect("you follow it, and the answer is: spam", body == "spam", body);
}

TEST_CASE("a public server cannot send us home by way of a second one") {
  web w;
  scripted_server a(w.desk, w.net, "192.0.2.1:80",
                    url_list{moved("http://other.example/")});
  scripted_server b(w.desk, w.net, "192.0.2.2:80", url_list{moved("http://127.0.0.1/")});
  CHECK(failure_of(w.get("http://public.example/")).code == errc::unsafe_redirect);
}

TEST_CASE("a stranger's URL does not lead into our own network") {
  web w;
  http::get_options options;
  options.public_only = true;
  for (std::string const host : {"127.0.0.1", "[::1]", "router.example", "0.0.0.0"}) {
    auto const f = failure_of(w.get("http://" + host + "/reboot?sure=yes", options));
    CHECK(f.code == errc::unsafe_redirect);
  }
  CHECK(w.net.dialled().empty());
}

TEST_CASE("a server at home sends us to no other one there when that is forbidden") {
  web w;
  scripted_server home(w.desk, w.net, "192.168.1.1:80",
                       url_list{moved("http://127.0.0.1/"), moved("http://127.0.0.1/")});
  scripted_server box(w.desk, w.net, "127.0.0.1:80", url_list{ok("spam")});
  http::get_options options;
  options.no_local_redirect = true;
  CHECK(failure_of(w.get("http://router.example/", options)).code ==
        errc::unsafe_redirect);
  CHECK(as_text(w.get("http://router.example/")->get().body) == "spam");
}

TEST_CASE("five statuses send us elsewhere and no others do") {
  for (int status : {301, 302, 303, 307, 308}) {
    INFO(status);
    web w;
    std::string const head = "HTTP/1.1 " + std::to_string(status) + " x\r\n";
    scripted_server other(w.desk, w.net, "192.0.2.2:80", url_list{ok("spam")});
    auto const r = w.answered(head + "Location: http://other.example/\r\n\r\n");
    CHECK(as_text(r->get().body) == "spam");
  }
  for (int status : {300, 304, 305, 306, 309}) {
    INFO(status);
    web w;
    std::string const head = "HTTP/1.1 " + std::to_string(status) + " x\r\n";
    auto const r = w.answered(head + "Location: http://other.example/\r\n\r\n");
    CHECK(r->get().status == status);
  }
}
