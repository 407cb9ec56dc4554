#include "base/error.hpp"
#include "base/hex.hpp"
#include "explain/explain.hpp"
#include "explain/facts.hpp"
#include "explain/text.hpp"
#include "http/body.hpp"
#include "http/content_coding.hpp"
#include "http/message_wire.hpp"
#include "tracker/announce_wire.hpp"
#include <fmt/format.h>

namespace cotorra::explain {
namespace {

constexpr std::size_t largest_body = 16 * 1024 * 1024; // unpacked

std::size_t head_of(bytes file, std::size_t most) {
  auto const size = http::head_size(file, most);
  if (!size) throw input_error("the head has no end: an empty line is missing");
  return *size;
}

json facts_of(http::header_fields const& fields) {
  json out = json::object();
  for (http::field const& f : fields.all()) out[f.name] = f.value;
  return out;
}

json facts_of(tracker::announce_request const& r) {
  json out{
      {"info_hash", r.info_hash.hex()}, {"peer_id", r.peer_id.hex()}, {"port", r.port},
      {"uploaded", r.uploaded},         {"downloaded", r.downloaded}, {"left", r.left},
      {"numwant", r.numwant},           {"compact", r.compact}};
  if (r.event != tracker::announce_event::none) out["event"] = name(r.event);
  if (r.ip) out["ip"] = r.ip->text();
  return out;
}

void add_lines(std::vector<std::string>& lines, json const& facts) {
  for (auto const& [key, value] : facts.fields())
    lines.push_back(fact_line(sanitise(key), sanitise(to_words(value))));
}

struct whole_body {
  buffer content;
  std::vector<std::string> slips; // that peers forgive a tracker
};

// A page with anything wrong is an error. A tracker's answer is accepted when its
// dictionary is whole.
whole_body body_of(http::response_head const& head, bytes rest) {
  whole_body out;
  http::body_decoder body(head, largest_body);
  rest = rest.subspan(body.take(rest, out.content));
  bool const cut = !body.done() && !body.ends_here();
  out.content = http::unpack(head.fields, std::move(out.content), largest_body).body;
  bool const answer = guess_kind(out.content) == bencode_kind::tracker_answer;
  if (!answer && cut) body.stream_ended();
  if (!answer && !rest.empty())
    throw input_error("the answer has ended, but bytes follow");
  if (cut) out.slips.push_back("the body is shorter than it says");
  if (!rest.empty())
    out.slips.push_back(fmt::format("{} behind its end: they do not count",
                                    count_of(rest.size(), "byte")));
  return out;
}

} // namespace

explanation explain_request(bytes file) {
  std::size_t const size = head_of(file, http::largest_head);
  auto const head = http::decode_request_head(file.first(size));
  json asks = json::object();
  if (head.query().find("info_hash=") != std::string_view::npos)
    asks = facts_of(tracker::decode_query(head.query()));
  json const fields = facts_of(head.fields);
  explanation out;
  out.facts = {{"kind", "HTTP request"},
               {"method", head.method},
               {"path", head.path()},
               {"announce", asks},
               {"fields", fields}};
  out.lines = {fmt::format("An HTTP request: {} {}", sanitise(head.method),
                           sanitise(std::string(head.path())))};
  add_lines(out.lines, asks);
  add_lines(out.lines, fields);
  return out;
}

explanation explain_response(bytes file) {
  std::size_t const size = head_of(file, http::largest_answer_head);
  auto const head = http::decode_response_head(file.first(size));
  whole_body const read = body_of(head, file.subspan(size));
  buffer const& body = read.content;
  json const fields = facts_of(head.fields);
  explanation out;
  out.facts = {{"kind", "HTTP answer"},
               {"status", head.status},
               {"fields", fields},
               {"body_size", body.size()}};
  out.lines = {fmt::format("An HTTP answer: {} {}", head.status, sanitise(head.reason))};
  add_lines(out.lines, fields);
  if (guess_kind(body) != bencode_kind::tracker_answer) {
    out.lines.push_back(fact_line("body", count_of(body.size(), "byte")));
    return out;
  }
  auto const answer = tracker::decode_answer(body);
  out.facts["answer"] = explain::facts_of(answer);
  out.lines.push_back("and in it a tracker's answer");
  auto const more = lines_of(answer);
  out.lines.insert(out.lines.end(), more.begin(), more.end());
  out.facts["warnings"] = read.slips;
  for (std::string const& slip : read.slips)
    out.lines.push_back(fact_line("warning", slip));
  return out;
}

} // namespace cotorra::explain
