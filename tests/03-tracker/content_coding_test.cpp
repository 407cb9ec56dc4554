// What servers pack and how it is unpacked.
#include "base/error.hpp"
#include "base/hex.hpp"
#include "http/content_coding.hpp"
#include "print.hpp"
#include "support/catch.hpp"
#include <zlib.h>

using namespace cotorra;

namespace {

constexpr int gzip = 15 + 16, zlib = 15, bare = -15;

std::string packed(std::string_view plain, int format) {
  z_stream s{};
  REQUIRE(deflateInit2(&s, 9, Z_DEFLATED, format, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&s, plain.size()), '\0');
  s.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  s.avail_in = static_cast<uInt>(plain.size());
  s.next_out = reinterpret_cast<Bytef*>(out.data());
  s.avail_out = static_cast<uInt>(out.size());
  REQUIRE(::deflate(&s, Z_FINISH) == Z_STREAM_END);
  out.resize(s.total_out);
  deflateEnd(&s);
  return out;
}

http::unpacked unpack(std::string const& coding, std::string_view body,
                      std::string const& field = "Content-Encoding",
                      std::size_t limit = 1000) {
  http::header_fields fields;
  fields.add(field, coding);
  buffer in;
  append(in, body);
  return http::unpack(fields, std::move(in), limit);
}

std::string text_of(http::unpacked const& u) { return std::string(as_text(u.body)); }

std::optional<errc> refused(std::string const& coding, std::string_view body) {
  try {
    unpack(coding, body);
  } catch (protocol_error const& e) {
    return e.code();
  }
  return std::nullopt;
}

std::string const spam = "d8:intervali1800e5:peers0:e";

} // namespace

TEST_CASE("gzip and both forms of deflate are undone") {
  CHECK(text_of(unpack("gzip", packed(spam, gzip))) == spam);
  CHECK(text_of(unpack("X-GZip", packed(spam, gzip))) == spam);
  CHECK(text_of(unpack("deflate", packed(spam, zlib))) == spam);
  CHECK(text_of(unpack("deflate", packed(spam, bare))) == spam);
  CHECK(text_of(unpack("deflate", packed(spam, gzip))) == spam);
  CHECK(text_of(unpack("gzip, chunked", packed(spam, gzip), "Transfer-Encoding")) ==
        spam);
  CHECK(text_of(unpack("gzip, gzip", packed(packed(spam, gzip), gzip))) == spam);
  CHECK(text_of(unpack("gzip", packed(spam, gzip) + packed(spam, gzip))) == spam + spam);
  CHECK(text_of(unpack("gzip", packed("", gzip))).empty());
}

TEST_CASE("a coding that the bytes do not bear out is passed over") {
  for (std::string const coding :
       {"gzip", "deflate", "identity", "none", "utf-8", "", "br", "compress"}) {
    INFO(coding);
    CHECK(text_of(unpack(coding, spam)) == spam);
    CHECK(text_of(unpack(coding, "")).empty());
  }
}

TEST_CASE("bytes that only begin like packed ones are passed over") {
  for (std::string const plain : {"\x1f spam", "d\x8b spam", "\x1f"}) {
    CHECK(text_of(unpack("gzip", plain)) == plain);
    CHECK_FALSE(unpack("gzip", plain).cut_off);
  }
  for (std::string const plain : {"x8 is plain", "fS is plain"})
    CHECK(text_of(unpack("deflate", plain)) == plain);
}

TEST_CASE("what follows packed bytes is passed over unless it is packed too") {
  std::string const whole = packed(spam, gzip);
  for (std::string const rest : {"\r\n", "\x1fzz", "z\x8bz", "\x1f"}) {
    auto const u = unpack("gzip", whole + rest);
    CHECK(text_of(u) == spam);
    CHECK_FALSE(u.cut_off);
  }
  auto const more = unpack("gzip", whole + "\x1f\x8b");
  CHECK(text_of(more) == spam);
  CHECK(more.cut_off);
}

TEST_CASE("no byte behind the end of a body is looked at") {
  buffer in;
  append(in, packed(spam, gzip) + "\x1f\x8b");
  in.pop_back(); // it stays where it was, behind the end
  http::header_fields fields;
  fields.add("Content-Encoding", "gzip");
  CHECK_FALSE(http::unpack(fields, std::move(in), 1000).cut_off);
}

TEST_CASE("what was cut off in one packing is cut off in all") {
  std::string const whole = packed(spam, gzip);
  CHECK(unpack("identity, gzip", std::string_view(whole).substr(0, whole.size() - 9))
            .cut_off);
}

TEST_CASE("packed bytes that end too soon give what they began with") {
  std::string const whole = packed(spam, gzip);
  auto const part = unpack("gzip", std::string_view(whole).substr(0, whole.size() - 9));
  CHECK(part.cut_off);
  CHECK(spam.starts_with(text_of(part)));
  CHECK_FALSE(unpack("gzip", whole).cut_off);
}

TEST_CASE("packed bytes that are damaged are refused") {
  std::string whole = packed(spam, gzip);
  whole[whole.size() - 6] ^= 1; // its checksum
  CHECK(refused("gzip", whole) == errc::malformed_http);
}

TEST_CASE("a small answer that unpacks into a huge one is cut by the limit") {
  std::string const bomb = packed(std::string(1 << 19, 'a'), gzip);
  CHECK(bomb.size() < 2000);
  CHECK(refused("gzip", bomb) == errc::limit_exceeded);
  CHECK(refused("deflate", packed(std::string(1 << 19, 'a'), bare)) ==
        errc::limit_exceeded);
  CHECK(refused("gzip", packed(bomb, gzip)) == std::nullopt); // once
  CHECK(refused("gzip, gzip", packed(bomb, gzip)) == errc::limit_exceeded);
  CHECK(refused("a, b, c, d, e", spam) == errc::limit_exceeded);
  CHECK(refused("a, b, c, d", spam) == std::nullopt);
  CHECK(unpack("gzip", packed(std::string(999, 'a'), gzip)).body.size() == 999);
  CHECK(refused("gzip", packed(std::string(1001, 'a'), gzip)) == errc::limit_exceeded);
  CHECK(unpack("gzip", packed(std::string(1000, 'a'), gzip)).body.size() == 1000);
}
