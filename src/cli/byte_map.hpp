// Every byte of a file owned by a field with a name: rows that follow each other without
// a gap.
#pragma once
#include "bencode/value.hpp"
#include "cli/output.hpp"

namespace cotorra::cli {

struct byte_row {
  std::size_t offset = 0, length = 0;
  unsigned depth = 0; // how far to indent
  std::string text;
};

std::vector<byte_row> map_of(bencode::value root);
std::vector<byte_row> map_of_handshake(bytes);
// Messages from `at` to the end of `all`; what is no whole message is "left over".
std::vector<byte_row> map_of_messages(bytes all, std::size_t at);

void tell(std::vector<byte_row> const&);
json facts_of(std::vector<byte_row> const&);

} // namespace cotorra::cli
