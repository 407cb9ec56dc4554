// What all readers of a tracker's words share: lenient, since trackers are old, many, and
// seldom repaired.
#pragma once
#include "bencode/decode_wire.hpp"
#include <string>

namespace cotorra::tracker {

// The dictionary that a tracker answered, with what may stand around it; refers to
// `body`. Throws protocol_error{malformed_answer} when there is none.
bencode::document read_answer(bytes body);

// Also a number that was written as a string; past 64 bits the nearest one that fits.
std::optional<std::int64_t> number_in(bencode::value);
// The same as a count; nullopt below 0, since some trackers count down too far.
std::optional<std::uint32_t> count_in(bencode::value);

// For a person: one line, and not too long. With its dots, a cut text is short enough
// that another reader does not cut it again.
std::string words_of(std::string_view);

} // namespace cotorra::tracker
