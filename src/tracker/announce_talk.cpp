#include "tracker/announce_talk.hpp"
#include "http/get_talk.hpp"
#include "io/deadline.hpp"
#include <charconv>
#include <fmt/format.h>

namespace cotorra::tracker {
namespace {

constexpr duration patience_for_names = 5s; // all of one answer together

bool is_good(int status) { return status >= 200 && status < 300; }

duration retry_after(http::response const& from) {
  std::string_view const text = from.fields.find("Retry-After").value_or("");
  std::uint32_t n = 0; // a date is no number, and is ignored
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc{} || end != text.data() + text.size()) return 0s;
  return std::min(std::chrono::seconds(n), longest_interval);
}

// A tracker may give its reason with an error status, too; the reason says more.
announce_answer read_response(http::response const& from) {
  try {
    announce_answer answer = decode_answer(from.body);
    if (is_good(from.status) || answer.failure_reason) return answer;
  } catch (protocol_error const& e) {
    if (from.cut_off)
      throw protocol_error(errc::end_of_stream,
                           "the connection ended in the middle of the answer");
    if (is_good(from.status)) throw;
  }
  throw tracker_busy(fmt::format("the tracker answers with HTTP status {}", from.status),
                     retry_after(from));
}

// BEP 3: the ip of a peer may be a name.
io::task<> look_up_peers(io::network& net, announce_answer& answer) {
  for (named_peer const& p : answer.named_peers) {
    std::vector<ip_address> found;
    try {
      found = co_await net.resolve(p.host);
    } catch (std::system_error const&) { // no such name: no such peer
    }
    for (ip_address const& a : found) answer.peers.push_back({{a, p.port}, p.id});
  }
}

io::task<> look_up_peers(io::network& net, io::clock& time, announce_answer& answer) {
  try {
    auto work = look_up_peers(net, answer);
    co_await io::within(time, time.now() + patience_for_names, std::move(work));
  } catch (protocol_error const& e) {
    if (e.code() != errc::timed_out) throw;
  }
}

http::get_options options_of_get(http::url const& where, announce_options const& from) {
  http::get_options to;
  to.deadline = from.deadline;
  to.name_deadline = from.name_deadline;
  to.family = from.family;
  to.public_only = from.from_stranger && !is_plain_announce(where);
  to.no_local_redirect = from.from_stranger;
  to.trust = from.trust;
  to.accept_cut_off = true; // bencode tells where it ends
  to.on_sent = from.on_sent;
  return to;
}

// BEP 15 has no place for a URL; BEP 41 gives it one.
udp_question question_for(http::url const& where, announce_request request) {
  udp_announce question;
  question.what = std::move(request);
  if (where.target != "/") question.url_data = where.target;
  return question;
}

io::task<announce_answer> announce_over_udp(http::url where, announce_request request,
                                            announce_options options) {
  udp_options how{options.deadline, options.name_deadline, options.family, false,
                  std::move(options.on_sent)};
  how.public_only = options.from_stranger && !is_plain_announce(where);
  udp_question question = question_for(where, std::move(request));
  auto asking = options.udp->ask(std::move(where), std::move(question), std::move(how));
  udp_answer answer = co_await std::move(asking);
  if (auto const* no = std::get_if<udp_failed>(&answer))
    throw tracker_refusal(no->reason, std::nullopt);
  co_return std::move(std::get<udp_announced>(answer).what);
}

void check_scheme(http::url const& where, announce_options const& options) {
  if (where.speaks_http() || (where.speaks_udp() && options.udp)) return;
  throw protocol_error(
      errc::unsupported,
      fmt::format("{}: we do not speak {}://, only http://, https:// and udp://",
                  http::printable(where.text()), where.scheme));
}

} // namespace

bool is_plain_announce(http::url const& where) {
  std::string const& t = where.target;
  bool const nothing = t == "/" && where.speaks_udp();
  return nothing || (t.starts_with("/announce") && t.find_first_of("?%\\") == t.npos &&
                     t.find("/.") == t.npos);
}

io::task<announce_answer> announce(io::network& net, io::clock& time, std::string url,
                                   announce_request request, announce_options options) {
  http::url const where = http::parse_url(url);
  check_scheme(where, options);
  if (where.speaks_udp()) {
    auto talk = announce_over_udp(where, std::move(request), std::move(options));
    co_return co_await std::move(talk);
  }
  http::get_options how = options_of_get(where, options);
  std::string question = announce_url(url, request);
  auto asking = http::get(net, time, std::move(question), std::move(how));
  http::response const got = co_await std::move(asking);
  announce_answer answer = read_response(got);
  if (answer.failure_reason)
    throw tracker_refusal(*answer.failure_reason, answer.retry,
                          std::max(answer.interval, answer.min_interval));
  if (!answer.named_peers.empty()) co_await look_up_peers(net, time, answer);
  co_return answer;
}

} // namespace cotorra::tracker
