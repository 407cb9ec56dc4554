// Seen by every file of a student's build (.cmake/mine.cmake), and by nothing else: what
// stands in a hole until it is filled.
#pragma once
#include <source_location>
#include <stdexcept>

namespace cotorra {

struct hole_is_empty : std::logic_error {
  using std::logic_error::logic_error;
};

// Throws hole_is_empty: "hole 4.2 is empty: compare the answered info_hash
// (work/04-handshake/handshake/handshake_talk.cpp:41)".
[[noreturn]] void todo(char const* hole,
                       std::source_location = std::source_location::current());

} // namespace cotorra
