#include "tracker/announce_talk.hpp"
#include "http/get_talk.hpp"
#include <fmt/format.h>

namespace cotorra::tracker {
namespace {

// A tracker may say why it refuses with an error status, too: its words tell more.
announce_answer read_response(http::response const& from) {
  try {
    announce_answer answer = read_announce_answer(from.body);
    if (from.status == 200 || answer.failure_reason) return answer;
  } catch (protocol_error const&) {
    if (from.status == 200) throw;
  }
  throw protocol_error(
      errc::http_status,
      fmt::format("the tracker answers with HTTP status {}", from.status));
}

} // namespace

io::task<announce_answer> announce(io::network& net, io::clock& time, std::string url,
                                   announce_request request, duration deadline) {
  http::url const where = http::parse_url(url);
  if (!where.speaks_http())
    throw protocol_error(
        errc::unsupported,
        fmt::format("{}: trackers with {}:// are not supported yet, only "
                    "http://",
                    url, where.scheme));
  http::get_options options;
  options.deadline = deadline;
  std::string question = announce_url(url, request);
  http::response const got = co_await http::get(net, time, std::move(question), options);
  announce_answer answer = read_response(got);
  if (answer.failure_reason) throw tracker_refusal(*answer.failure_reason, answer.retry);
  co_return answer;
}

} // namespace cotorra::tracker
