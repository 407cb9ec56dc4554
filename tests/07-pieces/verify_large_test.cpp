// Pieces that are read in several parts.
#include "07-pieces/print.hpp"
#include "base/random.hpp"
#include "piece/check_talk.hpp"
#include "support/bench.hpp"
#include "support/temporary_folder.hpp"

using namespace cotorra;
using namespace cotorra::piece;
using test::temporary_folder;

namespace {

struct inline_workers : io::workers {
  void post(std::function<void()> job) override { job(); }
  unsigned count() const override { return 2; }
};

// Three pieces of 640 KiB and a short one: data, zeros, data, data.
struct desk {
  test::bench loop{};
  inline_workers pool{};
  temporary_folder dir{};
  static constexpr std::uint32_t size = 640 << 10;
  piece_layout layout{3 * size + 300'000, size};
  storage files{dir.path(), file_map({{"f", layout.total_length()}})};
  buffer content = buffer(layout.total_length());
  std::vector<sha1_digest> hashes{};

  desk() {
    random_source(3).fill(content);
    for (std::size_t i = size; i < 2 * size; ++i) content[i] = std::byte{0};
    for (piece_index i = 0; i < 4; ++i) hashes.push_back(sha1(piece(i)));
  }
  bytes piece(piece_index i) const {
    return bytes(content).subspan(layout.offset(i), layout.size(i));
  }
  void write(std::initializer_list<piece_index> pieces) {
    REQUIRE_FALSE(files.prepare());
    for (piece_index const i : pieces)
      REQUIRE_FALSE(files.write(layout.offset(i), piece(i)));
  }
  std::string check(bitfield which, std::vector<check_progress>* told = nullptr) {
    on_check_progress note;
    if (told) note = [told](check_progress const& p) { told->push_back(p); };
    piece_hashes const h(hashes);
    bitfield const good =
        loop.run(check_pieces(pool, files, layout, h, std::move(which), note));
    std::string s;
    for (std::size_t i = 0; i < good.size(); ++i) s += good[i] ? 'x' : '.';
    return s;
  }
};

} // namespace

TEST_CASE("a large piece is right when all of its parts are, be they data or a hole") {
  desk d;
  d.write({0, 2, 3});
  CHECK(d.check(bitfield(4, true)) == "xxxx");
  d.content[2 * desk::size + 300'000] ^= std::byte{1}; // in its second part
  d.content[3 * desk::size + 290'000] ^= std::byte{1}; // in the short one
  d.write({2, 3});
  CHECK(d.check(bitfield(4, true)) == "xx..");
}

TEST_CASE("only the pieces that are asked about are looked at and counted") {
  desk d;
  d.write({0, 2, 3});
  bitfield some(4);
  some.set(1);
  some.set(3);
  std::vector<check_progress> told;
  CHECK(d.check(some, &told) == ".x.x");
  REQUIRE_FALSE(told.empty());
  CHECK(told.front().checked == 0);
  CHECK(told.back().total == 2);
  CHECK(told.back().checked == 2);
  CHECK(told.back().good == 2);
  told.clear();
  CHECK(d.check(bitfield(4), &told) == "....");
  CHECK(told.empty());
}

TEST_CASE("a hole in the place of data is wrong") {
  desk d;
  d.write({0});
  CHECK(d.check(bitfield(4, true)) == "xx..");
}

TEST_CASE("what lacks a file counts as checked at once") {
  desk d;
  REQUIRE_FALSE(d.files.prepare());
  std::vector<check_progress> told;
  CHECK(d.check(bitfield(4, true), &told) == "....");
  REQUIRE(told.size() == 1);
  CHECK(told[0].checked == 4);
  CHECK(told[0].good == 0);
}
