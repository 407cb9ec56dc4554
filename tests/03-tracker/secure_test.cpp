// GET over TLS: whose answer it is, and how it fails.
#include "support/catch.hpp"
#include "support/certificates.hpp"
#include "web_bench.hpp"

using namespace cotorra;
using namespace cotorra::test;
using Catch::Matchers::ContainsSubstring;

namespace {

io::task<> answer_one(io::listener& door, io::tls_identity const& ours,
                      std::string const& words) {
  std::unique_ptr<io::stream> plain = co_await door.accept();
  auto agreeing = io::secure(std::move(plain), ours);
  std::unique_ptr<io::stream> const client = co_await std::move(agreeing);
  io::reader in(*client);
  while (!http::head_size(in.buffered())) {
    bool const more = co_await in.fill();
    if (!more) break;
  }
  co_await io::write(*client, as_bytes(words));
}

// A GET of https://public.example/, whose server has a certificate for `name`.
struct secure_web : web {
  certificates papers;
  io::trust const ours{papers.ca_file()};
  std::unique_ptr<io::listener> door = net.listen(*endpoint::parse("192.0.2.1:443"));
  std::optional<io::tls_identity> identity;

  auto ask(std::string const& words, std::string const& name = "public.example",
           std::string const& url = "https://public.example/a") {
    identity = papers.make({.dns = name});
    desk.start(answer_one(*door, *identity, words));
    http::get_options options;
    options.trust = &ours;
    return get(url, options);
  }
};

} // namespace

TEST_CASE("an answer over TLS is an answer like any other") {
  secure_web w;
  auto const r = w.ask(ok("spam"))->get();
  CHECK(as_text(r.body) == "spam");
  CHECK(r.final_url == "https://public.example/a");
}

TEST_CASE("a server with the certificate of another is asked nothing") {
  secure_web w;
  auto const f = failure_of(w.ask(ok("spam"), "other.example"));
  CHECK(f.code == errc::insecure);
  CHECK_THAT(f.what, ContainsSubstring("https://public.example/a: its certificate is not "
                                       "for public.example"));
}

TEST_CASE("without an authority of ours the system's decide") {
  secure_web w;
  w.identity = w.papers.make({.dns = "public.example"});
  w.desk.start(answer_one(*w.door, *w.identity, ok("spam")));
  CHECK(failure_of(w.get("https://public.example/")).code == errc::insecure);
}

TEST_CASE("a plain server may redirect us to a secure one but not back") {
  secure_web w;
  scripted_server plain(w.desk, w.net, "192.0.2.1:80",
                        url_list{moved("https://public.example/b"), ok("spam")});
  auto const r = w.ask(ok("spam"), "public.example", "http://public.example/")->get();
  CHECK(r.final_url == "https://public.example/b");
  secure_web back;
  CHECK(failure_of(back.ask(moved("http://public.example/"))).code ==
        errc::unsafe_redirect);
}

TEST_CASE("a server that says nothing in the handshake is given up in time") {
  secure_web w;
  auto const r = w.get("https://public.example/");
  auto const client = w.desk.run(w.door->accept());
  w.desk.advance(9s);
  CHECK_FALSE(r->done);
  w.desk.advance(2s);
  CHECK(failure_of(r).code == errc::cannot_connect);
}

TEST_CASE("no GET goes to a scheme that is no web server") {
  web w;
  auto const f = failure_of(w.get("udp://public.example:80"));
  CHECK(f.code == errc::unsupported);
  CHECK_THAT(f.what, ContainsSubstring("udp:// does not lead to a web server"));
  CHECK(w.net.dialled().empty());
}
