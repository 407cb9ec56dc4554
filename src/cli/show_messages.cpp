#include "cli/facts.hpp"
#include "cli/runtime.hpp"
#include "cli/show.hpp"
#include "cli/text.hpp"
#include "message/framing.hpp"
#include <algorithm>
#include <fmt/format.h>

namespace cotorra::cli {
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

void tell(message_list const& list) {
  for (json m : list.facts) {
    std::size_t const offset = m["offset"];
    m.erase("offset");
    say(fmt::format("{:>8}  {}", offset, line_of(m)));
  }
}

// So many keep-alives are a file of zeros.
bool only_keeps_alive(bytes file) {
  constexpr std::size_t patience = 16 * message::length_size;
  auto const start = file.first(std::min(file.size(), patience));
  return start.size() == patience &&
         std::ranges::all_of(start, [](std::byte b) { return b == std::byte{0}; });
}

int end_of(message_list const& list) {
  if (list.trouble.empty()) return done;
  throw input_error(list.trouble);
}

} // namespace

int show_handshake(bytes file, show_options const& o) {
  handshake const h = decode_handshake(file);
  message_list const list = messages_from(file, handshake_size);
  if (o.json) {
    json facts{{"kind", "handshake"}};
    facts.update(facts_of(h));
    facts["messages"] = list.facts;
    say_json(facts);
  } else {
    say(fmt::format("A handshake between peers, {} bytes", handshake_size));
    tell(h);
    if (!list.facts.empty())
      say(fmt::format("then {}", count_of(list.facts.size(), "message")));
    tell(list);
  }
  return end_of(list);
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

int show_messages(bytes file, show_options const& o) {
  message_list const list = messages_from(file, 0);
  if (o.json) {
    say_json({{"kind", "messages"}, {"messages", list.facts}});
  } else {
    say(fmt::format("{} between peers", count_of(list.facts.size(), "message")));
    tell(list);
  }
  return end_of(list);
}

} // namespace cotorra::cli
