#include "base/error.hpp"
#include "explain/explain.hpp"
#include "handshake/handshake_wire.hpp"
#include "tracker/answer_wire.hpp"

namespace cotorra::explain {
namespace {

// Also one that is cut, and one that says 19 with two digits.
bool is_handshake(std::string_view file) {
  std::string const start = std::string(1, static_cast<char>(handshake::pstr.size())) +
                            std::string(handshake::pstr);
  bool const begun = start.starts_with(file.substr(0, start.size()));
  return begun ||
         file.substr(0, 2 + handshake::pstr.size()).find(handshake::pstr) != file.npos;
}

bool is_request(std::string_view file) {
  std::string_view const line = file.substr(0, file.find('\n'));
  bool const asks =
      line.starts_with("GET ") || line.starts_with("HEAD ") || line.starts_with("POST ");
  return asks && line.find(" HTTP/1.") != line.npos;
}

} // namespace

file_kind const* kind_named(std::string_view name) {
  static constexpr file_kind udp{map_of_udp, explain_udp};
  static constexpr file_kind udp6{map_of_udp6, explain_udp6};
  if (name == "udp-tracker") return &udp;
  return name == "udp-tracker6" ? &udp6 : nullptr;
}

file_kind kind_of(bytes file) {
  if (file.empty()) throw input_error("there is not one byte in it");
  std::string_view const text = as_text(file);
  if (is_handshake(text)) return {map_of_handshake, explain_handshake};
  if (is_request(text)) return {map_of_request, explain_request};
  if (text.starts_with("HTTP/")) return {map_of_response, explain_response};
  bool const answer = guess_kind(file) == bencode_kind::tracker_answer &&
                      text.substr(tracker::begin_of_answer(file)).starts_with('d');
  if (answer || text[0] == 'd' || text[0] == 'l' || text[0] == 'i')
    return {map_of_bencode, explain_bencode};
  if (begins_with_trace(file)) return {map_of_trace, explain_trace};
  if (begins_with_message(file)) return {map_of_messages, explain_messages};
  if (is_question_to_udp_tracker(file)) return {map_of_udp, explain_udp};
  throw input_error("this is nothing that we know: neither a .torrent, nor a tracker's "
                    "answer, nor a handshake, nor messages between peers, nor a message "
                    "of the DHT, nor a trace");
}

} // namespace cotorra::explain
