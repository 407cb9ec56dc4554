// What a file is, and the facts in it.
#pragma once
#include "bencode/value.hpp"
#include "explain/byte_map.hpp"

namespace cotorra::explain {

struct explanation {
  json facts;                     // "kind" first
  std::vector<std::string> lines; // the same for people
  std::string trouble;            // one sentence: why it ends before the last byte
};

// One kind of file: how its bytes are named, and how its facts are told. Both throw
// input_error or protocol_error for a file that is damaged past explaining.
struct file_kind {
  byte_map (*map)(bytes);
  explanation (*explain)(bytes);
};

// What the user says that the file is. nullptr: there is no kind of that name.
file_kind const* kind_named(std::string_view);

// By the first bytes. Throws input_error, one sentence, when they are of no kind.
file_kind kind_of(bytes file);

explanation explain_bencode(bytes file); // .torrent, tracker's answer, resume file, KRPC
explanation explain_krpc(bytes file);    // of the DHT
explanation explain_handshake(bytes file); // with the messages behind it
explanation explain_messages(bytes file);
explanation explain_request(bytes file);  // HTTP
explanation explain_response(bytes file); // HTTP
explanation explain_udp(bytes packet);    // of a UDP tracker or to one
explanation explain_udp6(bytes packet);   // the same over IPv6
explanation explain_trace(bytes file);    // of `cotorra download --trace`

bool begins_with_message(bytes file);
bool begins_with_trace(bytes file);
// An answer of a UDP tracker has no such mark: it may be anything.
bool is_question_to_udp_tracker(bytes packet);

} // namespace cotorra::explain
