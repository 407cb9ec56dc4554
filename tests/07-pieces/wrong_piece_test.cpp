// One piece of four blocks, and peers that send lies. Drawn: who sent which block, and a
// capital letter is a lie.
#include "07-pieces/print.hpp"
#include "base/sha.hpp"
#include "piece/blame.hpp"
#include "support/story.hpp"
#include <cctype>
#include <fmt/format.h>

using namespace cotorra;
using namespace cotorra::piece;

namespace {

constexpr std::uint32_t blocks = 4;

// Peers at one address: only the port tells them apart.
endpoint at(char name) {
  return {ip_address::v4(0x7f000001), static_cast<std::uint16_t>(6000 + name)};
}

struct desk {
  piece_layout layout{std::uint64_t{3} * blocks * block_size, blocks* block_size};
  buffer_pool pool{};

  open_piece piece(std::string_view senders, piece_index index = 1) {
    open_piece p(layout, index, pool);
    for (std::uint32_t n = 0; n < blocks; ++n) {
      char const who = senders[n];
      bool const lie = std::isupper(who) != 0;
      auto const truth = static_cast<std::byte>(7 + n); // differs from block to block
      buffer const data(block_size, lie ? std::byte{0xbd} : truth);
      p.write_block(layout.block_at(index, n), data,
                    at(static_cast<char>(std::tolower(who))));
    }
    return p;
  }
};

std::string names_of(std::vector<offender> const& all) {
  std::string out;
  for (offender const& o : all) out += static_cast<char>(o.port - 6000);
  return out.empty() ? "nobody" : out;
}

} // namespace

TEST_CASE("an only contributor is to blame at once") {
  desk d;
  blame b;
  CHECK(names_of(b.failed(d.piece("aAaa"))) == "a");
  CHECK(b.remembered() == 0);
}

TEST_CASE("one liar among three is found when the piece comes right") {
  desk d;
  blame b;
  test::story s;
  s.given("a piece of four blocks: from a, from b, a lie from c, from a");
  s.you("hash it: wrong");
  std::string const at_first = names_of(b.failed(d.piece("abCa")));
  s.expect("nobody is blamed yet", at_first == "nobody", at_first);
  CHECK(b.remembered() == blocks);
  s.you("get it again, all of it from a, and hash it: right");
  std::string const then = names_of(b.verified(d.piece("aaaa")));
  s.expect("c is to blame", then == "c", then);
  CHECK(b.remembered() == 0);
  std::string const again = names_of(b.verified(d.piece("aaaa")));
  s.expect("later that says nothing more", again == "nobody", again);
  for (std::uint32_t n = 0; n < blocks; ++n) {
    s.given(fmt::format("three blocks from a, and block {}, a lie, from c", n));
    std::string senders = "aaaa";
    senders[n] = 'C';
    b.failed(d.piece(senders));
    s.you("get it again, all of it from a, and hash it: right");
    std::string const liar = names_of(b.verified(d.piece("aaaa")));
    s.expect("c is to blame", liar == "c", liar);
  }
}

TEST_CASE("two liars in one piece are both found") {
  desk d;
  blame b;
  CHECK(names_of(b.failed(d.piece("AbCa"))) == "nobody");
  CHECK(names_of(b.verified(d.piece("bbbb"))) == "ac");
}

TEST_CASE("liars of several attempts are found together") {
  desk d;
  blame b;
  CHECK(names_of(b.failed(d.piece("abCa"))) == "nobody");
  CHECK(names_of(b.failed(d.piece("Daba"))) == "nobody");
  CHECK(names_of(b.failed(d.piece("eabC"))) == "nobody");
  CHECK(names_of(b.verified(d.piece("abab"))) == "cd");
  CHECK(b.remembered() == 0);
}

TEST_CASE("a liar is found though its own block was right the second time") {
  desk d;
  blame b;
  CHECK(names_of(b.failed(d.piece("aBaa"))) == "nobody");
  CHECK(names_of(b.verified(d.piece("bbbb"))) == "b");
}

TEST_CASE("another piece proves nothing") {
  desk d;
  blame b;
  test::story s;
  s.given("piece 0, wrong: from a, from b, a lie from c, from a");
  b.failed(d.piece("abCa", 0));
  s.you("hash piece 1: right");
  std::string found = names_of(b.verified(d.piece("abca", 1)));
  s.expect("nobody is blamed", found == "nobody", found);
  s.given("piece 1, wrong this time: from a, a lie from e, from a, from a");
  b.failed(d.piece("aEaa", 1));
  s.you("get piece 1 again, and hash it: right");
  found = names_of(b.verified(d.piece("aaaa", 1)));
  s.expect("e is to blame", found == "e", found);
  s.you("get piece 0 again, and hash it: right");
  found = names_of(b.verified(d.piece("abaa", 0)));
  s.expect("c is to blame", found == "c", found);
}

TEST_CASE("the memory is bounded and the oldest suspicion goes first") {
  desk d;
  blame b(2 * blocks);
  b.failed(d.piece("aB__", 0));
  b.failed(d.piece("aC__", 1));
  b.failed(d.piece("aD__", 2));
  CHECK(b.remembered() == 2 * blocks);
  CHECK(names_of(b.verified(d.piece("aaaa", 0))) == "nobody"); // forgotten
  CHECK(names_of(b.verified(d.piece("aaaa", 1))) == "c");
  CHECK(names_of(b.verified(d.piece("aaaa", 2))) == "d");
}
