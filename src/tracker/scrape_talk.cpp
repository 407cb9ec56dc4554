#include "tracker/scrape_talk.hpp"
#include "http/get_talk.hpp"
#include <algorithm>
#include <fmt/format.h>

namespace cotorra::tracker {
namespace {

using hashes = std::vector<info_hash>;

[[noreturn]] void unsupported(std::string const& url, std::string_view why) {
  throw protocol_error(errc::unsupported,
                       fmt::format("{}: {}", http::printable(url), why));
}

// A tracker may give its reason with an error status, too; the reason says more.
scrape_answer read_response(http::response const& from) {
  bool const good = from.status >= 200 && from.status < 300;
  try {
    scrape_answer answer = decode_scrape(from.body);
    if (good || answer.failure_reason) return answer;
  } catch (protocol_error const&) {
    if (good) throw;
  }
  throw protocol_error(
      errc::http_status,
      fmt::format("the tracker answers a scrape with HTTP status {}", from.status));
}

io::task<scrape_answer> over_http(io::network& net, io::clock& time, std::string url,
                                  hashes const& all, scrape_options const& options) {
  auto question = scrape_url(url, all);
  if (!question)
    unsupported(url, "this tracker cannot be scraped: only a URL whose last part is "
                     "\"announce\" tells where (BEP 48)");
  http::get_options how;
  how.deadline = options.deadline;
  how.name_deadline = options.name_deadline;
  how.family = options.family;
  how.public_only = options.from_stranger && !is_plain_announce(http::parse_url(url));
  how.no_local_redirect = options.from_stranger;
  how.trust = options.trust;
  auto asking = http::get(net, time, std::move(*question), std::move(how));
  http::response const got = co_await std::move(asking);
  scrape_answer answer = read_response(got);
  if (answer.failure_reason) throw tracker_refusal(*answer.failure_reason, std::nullopt);
  co_return answer;
}

io::task<scrape_answer> over_udp(http::url where, hashes const& all,
                                 scrape_options const& options) {
  udp_options how{options.deadline, options.name_deadline, options.family, false, {}};
  how.public_only = options.from_stranger && !is_plain_announce(where);
  udp_scrape question;
  question.hashes = all;
  udp_question asked = std::move(question);
  auto asking = options.udp->ask(std::move(where), std::move(asked), std::move(how));
  udp_answer const got = co_await std::move(asking);
  if (auto const* no = std::get_if<udp_failed>(&got))
    throw tracker_refusal(no->reason, std::nullopt);
  auto const& swarms = std::get<udp_scraped>(got).swarms;
  scrape_answer answer;
  for (std::size_t i = 0; i < std::min(all.size(), swarms.size()); ++i)
    answer.files.emplace_back(all[i], swarms[i]);
  co_return answer;
}

} // namespace

io::task<scrape_answer> scrape(io::network& net, io::clock& time, std::string url,
                               std::vector<cotorra::info_hash> all,
                               scrape_options options) {
  http::url const where = http::parse_url(url);
  bool const udp = where.speaks_udp() && options.udp;
  if (!udp && !where.speaks_http())
    unsupported(url,
                fmt::format("we do not speak {}://, only http://, https:// and udp://",
                            where.scheme));
  scrape_answer out;
  for (std::size_t at = 0; at < all.size(); at += most_hashes_in_udp) {
    auto const begin = all.begin() + static_cast<std::ptrdiff_t>(at);
    std::size_t const n = std::min(most_hashes_in_udp, all.size() - at);
    hashes const some(begin, begin + static_cast<std::ptrdiff_t>(n));
    auto asking =
        udp ? over_udp(where, some, options) : over_http(net, time, url, some, options);
    scrape_answer const answer = co_await std::move(asking);
    out.passed_over += answer.passed_over;
    for (info_hash const& hash : some)
      if (auto const* counts = answer.find(hash)) out.files.emplace_back(hash, *counts);
  }
  co_return out;
}

} // namespace cotorra::tracker
