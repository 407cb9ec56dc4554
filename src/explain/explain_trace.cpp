#include "base/error.hpp"
#include "explain/explain.hpp"
#include "explain/facts.hpp"
#include "explain/text.hpp"
#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <set>

namespace cotorra::explain {
namespace {

// One line of the file, with its line feed if there is one.
std::string_view line_at(std::string_view text, std::size_t at) {
  auto const end = text.find('\n', at);
  return text.substr(at, end == text.npos ? end : end + 1 - at);
}

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r\n") == line.npos;
}

bool is_flat(json const& value) {
  if (!value.is_array()) return !value.is_object();
  return std::ranges::all_of(value.elements(), [](json const& inner) {
    return inner.is_string() || inner.is_number();
  });
}

// The fields of an event that are text, numbers or bits, and lists of text; nullopt when
// the line is no event.
std::optional<json> event_in(std::string_view line) {
  json const given = parse_json(line).value_or(nullptr);
  if (!given["time"].is_number() || !given["event"].is_string()) return std::nullopt;
  json out = json::object();
  for (auto const& [key, value] : given.fields())
    if (is_flat(value)) out[key] = value;
  return out;
}

std::string text_of(json const& event, char const* key) {
  json const* const found = event.find(key);
  return found ? to_words(*found) : "";
}

// A message by its name and fields, as `show` tells messages.
std::string message_of(json event) {
  for (char const* key : {"time", "node", "event", "connection", "size", "hex", "pstr",
                          "reserved", "supports"})
    event.erase(key);
  return event["message"].is_string() ? line_of(event) : "";
}

// What happened, in a few words.
std::string words_of(json const& event) {
  std::string const& kind = event["event"].text();
  if (kind == "sent" || kind == "received") return message_of(event);
  if (kind == "opened")
    return text_of(event, "peer") +
           (text_of(event, "we_dialled") == "true" ? ", we dialled" : ", it dialled");
  if (kind == "closed") return text_of(event, "reason");
  if (kind == "piece") return text_of(event, "piece") + " " + text_of(event, "what");
  std::string out;
  for (auto const& [key, value] : event.fields())
    if (key != "time" && key != "node" && key != "event" && key != "connection")
      out += fmt::format("{}{} {}", out.empty() ? "" : ", ", key, to_words(value));
  return out;
}

std::string line_of_event(json const& event) {
  std::string const of = text_of(event, "connection"), node = text_of(event, "node");
  return sanitise(fmt::format("{:>12.6f}  {}{:>4}  {:<8}  {}", event["time"].number(),
                              node.empty() ? "" : node + " ", of.empty() ? "" : "#" + of,
                              text_of(event, "event"), words_of(event)));
}

// Calls on_event(offset, length, event) for each line until one is no event.
template <class On> std::string read_events(bytes file, On on_event) {
  std::string_view const text = as_text(file);
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size();) {
    std::string_view const line = line_at(text, at);
    if (count == most_named)
      return fmt::format("byte {}: we tell {} and no more", at, count_of(count, "event"));
    if (!is_blank(line)) {
      auto const event = event_in(line);
      if (!event && !line.ends_with('\n'))
        return fmt::format("byte {}: the last line is cut", at);
      if (!event) return fmt::format("byte {}: this line is no event of a trace", at);
      on_event(at, line.size(), *event);
      ++count;
    }
    at += line.size();
  }
  return "";
}

std::string title_of(std::vector<json> const& events) {
  std::set<std::string> connections;
  for (json const& e : events)
    if (e.contains("connection"))
      connections.insert(text_of(e, "node") + " " + text_of(e, "connection"));
  double const last = events.empty() ? 0 : events.back()["time"].number();
  return fmt::format("A trace: {} and {} in {}", count_of(events.size(), "event"),
                     count_of(connections.size(), "connection"), human_duration(last));
}

} // namespace

bool begins_with_trace(bytes file) {
  std::string_view const text = as_text(file);
  return text.starts_with(R"({"time":)") || event_in(line_at(text, 0)).has_value();
}

explanation explain_trace(bytes file) {
  std::vector<json> events;
  explanation out;
  out.trouble = read_events(
      file, [&](std::size_t, std::size_t, json const& e) { events.push_back(e); });
  out.lines.push_back(title_of(events));
  for (json const& e : events) out.lines.push_back(line_of_event(e));
  out.facts["kind"] = "trace";
  out.facts["events"] = std::move(events);
  return out;
}

byte_map map_of_trace(bytes file) {
  byte_map map;
  map.kind = "a trace";
  map.trouble = read_events(file, [&](std::size_t at, std::size_t size, json const& e) {
    map.add(at - map.end(), 0, "blank line");
    map.add(size, 0, sanitise(text_of(e, "event")),
            fmt::format("{:.6f} s", e["time"].number()), sanitise(words_of(e)));
  });
  map.leave_over(file, "blank lines follow");
  return map;
}

} // namespace cotorra::explain
