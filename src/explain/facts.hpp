// The values of the protocol as facts: JSON for programs, a line for people.
#pragma once
#include "explain/json.hpp"
#include "handshake/handshake_wire.hpp"
#include "message/message_wire.hpp"
#include "tracker/answer_wire.hpp"
#include <string>
#include <vector>

namespace cotorra::explain {

json facts_of(handshake::handshake const&);
// {"message": "have", "piece": 7}; of a payload at most `most_payload` bytes
json facts_of(message::any const&, std::size_t most_payload = std::size_t(-1));
json facts_of(tracker::announce_answer const&);

std::vector<std::string> lines_of(handshake::handshake const&);
std::vector<std::string> lines_of(tracker::announce_answer const&);

// A row in a table of facts: "  piece length   256.0 KiB".
std::string fact_line(std::string_view name, std::string_view value);

// Of a message's facts: "have: piece 7".
std::string line_of(json const& message);

// What the reserved bits mean: "fast extension (BEP 6)". Those without a name by place.
std::vector<std::string> names_of(handshake::reserved_bits const&);

} // namespace cotorra::explain
