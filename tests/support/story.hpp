// A test is a story: each step is told, and a failure prints the story up to the step
// that failed, then the bytes, where the code waits, and what to do next.
//
//   story s;
//   s.given("a peer on an in-memory wire");
//   s.peer("sends its 68 bytes, info_hash c77829d2...");
//   s.expect("you close the wire: wrong_info_hash", closed, "exchange_handshakes()
//   returned"); s.expect_bytes("68 bytes from you", wanted, came, {{0, "pstrlen"}, {1,
//   "pstr"}});
//
// With COTORRA_STORIES=FILE, each failure also adds three lines to that file for a
// program to read, and an empty one: the test, the number of the step, what was found.
#pragma once
#include "base/bytes.hpp"
#include "base/source_location.hpp"
#include <string>
#include <vector>

namespace cotorra::test {

struct field {
  std::size_t offset; // where it starts; it ends where the next one starts
  std::string name;
};

class story {
public:
  void given(std::string text) { tell("given", std::move(text)); }
  void you(std::string text) { tell("you", std::move(text)); }
  void peer(std::string text) { tell("peer", std::move(text)); }
  void time(std::string text) { tell("time", std::move(text)); }

  // `found` says what was there instead.
  void expect(std::string text, bool ok, std::string found = "something else",
              source_location = source_location::current());
  void expect_bytes(std::string text, bytes wanted, bytes came, std::vector<field> = {},
                    source_location = source_location::current());
  // The text so far, as a failure prints it.
  std::string told() const;

private:
  void tell(std::string who, std::string text);
  // `wire` and `came`: the bytes that differ, and the row of those that came.
  void fail(std::string found, std::string wire, std::string came, source_location);

  struct step {
    std::string who, text;
    bool checked = false;
  };
  std::vector<step> steps_;
};

} // namespace cotorra::test
