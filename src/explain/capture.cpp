#include "explain/capture.hpp"
#include "base/error.hpp"
#include "explain/masked_http.hpp"
#include "http/message_wire.hpp"
#include <algorithm>
#include <utility>

namespace cotorra::explain {
namespace {

using flag = tcp_segment;
using enum pcapng::direction;

constexpr std::string_view application = "cotorra", interface_name = "streams";
constexpr std::string_view comment =
    "Rebuilt by cotorra from the bytes of its connections: addresses, bytes and times "
    "are "
    "true, and the TCP around them is made up. Retransmissions are not here.";

// A .torrent may have one of these in its URL, too, but hardly all of them.
bool is_announce(std::string_view request) {
  std::string const target(request.substr(0, request.find("\r\n")));
  auto const has = [&target](std::string const& name) {
    return target.find("?" + name) != target.npos ||
           target.find("&" + name) != target.npos;
  };
  return has("info_hash=") && has("peer_id=") && has("port=");
}

// "HTTP/1.1 103 Early Hints": the answer itself comes after it.
bool is_interim(std::string_view head) {
  return head.starts_with("HTTP/") && head.substr(head.find(' ') + 1).starts_with('1');
}

// Size of the head at the front, or everything when it is none.
std::optional<std::size_t> size_of_head(bytes in) {
  try {
    return http::head_size(in, http::largest_answer_head);
  } catch (protocol_error const&) {
    return in.size();
  }
}

} // namespace

capture::capture(std::function<bool(bytes)> write, io::clock const& clock,
                 std::chrono::nanoseconds now)
    : write_(std::move(write)), clock_(clock), begun_(clock.now()), epoch_(now) {}

void capture::opened(stream_number n, endpoint const& local, endpoint const& remote,
                     bool we_dialled) {
  if (over_) return;
  connection& c = connections_[n];
  c.ours.at = local;
  c.theirs.at = remote;
  c.we_dialled = we_dialled;
  c.stood_at = epoch_ + (clock_.now() - begun_);
  if (we_dialled) return; // our first bytes decide whether it is left out
  begin_event();
  learn_kind(c, {});
  end_event();
}

void capture::sent(stream_number n, std::span<bytes const> buffers) {
  connection* const c = find(n);
  if (!c) return;
  gathered_.clear();
  for (bytes b : buffers) append(gathered_, b);
  begin_event();
  learn_kind(*c, gathered_);
  if (c->with == kind::tracker) mask_secrets(gathered_, c->secret);
  if (c->with != kind::left_out) say(by_us(*c), gathered_);
  end_event();
}

void capture::received(stream_number n, bytes said) {
  connection* const c = find(n);
  if (!c) return;
  begin_event();
  learn_kind(*c, {});
  if (c->with == kind::tracker) {
    append(c->answer, said);
    write_answer(*c, false);
  } else if (c->with != kind::left_out) {
    say(by_them(*c), said);
  }
  end_event();
}

void capture::ended(stream_number n, ending how) {
  connection* const c = find(n);
  if (!c) return;
  begin_event();
  learn_kind(*c, {});
  if (c->with != kind::left_out) {
    write_answer(*c, true);
    say_held(by_them(*c));
    if (how != ending::remote_finished) say_held(by_us(*c));
    if (how == ending::broken && !c->theirs.finished) {
      c->theirs.finished = c->ours.finished = true;
      put(by_them(*c), flag::rst | flag::ack);
    } else if (how != ending::broken) {
      finish(how == ending::closed ? by_us(*c) : by_them(*c));
    }
  }
  end_event();
  if (how == ending::closed) connections_.erase(n);
}

capture::connection* capture::find(stream_number n) {
  auto const found = connections_.find(n);
  return over_ || found == connections_.end() ? nullptr : &found->second;
}

capture::saying capture::by_us(connection& c) { return {c.ours, c.theirs, outbound}; }
capture::saying capture::by_them(connection& c) { return {c.theirs, c.ours, inbound}; }
capture::saying capture::answer_to(saying s) {
  return {s.to, s.from, s.way == inbound ? outbound : inbound};
}

// Our first bytes show it: a request for a file is no conversation of a swarm.
void capture::learn_kind(connection& c, bytes said) {
  if (c.with != kind::unknown) return;
  c.with = kind::peer;
  if (c.we_dialled && as_text(said).starts_with("GET ")) {
    c.with = is_announce(as_text(said)) ? kind::tracker : kind::left_out;
    c.ours.cut.anywhere();
    c.theirs.cut.anywhere();
  }
  if (c.with != kind::left_out) open(c);
}

// The three-way handshake.
void capture::open(connection& c) {
  saying const first = c.we_dialled ? by_us(c) : by_them(c);
  saying const second = c.we_dialled ? by_them(c) : by_us(c);
  auto const event = std::exchange(now_, std::max(c.stood_at, last_));
  put(first, flag::syn);
  put(second, flag::syn | flag::ack);
  put(first, flag::ack);
  now_ = event;
}

// Of a tracker's answer: whole heads, and of its body what begins no secret. All that is
// there is written when no more will come.
void capture::write_answer(connection& c, bool all) {
  if (c.with != kind::tracker) return;
  mutable_bytes const in = c.answer;
  std::size_t ready = 0;
  while (!c.head_is_masked) {
    auto const rest = in.subspan(ready);
    auto const size = size_of_head(rest);
    if (!size && !all) break;
    auto const head = rest.first(size.value_or(rest.size()));
    c.head_is_masked = !is_interim(as_text(head));
    mask_secrets(head, c.secret);
    mask_repeated(head, c.secret);
    ready += head.size();
  }
  if (c.head_is_masked) ready += mask_repeated(in.subspan(ready), c.secret);
  if (all) ready = in.size();
  if (ready == 0) return;
  say(by_them(c), in.first(ready));
  c.answer.erase(c.answer.begin(), c.answer.begin() + static_cast<std::ptrdiff_t>(ready));
}

void capture::finish(saying s) {
  if (std::exchange(s.from.finished, true)) return;
  put(s, flag::fin | flag::ack);
  put(answer_to(s), flag::ack);
}

void capture::say(saying s, bytes said) {
  if (s.from.finished) return;
  buffer together;
  if (!s.from.held.empty()) {
    together = std::exchange(s.from.held, {});
    append(together, said);
    said = together;
  }
  while (std::size_t const size = s.from.cut.next(said, most_of(s))) {
    put_data(s, said.first(size), size == said.size());
    said = said.subspan(size);
  }
  s.from.held.assign(said.begin(), said.end());
}

void capture::say_held(saying s) {
  buffer const held = std::exchange(s.from.held, {});
  if (!held.empty() && !s.from.finished) put_data(s, held, true);
}

void capture::put_data(saying s, bytes segment, bool last) {
  put(s, flag::ack | (last ? flag::psh : 0), segment);
  if (s.from.next - s.from.acknowledged >= 2 * most_of(s)) put(answer_to(s), flag::ack);
}

std::size_t capture::most_of(saying s) {
  return largest_payload(s.from.at.address.is_v6 || s.to.at.address.is_v6);
}

void capture::put(saying s, std::uint8_t flags, bytes payload) {
  if (!has_header_ && blocks_.empty()) {
    pcapng::put_section_header(blocks_, application, comment);
    pcapng::put_interface(blocks_, pcapng::link_type::raw_ip, interface_name);
  }
  tcp_segment segment{s.from.at, s.to.at, s.from.next, 0, flags, payload};
  if (flags & flag::ack) {
    segment.acknowledged = s.to.next;
    s.to.acknowledged = s.to.next;
  }
  s.from.next += static_cast<std::uint32_t>(payload.size()); // wraps, as TCP's does
  if (flags & (flag::syn | flag::fin)) ++s.from.next;
  packet_.clear();
  put_packet(packet_, segment);
  pcapng::put_packet(blocks_, {now_, s.way, packet_});
  last_ = now_;
}

void capture::begin_event() {
  now_ = epoch_ + (clock_.now() - begun_);
  blocks_.clear();
}

void capture::end_event() {
  if (blocks_.empty()) return;
  has_header_ = true;
  if (write_(blocks_)) return;
  over_ = true;
  connections_.clear();
}

} // namespace cotorra::explain
