// The tracker's end of answer_wire.hpp: an answer becomes bytes.
#include "bencode/encode_wire.hpp"
#include "tracker/answer_wire.hpp"

namespace cotorra::tracker {
namespace {

void write_number(bencode::writer& w, char const* key, std::optional<std::int64_t> n) {
  if (!n) return;
  w.key(key);
  w.integer(*n);
}

void write_text(bencode::writer& w, char const* key, std::string_view text) {
  if (text.empty()) return;
  w.key(key);
  w.string(text);
}

void write_compact(bencode::writer& w, std::vector<peer> const& peers) {
  buffer v4, v6;
  for (peer const& p : peers) {
    buffer& to = p.address.address.is_v6 ? v6 : v4;
    append(to, p.address.address.view());
    put_u16(to, p.address.port);
  }
  w.key("peers");
  w.string(v4);
  if (v6.empty()) return;
  w.key("peers6");
  w.string(v6);
}

void write_list(bencode::writer& w, std::vector<peer> const& peers, bool no_peer_id) {
  w.key("peers");
  w.list();
  for (peer const& p : peers) {
    w.dictionary();
    write_text(w, "ip", p.address.address.text());
    if (p.id && !no_peer_id) write_text(w, "peer id", as_text(p.id->view()));
    write_number(w, "port", p.address.port);
    w.end();
  }
  w.end();
}

void write_retry(bencode::writer& w, std::optional<retry_in> const& retry) {
  if (!retry) return;
  w.key("retry in");
  if (retry->never)
    w.string("never");
  else
    w.integer(retry->after.count());
}

} // namespace

buffer encode(announce_answer const& a, bool compact, bool no_peer_id) {
  buffer out;
  bencode::writer w(out);
  w.dictionary();
  if (a.failure_reason) {
    w.key("failure reason");
    w.string(*a.failure_reason);
    write_retry(w, a.retry);
    w.end();
    return out;
  }
  write_number(w, "complete", a.complete);
  write_number(w, "downloaded", a.downloaded);
  write_number(w, "incomplete", a.incomplete);
  write_number(w, "interval", a.interval.count());
  if (a.min_interval.count() > 0) write_number(w, "min interval", a.min_interval.count());
  if (compact)
    write_compact(w, a.peers);
  else
    write_list(w, a.peers, no_peer_id);
  write_text(w, "tracker id", a.tracker_id);
  write_text(w, "warning message", a.warning_message);
  w.end();
  return out;
}

} // namespace cotorra::tracker
