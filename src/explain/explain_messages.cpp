#include "explain/explain.hpp"
#include "explain/facts.hpp"
#include "explain/text.hpp"
#include "message/framing.hpp"
#include <algorithm>
#include <fmt/format.h>

namespace cotorra::explain {
namespace {

struct message_list {
  std::vector<json> facts;
  std::string trouble; // why it ends before the last byte
};

message_list messages_from(bytes file, std::size_t at) {
  message_list out;
  try {
    while (auto const frame =
               message::first_frame(file.subspan(at), message::default_limit)) {
      if (out.facts.size() >= most_named) {
        out.trouble = fmt::format("byte {}: we tell {} and no more", at,
                                  count_of(most_named, "message"));
        return out;
      }
      json facts{{"offset", at}};
      facts.update(facts_of(message::decode(*frame)));
      out.facts.push_back(std::move(facts));
      at += message::length_size + frame->size();
    }
    if (at < file.size())
      out.trouble =
          fmt::format("byte {}: the last message is cut, {} missing", at,
                      count_of(message::missing_bytes(file.subspan(at)), "byte"));
  } catch (protocol_error const& e) {
    out.trouble = fmt::format("byte {}: {}", at, e.what());
  }
  return out;
}

void add_lines(std::vector<std::string>& lines, message_list const& list) {
  for (json m : list.facts) {
    std::uint64_t const offset = m["offset"].count();
    m.erase("offset");
    lines.push_back(fmt::format("{:>8}  {}", offset, line_of(m)));
  }
}

// A file that begins with this many keep-alives is a file of zeros.
bool only_keeps_alive(bytes file) {
  constexpr std::size_t patience = 16 * message::length_size;
  auto const start = file.first(std::min(file.size(), patience));
  return start.size() == patience &&
         std::ranges::all_of(start, [](std::byte b) { return b == std::byte{0}; });
}

} // namespace

explanation explain_handshake(bytes file) {
  handshake::handshake const h = handshake::decode(file);
  message_list const list = messages_from(file, handshake::handshake_size);
  explanation out{{{"kind", "handshake"}}, {}, list.trouble};
  out.facts.update(facts_of(h));
  out.facts["messages"] = list.facts;
  out.lines = lines_of(h);
  out.lines.insert(out.lines.begin(), fmt::format("A handshake between peers, {} bytes",
                                                  handshake::handshake_size));
  if (!list.facts.empty())
    out.lines.push_back("then " + count_of(list.facts.size(), "message"));
  add_lines(out.lines, list);
  return out;
}

bool begins_with_message(bytes file) {
  if (only_keeps_alive(file)) return false;
  try {
    auto const frame = message::first_frame(file, message::default_limit);
    if (!frame) return false;
    auto const first = message::decode(*frame);
    return !std::holds_alternative<message::unknown>(first);
  } catch (protocol_error const&) {
    return false;
  }
}

explanation explain_messages(bytes file) {
  message_list const list = messages_from(file, 0);
  explanation out{{{"kind", "messages"}, {"messages", list.facts}}, {}, list.trouble};
  out.lines = {count_of(list.facts.size(), "message") + " between peers"};
  add_lines(out.lines, list);
  return out;
}

} // namespace cotorra::explain
