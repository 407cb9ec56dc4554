#include "base/endpoint.hpp"
#include "base/hex.hpp"
#include "base/sha.hpp"
#include "support/catch.hpp"
#include "support/print.hpp"

using namespace cotorra;

TEST_CASE("numbers are big-endian") {
  buffer out;
  put_u16(out, 6881);
  CHECK(to_hex(out) == "1ae1");
  put_u32(out, 16384);
  CHECK(to_hex(out) == "1ae100004000");
  CHECK(get_u16(out) == 6881);
  CHECK(get_u32(bytes(out).subspan(2)) == 16384);
}

TEST_CASE("hex is read in both cases and refused when odd or not hex") {
  CHECK(to_hex(from_hex("00fFa5").value()) == "00ffa5");
  CHECK_FALSE(from_hex("abc"));
  CHECK_FALSE(from_hex("zz"));
}

TEST_CASE("base32 is read in both cases and refused when it is no whole bytes") {
  CHECK(as_text(from_base32("NBSWY3DP").value()) == "hello");
  CHECK(as_text(from_base32("nbswy3dp").value()) == "hello");
  CHECK(as_text(from_base32("NBSWY").value()) == "hel");
  for (std::string_view bad : {"NBSW1", "NBSWY3D ", "NBSWY3D=", "N", "NBSWY3DP8"}) {
    INFO(bad);
    CHECK_FALSE(from_base32(bad));
  }
}

TEST_CASE("percent-coding keeps the unreserved characters and codes the others") {
  CHECK(percent_encode(as_bytes("a~b c/%")) == "a~b%20c%2F%25");
  CHECK(percent_decode("%12%ff+a") == std::string("\x12\xff+a"));
  CHECK_FALSE(percent_decode("%1"));
  CHECK_FALSE(percent_decode("%g0"));
}

TEST_CASE("SHA-1 of abc is the vector of FIPS 180") {
  CHECK(sha1(as_bytes("abc")).hex() == "a9993e364706816aba3e25717850c26c9cd0d89d");
  sha1_hasher parts;
  parts.update(as_bytes("a"));
  parts.update(as_bytes("bc"));
  CHECK(parts.finish().hex() == "a9993e364706816aba3e25717850c26c9cd0d89d");
  CHECK(parts.finish().hex() == "da39a3ee5e6b4b0d3255bfef95601890afd80709");
}

TEST_CASE("endpoints are read and written for both families") {
  CHECK(endpoint::parse("127.0.0.1:6881").value().text() == "127.0.0.1:6881");
  CHECK(endpoint::parse("[2001:db8::1]:80").value().text() == "[2001:db8::1]:80");
  for (auto bad : {"127.0.0.1", "127.0.0.1:", "127.0.0.1:70000", "::1:80",
                   "[127.0.0.1]:80", "x:80", "1.2.3.4:8x"})
    CHECK_FALSE(endpoint::parse(bad));
}

TEST_CASE("an IPv4 address inside IPv6 is the IPv4 address") {
  CHECK(ip_address::parse("::ffff:192.0.2.1") == ip_address::parse("192.0.2.1"));
}

TEST_CASE("loopback and private addresses are known") {
  CHECK(ip_address::parse("127.3.2.1").value().is_loopback());
  CHECK(ip_address::parse("::1").value().is_loopback());
  CHECK(ip_address::parse("172.16.0.1").value().is_local());
  CHECK(ip_address::parse("100.64.0.1").value().is_local()); // a provider's (RFC 6598)
  CHECK_FALSE(ip_address::parse("100.128.0.1").value().is_local());
  CHECK(ip_address::parse("fe80::1").value().is_local());
  CHECK(ip_address::parse("fd00::1").value().is_local());
  CHECK(ip_address::parse("fec0::1").value().is_local());
  CHECK(ip_address::parse("64:ff9b::7f00:1").value().is_local()); // 127.0.0.1, translated
  CHECK(
      ip_address::parse("2002:c0a8:101::1").value().is_local()); // 192.168.1.1, tunnelled
  CHECK_FALSE(ip_address::parse("64:ff9b::801:101").value().is_local());
  CHECK_FALSE(ip_address::parse("172.32.0.1").value().is_local());
  CHECK_FALSE(ip_address::parse("2001:db8::1").value().is_local());
}
