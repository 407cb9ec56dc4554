// TLS as a stream: what passes through it, and which servers are not believed.
#include "base/error.hpp"
#include "io/memory_pipe.hpp"
#include "support/bench.hpp"
#include "support/catch.hpp"
#include "support/certificates.hpp"

using namespace cotorra;
using namespace cotorra::test;
using Catch::Matchers::ContainsSubstring;

namespace {

// Passes on what is written byte by byte.
class crumbs : public io::stream {
public:
  explicit crumbs(std::unique_ptr<io::stream> inner) : inner_(std::move(inner)) {}
  io::task<std::size_t> read_some(mutable_bytes into) override {
    return inner_->read_some(into.first(1));
  }
  io::task<> write(std::span<bytes const> buffers) override {
    return inner_->write(buffers);
  }
  void close() override { inner_->close(); }

private:
  std::unique_ptr<io::stream> inner_;
};

// A client and a server at both ends of a wire.
struct wire {
  bench desk;
  std::unique_ptr<io::memory_stream> near, far;
  std::shared_ptr<running<std::unique_ptr<io::stream>>> client, server;

  wire() { std::tie(near, far) = io::memory_stream::pair(desk.executor()); }
  void connect(std::string const& host, io::trust const& t,
               io::tls_identity const& identity) {
    server = desk.start(io::secure(std::move(far), identity));
    client = desk.start(io::secure(std::move(near), host, t));
    desk.settle();
  }
};

// How the client ends when it wants `host` and the server has this certificate.
std::string refusal(certificates& papers, certificates::wish const& w,
                    std::string const& host = "tracker.example") {
  wire both;
  io::trust const t(papers.ca_file());
  both.connect(host, t, papers.make(w));
  try {
    both.client->get();
  } catch (protocol_error const& e) {
    CHECK(e.code() == errc::insecure);
    return e.what();
  }
  return "it was believed";
}

std::string read_all(bench& desk, io::stream& from, std::size_t size) {
  std::string text;
  while (text.size() < size) {
    std::array<std::byte, 1000> room;
    std::size_t const n = desk.run(from.read_some(room));
    if (n == 0) break;
    text += as_text(bytes(room).first(n));
  }
  return text;
}

} // namespace

