// The kinds of file that `show` knows. Each prints, and returns the exit status. All
// throw input_error for a file that is damaged past showing.
#pragma once
#include "bencode/value.hpp"
#include "cli/byte_map.hpp"

namespace cotorra::cli {

struct show_options {
  bool byte_map = false; // --bytes: instead of the facts
  bool html = false;     // --html: the bytes as a page
  bool json = false;
  std::string output; // a file for the page; empty: the standard output
  bool force = false; // replace that file

  bool bytes_wanted() const { return byte_map || html; }
};

int show_torrent(bytes file, bencode::value root, show_options const&);
int show_tracker_answer(bytes file, bencode::value root, show_options const&);
int show_resume(bytes file, show_options const&);
int show_handshake(bytes file, show_options const&); // with the messages behind it
bool begins_with_message(bytes file);
int show_messages(bytes file, show_options const&);
int show_request(bytes file, show_options const&);
int show_response(bytes file, show_options const&);

} // namespace cotorra::cli
