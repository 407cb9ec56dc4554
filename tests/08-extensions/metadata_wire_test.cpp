// The three messages of ut_metadata, as BEP 9 shows them.
#include "extension/metadata_wire.hpp"
#include "support/catch.hpp"
#include <string>

using namespace cotorra;
using namespace cotorra::extension;
using type = metadata_message::type;

namespace {

std::optional<metadata_message> read(std::string_view text) {
  return decode_metadata(as_bytes(text));
}
std::string again(std::string_view text) {
  buffer const out = encode(read(text).value());
  return std::string(as_text(out));
}

constexpr std::string_view request = "d8:msg_typei0e5:piecei0ee",
                           data = "d8:msg_typei1e5:piecei0e10:total_sizei34256eexxxxxxxx",
                           reject = "d8:msg_typei2e5:piecei0ee";

} // namespace

TEST_CASE("the examples of BEP 9 are read and written again") {
  CHECK(read(request)->msg_type == type::request);
  CHECK(read(data)->total_size == 34256);
  CHECK(as_text(read(data)->block) == "xxxxxxxx");
  CHECK(read(reject)->msg_type == type::reject);
  for (std::string_view const each : {request, data, reject}) CHECK(again(each) == each);
}

TEST_CASE("a message is refused at every length but its own") {
  for (std::string_view const each : {request, reject})
    for (std::size_t n = 0; n < each.size(); ++n)
      CHECK_THROWS_AS(read(each.substr(0, n)), protocol_error);
  std::size_t const dictionary = data.find("xxx");
  for (std::size_t n = 0; n < dictionary; ++n)
    CHECK_THROWS_AS(read(data.substr(0, n)), protocol_error);
  for (std::size_t n = dictionary; n <= data.size(); ++n)
    CHECK(read(data.substr(0, n))->block.size() == n - dictionary);
}

TEST_CASE("a type that is not known is ignored") {
  CHECK_FALSE(read("d8:msg_typei3e5:piecei0ee").has_value());
  CHECK_FALSE(read("d8:msg_typei99999999999e5:piecei0ee").has_value());
}

TEST_CASE("numbers that are missing or absurd are refused") {
  for (std::string_view const each :
       {"d5:piecei0ee", "d8:msg_typei0ee", "d8:msg_typei-1e5:piecei0ee",
        "d8:msg_typei0e5:piecei-1ee", "d8:msg_typei0e5:piecei4294967296ee",
        "d8:msg_typei1e5:piecei0ee", "d8:msg_type1:05:piecei0ee", "i1e", "le"})
    CHECK_THROWS_AS(read(each), protocol_error);
}

TEST_CASE("a block beyond 16 KiB is refused") {
  std::string const head = "d8:msg_typei1e5:piecei0e10:total_sizei99999ee";
  CHECK(read(head + std::string(16384, 'x'))->block.size() == 16384);
  CHECK_THROWS_AS(read(head + std::string(16385, 'x')), protocol_error);
}

TEST_CASE("metadata is cut into pieces of 16 KiB and a rest") {
  CHECK(metadata_pieces(1) == 1);
  CHECK(metadata_pieces(16384) == 1);
  CHECK(metadata_pieces(16385) == 2);
  CHECK(metadata_length(16385, 0) == 16384);
  CHECK(metadata_length(16385, 1) == 1);
  CHECK(metadata_length(16385, 2) == 0);
  CHECK(metadata_length(16384, 1) == 0);
}

TEST_CASE("numbers with zeros in front are read, and the largest part there can be") {
  CHECK(read("d8:msg_typei00e5:piecei07ee")->piece == 7);
  CHECK(read("d8:msg_typei0e5:piecei4294967295ee")->piece == 4294967295u);
}

TEST_CASE("unknown keys are passed over, ten deep and no deeper") {
  auto const nested = [](std::size_t depth) {
    return "d8:msg_typei0e5:piecei1e1:x" + std::string(depth - 1, 'l') +
           std::string(depth - 1, 'e') + "e";
  };
  CHECK(read(nested(10))->piece == 1);
  CHECK_THROWS_AS(read(nested(11)), protocol_error);
}

TEST_CASE("two hundred values are passed over, and more refused") {
  auto const values = [](int n) {
    std::string out = "d8:msg_typei0e5:piecei1e1:xl";
    for (int i = 0; i < n; ++i) out += "0:";
    return out + "ee";
  };
  CHECK(read(values(191))->piece == 1); // and nine more: keys, numbers, ends ..
  CHECK_THROWS_AS(read(values(192)), protocol_error);
}

TEST_CASE("the parts of metadata of any size add up to it") {
  for (std::uint64_t size : {0u, 1u, 16383u, 16384u, 16385u, 32768u, 40000u, 32u << 20}) {
    std::uint64_t sum = 0;
    for (std::uint32_t i = 0; i < metadata_pieces(size); ++i) {
      CHECK(metadata_length(size, i) > 0);
      sum += metadata_length(size, i);
    }
    CHECK(sum == size);
    CHECK(metadata_length(size, metadata_pieces(size)) == 0);
  }
}

TEST_CASE("each type of message has a name") {
  CHECK(name(type::request) == "request");
  CHECK(name(type::data) == "data");
  CHECK(name(type::reject) == "reject");
  CHECK(name(static_cast<type>(3)).empty());
}
