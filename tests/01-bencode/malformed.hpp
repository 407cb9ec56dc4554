// What bencode does not allow, and the byte at which that shows. Both readers, the one in
// memory and the one from a stream, must refuse each of them at that very byte.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace cotorra::test {

struct malformed_case {
  std::string shape, data;
  std::size_t offset; // as the error tells it
  std::string says;
};

inline std::vector<malformed_case> const malformed_cases = {
    {"a leading zero", "i03e", 2, "the integer has a leading zero"},
    {"two zeros", "i00e", 2, "leading zero"},
    {"a negative leading zero", "i-01e", 2, "negative zero"},
    {"a negative zero", "i-0e", 2, "negative zero"},
    {"an empty integer", "ie", 1, "no digits"},
    {"a lone minus", "i-e", 2, "no digits"},
    {"two minus signs", "i--1e", 2, "not a digit"},
    {"a minus behind a digit", "i1-e", 2, "not a digit"},
    {"a plus sign", "i+1e", 1, "not a digit"},
    {"a blank before a number", "i 1e", 1, "not a digit"},
    {"a blank behind a number", "i1 e", 2, "not a digit"},
    {"a fraction", "i1.5e", 2, "not a digit"},
    {"an exponent", "i1e5e", 3, "behind the end"},
    {"one past the highest integer", "i9223372036854775808e", 19, "64 bits"},
    {"one past the lowest integer", "i-9223372036854775809e", 20, "64 bits"},
    {"an integer of 20 digits", "i10000000000000000000e", 20, "64 bits"},
    {"a length with a leading zero", "01:a", 1,
     "the length of the string has a leading zero"},
    {"a length past 64 bits", "99999999999999999999:a", 18, "64 bits"},
    {"a length with a minus inside", "1-2:ab", 1, "not a digit"},
    {"a length ended by e", "3eabc", 1, "not a digit"},
    {"a negative length", "-1:a", 0, "no value starts"},
    {"no value at all", "x", 0, "no value starts"},
    {"a lone end", "e", 0, "no value starts"},
    {"a colon without a length", ":a", 0, "no value starts"},
    {"a letter inside a list", "li1ex", 4, "no value starts"},
    {"a capital type", "D1:ai1ee", 0, "no value starts"},
    {"an integer as a key", "di1ei2ee", 1, "key must be a string"},
    {"a list as a key", "dlei1ee", 1, "key must be a string"},
    {"a key without a value", "d1:ae", 4, "no value"},
    {"a second key without a value", "d1:ai1e1:be", 10, "no value"},
    {"a byte of zero", std::string("\0", 1), 0, "no value starts"},
};

} // namespace cotorra::test
