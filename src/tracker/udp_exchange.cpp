#include "tracker/udp_exchange.hpp"
#include "base/error.hpp"
#include <algorithm>

namespace cotorra::tracker {

udp_exchange::udp_exchange(udp_question q, std::vector<endpoint> addresses,
                           udp_connections& ids, random_source& random)
    : question_(std::move(q)), addresses_(std::move(addresses)), ids_(ids),
      random_(random) {}

std::optional<udp_exchange::sending> udp_exchange::next(time_point now) {
  bool const first = sent_ == 0;
  if (is_waiting_) {
    if (n_ == most_retransmissions) return std::nullopt;
    ++n_;
    nothing_came();
  }
  for (std::size_t i = 0; first && i < addresses_.size(); ++i)
    if (ids_.find(addresses_[i], now)) at_ = i; // one that knows us
  auto const id = ids_.find(asked(), now);
  if (first || id.has_value() != used_.has_value())
    transaction_ = static_cast<std::uint32_t>(random_.next());
  used_ = id;
  is_waiting_ = true;
  ++sent_;
  return sending{asked(), packet(id), patience_of(n_), id.has_value()};
}

// A lost packet, or a tracker that is away. Or it does not know the id that it gave to
// another exchange, since it was started anew: then a connect helps.
void udp_exchange::nothing_came() {
  if (!used_)
    at_ = (at_ + 1) % addresses_.size();
  else if (used_ != ours_)
    ids_.forget(asked());
}

buffer udp_exchange::packet(std::optional<std::uint64_t> id) {
  if (!id) return encode(udp_connect{transaction_});
  return std::visit(
      [&](auto& question) {
        question.connection = *id;
        question.transaction = transaction_;
        return encode(question);
      },
      question_);
}

bool udp_exchange::unreachable(endpoint const& there) {
  std::erase(addresses_, there);
  at_ = 0;
  is_waiting_ = false;
  return !addresses_.empty();
}

bool udp_exchange::expects(bytes packet, endpoint const& from) const {
  if (!is_waiting_ || transaction_of_answer(packet) != transaction_) return false;
  return used_ ? from == asked()
               : std::ranges::find(addresses_, from) != addresses_.end();
}

std::optional<udp_answer> udp_exchange::take(bytes packet, endpoint const& from,
                                             time_point now) {
  udp_answer answer =
      decode_udp_answer(packet, from.address.is_v6 ? ip_family::v6 : ip_family::v4);
  if (auto const* got = std::get_if<udp_connected>(&answer); got && !used_)
    return connected(*got, from, now);
  if (std::holds_alternative<udp_failed>(answer)) {
    if (!used_ || used_ == ours_) return answer;
    ids_.forget(from); // that id was given to another exchange: perhaps it is too old
    is_waiting_ = false;
    return std::nullopt;
  }
  bool const is_scrape = std::holds_alternative<udp_scrape>(question_);
  bool const fits = is_scrape ? std::holds_alternative<udp_scraped>(answer)
                              : std::holds_alternative<udp_announced>(answer);
  if (!used_ || !fits)
    throw protocol_error(errc::malformed_answer,
                         "the tracker answers a question that was not asked");
  answered_ = true;
  return answer;
}

std::optional<udp_answer> udp_exchange::connected(udp_connected const& got,
                                                  endpoint const& from, time_point now) {
  ids_.keep(from, got.connection, now);
  ours_ = got.connection;
  at_ =
      static_cast<std::size_t>(std::ranges::find(addresses_, from) - addresses_.begin());
  if (!answered_) n_ = 0; // once only: a tracker may go on connecting for ever
  answered_ = true;
  is_waiting_ = false;
  return std::nullopt;
}

} // namespace cotorra::tracker
