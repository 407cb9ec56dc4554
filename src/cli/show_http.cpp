#include "base/error.hpp"
#include "base/hex.hpp"
#include "cli/facts.hpp"
#include "cli/runtime.hpp"
#include "cli/show.hpp"
#include "cli/text.hpp"
#include "http/body.hpp"
#include "http/message_wire.hpp"
#include "tracker/announce_wire.hpp"
#include <fmt/format.h>

namespace cotorra::cli {
namespace {

std::size_t head_of(bytes file) {
  auto const size = http::head_size(file);
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

void tell_all(json const& facts) {
  for (auto const& [key, value] : facts.items()) {
    std::string const text = value.is_string() ? value.get<std::string>() : value.dump();
    say_fact(sanitise(key), sanitise(text));
  }
}

buffer body_of(http::response_head const& head, bytes rest) {
  buffer out;
  http::body_decoder body(head, rest.size());
  rest = rest.subspan(body.take(rest, out));
  if (!body.done()) body.stream_ended();
  if (!rest.empty()) throw input_error("the answer has ended, but bytes follow");
  return out;
}

} // namespace

int show_request(bytes file, show_options const& o) {
  std::size_t const size = head_of(file);
  auto const head = http::parse_request_head(file.first(size));
  json facts{{"kind", "HTTP request"}, {"method", head.method}, {"path", head.path()}};
  json asks = json::object();
  if (head.query().find("info_hash=") != std::string_view::npos)
    asks = facts_of(tracker::read_announce_query(head.query()));
  if (o.json) {
    facts["announce"] = asks;
    facts["fields"] = facts_of(head.fields);
    say_json(facts);
    return done;
  }
  say(fmt::format("An HTTP request: {} {}", sanitise(head.method),
                  sanitise(std::string(head.path()))));
  tell_all(asks);
  tell_all(facts_of(head.fields));
  return done;
}

int show_response(bytes file, show_options const& o) {
  std::size_t const size = head_of(file);
  auto const head = http::parse_response_head(file.first(size));
  buffer const body = body_of(head, file.subspan(size));
  bool const announce = guess_kind(body) == bencode_kind::tracker_answer;
  if (o.json) {
    json facts{{"kind", "HTTP answer"},
               {"status", head.status},
               {"fields", facts_of(head.fields)},
               {"body_size", body.size()}};
    if (announce) facts["answer"] = cli::facts_of(tracker::read_announce_answer(body));
    say_json(facts);
    return done;
  }
  say(fmt::format("An HTTP answer: {} {}", head.status, sanitise(head.reason)));
  tell_all(facts_of(head.fields));
  if (!announce) {
    say_fact("body", count_of(body.size(), "byte"));
    return done;
  }
  say("and in it a tracker's answer");
  tell(tracker::read_announce_answer(body));
  return done;
}

} // namespace cotorra::cli
