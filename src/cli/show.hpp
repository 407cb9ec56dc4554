// The kinds of file that `show` knows. Each prints, and returns the exit status. All
// throw input_error for a file that is damaged past showing.
#pragma once
#include "cli/byte_map.hpp"

namespace cotorra::cli {

struct show_options {
  bool byte_map = false; // --bytes: instead of the facts
  bool json = false;
};

int show_torrent(bytes file, bencode::value root, show_options);
int show_tracker_answer(bytes file, bencode::value root, show_options);
int show_handshake(bytes file, show_options); // with the messages behind it, if any
bool begins_with_message(bytes file);
int show_messages(bytes file, show_options);

// Prints the map in the form that was asked for.
int show_map(std::string_view kind, std::vector<byte_row> const&, show_options);

} // namespace cotorra::cli