TEST_CASE("what one side writes through TLS the other reads and the wire hides it") {
  certificates papers;
  io::trust const t(papers.ca_file());
  wire both;
  both.connect("tracker.example", t, papers.make());
  auto const client = both.client->get();
  auto const server = both.server->get();
  bytes const parts[] = {as_bytes("a question "), as_bytes("in two parts")};
  both.desk.run(client->write(parts));
  CHECK(read_all(both.desk, *server, 23) == "a question in two parts");
  std::string const large(100'000, 'x');
  both.desk.run(io::write(*server, as_bytes(large)));
  CHECK(read_all(both.desk, *client, large.size()) == large);
  client->close();
  CHECK(read_all(both.desk, *server, 1).empty());
}

TEST_CASE("an address is proven as a name is") {
  certificates papers;
  io::trust const t(papers.ca_file());
  wire both;
  both.connect("192.0.2.1", t, papers.make({.dns = "x.example", .ip = "192.0.2.1"}));
  CHECK(both.client->get() != nullptr);
  CHECK_THAT(refusal(papers, {.dns = "x.example", .ip = "192.0.2.1"}, "192.0.2.2"),
             ContainsSubstring("its certificate is not for 192.0.2.2"));
}

TEST_CASE("the bytes of the other side may come one at a time") {
  certificates papers;
  io::trust const t(papers.ca_file());
  io::tls_identity const identity = papers.make();
  wire both;
  std::unique_ptr<io::stream> slow = std::make_unique<crumbs>(std::move(both.near));
  both.server = both.desk.start(io::secure(std::move(both.far), identity));
  both.client = both.desk.start(io::secure(std::move(slow), "tracker.example", t));
  both.desk.settle();
  CHECK(both.client->get() != nullptr);
}

TEST_CASE("a certificate that breaks a rule is refused with a sentence that says which") {
  certificates papers;
  CHECK(refusal(papers, {}) == "it was believed");
  CHECK_THAT(refusal(papers, {.from_day = -30, .to_day = -1}),
             ContainsSubstring("has expired (its own is valid until 20"));
  CHECK_THAT(refusal(papers, {.from_day = 2}), ContainsSubstring("is not valid yet"));
  CHECK_THAT(refusal(papers, {}, "other.example"),
             ContainsSubstring("its certificate is not for other.example"));
  CHECK_THAT(refusal(papers, {.signed_by_itself = true}),
             ContainsSubstring("signed by itself alone"));
  CHECK_THAT(refusal(papers, {.rsa_bits = 1024}), ContainsSubstring("too short"));
  certificates others;
  io::trust const t(others.ca_file());
  wire both;
  both.connect("tracker.example", t, papers.make());
  CHECK_THROWS_WITH(both.client->get(), ContainsSubstring("no authority that we trust"));
}

TEST_CASE("a server that speaks no TLS or leaves or goes mad is told so") {
  certificates papers;
  io::trust const t(papers.ca_file());
  for (std::string const& words :
       {std::string("HTTP/1.1 400 Bad Request\r\n\r\n"), std::string(300, '\xff'),
        std::string("\x16\x03\x03\xff\xff", 5)}) {
    wire both;
    both.client = both.desk.start(io::secure(std::move(both.near), "tracker.example", t));
    both.far->say(as_bytes(words));
    both.far->close();
    both.desk.settle();
    CHECK_THROWS_AS(both.client->get(), protocol_error);
  }
}

TEST_CASE(
    "a server that stalls in the handshake is waited for until the caller ends it") {
  certificates papers;
  io::trust const t(papers.ca_file());
  wire both;
  both.client = both.desk.start(io::secure(std::move(both.near), "tracker.example", t));
  both.desk.settle();
  CHECK_FALSE(both.client->done);
  CHECK(both.far->heard().size() > 50); // the client's first words
}

TEST_CASE("bytes that are changed on the way end the connection") {
  certificates papers;
  io::trust const t(papers.ca_file());
  io::tls_identity const identity = papers.make();
  wire left, right; // the test stands between them, and passes things on
  left.client = left.desk.start(io::secure(std::move(left.near), "tracker.example", t));
  right.server = right.desk.start(io::secure(std::move(right.far), identity));
  auto const pass = [](io::memory_stream& from, io::memory_stream& to, bool spoil) {
    buffer text(from.heard().begin(), from.heard().end());
    from.forget_heard();
    if (spoil && !text.empty()) text.back() ^= std::byte{1};
    if (!text.empty()) to.say(text);
  };
  for (int i = 0; i < 10; ++i) {
    pass(*left.far, *right.near, false);
    right.desk.settle();
    pass(*right.near, *left.far, false);
    left.desk.settle();
  }
  auto const client = left.client->get();
  auto const server = right.server->get();
  right.desk.run(io::write(*server, as_bytes("one piece of advice")));
  pass(*right.near, *left.far, true);
  std::array<std::byte, 100> room;
  CHECK_THROWS_AS(left.desk.run(client->read_some(room)), protocol_error);
}

TEST_CASE("files without a certificate or a key are named") {
  certificates papers;
  papers.make();
  auto const empty = papers.folder.path() / "empty";
  std::ofstream(empty) << "nothing\n";
  CHECK_THROWS_WITH(io::trust(empty), ContainsSubstring("there is no certificate in it"));
  CHECK_THROWS_WITH(io::tls_identity(empty, papers.key_file()),
                    ContainsSubstring("there is no certificate in it"));
  CHECK_THROWS_WITH(io::tls_identity(papers.certificate_file(), empty),
                    ContainsSubstring("there is no key in it"));
  CHECK_THROWS_AS(io::trust(papers.folder.path() / "missing"), input_error);
}
