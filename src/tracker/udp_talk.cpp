#include "tracker/udp_talk.hpp"
#include "base/error.hpp"
#include "io/deadline.hpp"
#include "io/event.hpp"
#include "io/look_up.hpp"
#include <algorithm>
#include <fmt/format.h>

namespace cotorra::tracker {
namespace {

constexpr std::size_t longest_packet = 16 * 1024, most_addresses = 8;

// Where the question may go.
std::vector<endpoint> usable(http::url const& where, std::vector<ip_address> found,
                             udp_options const& how) {
  std::erase_if(found, [&](ip_address const& a) {
    return a.is_many_hosts() || (how.public_only && a.is_local());
  });
  if (found.empty())
    throw protocol_error(
        errc::unsafe_redirect,
        fmt::format("{} is an address of many machines, or of our own network, where a "
                    "stranger must not send us",
                    where.host));
  std::vector<endpoint> all;
  for (ip_address const& a : found)
    if (all.size() < most_addresses) all.push_back({a, where.port});
  return all;
}

} // namespace

// Of several conversations that need a connection id of the same tracker, one asks for
// it; the others wait, and use it.
class udp_client::introduction {
public:
  introduction(udp_client& c, std::vector<endpoint> to)
      : client_(c), to_(std::move(to)), woken_(c.executor_) {
    client_.introductions_.push_back(this);
  }
  ~introduction() {
    std::erase(client_.introductions_, this);
    done();
  }
  introduction(introduction const&) = delete;

  io::task<> turn() {
    while (!is_known() && another_asks()) co_await woken_.wait();
    asks_ = !is_known();
  }
  void done() {
    asks_ = false;
    for (introduction* i : client_.introductions_)
      if (i->to_ == to_) i->woken_.set();
  }

private:
  bool is_known() const {
    return std::ranges::any_of(to_, [this](endpoint const& e) {
      return client_.ids_.find(e, client_.clock_.now()).has_value();
    });
  }
  bool another_asks() const {
    return std::ranges::any_of(client_.introductions_, [this](introduction const* i) {
      return i->asks_ && i->to_ == to_;
    });
  }

  udp_client& client_;
  std::vector<endpoint> const to_;
  io::event woken_;
  bool asks_ = false;
};

struct udp_client::conversation {
  conversation(udp_client& c, udp_question q, std::vector<endpoint> const& to,
               udp_options const& o, time_point end)
      : exchange(std::move(q), to, c.ids_, c.random_), how(o), until(end), first(c, to),
        into(longest_packet) {}

  // The seat that packets to this address leave from; its answers come back there.
  io::datagram_socket& seat(udp_client& c, endpoint const& to) {
    auto& mine = to.address.is_v6 ? seat_v6 : seat_v4;
    auto const expects = [this](bytes packet, endpoint const& from) {
      return exchange.expects(packet, from);
    };
    if (!mine) mine = (to.address.is_v6 ? c.v6_ : c.v4_).take_seat(expects);
    return *mine;
  }
  [[noreturn]] void give_up() const {
    if (exchange.was_answered())
      throw protocol_error(
          errc::timed_out,
          fmt::format("{} has answered, but not our question", exchange.asked().text()));
    std::string const packets =
        exchange.sent() < 2 ? "" : fmt::format(" to {} packets", exchange.sent());
    throw protocol_error(errc::cannot_connect,
                         fmt::format("there is no answer over UDP from {}{}",
                                     exchange.asked().text(), packets));
  }

  udp_exchange exchange;
  udp_options const& how;
  time_point const until;
  introduction first;
  time_point patience_ends{};
  io::datagram_socket* listens = nullptr; // where the next answer comes
  std::string trouble;                    // where nothing can be sent, and why
  buffer into;
  std::unique_ptr<io::datagram_socket> seat_v4, seat_v6;
};

udp_client::udp_client(io::executor ex, io::network& net, io::clock& time,
                       random_source& random)
    : executor_(ex), network_(net), clock_(time), random_(random),
      v4_(ex, net, {ip_address::v4(0), 0}),
      v6_(std::move(ex), net, {ip_address::from(buffer(16)), 0}) {}

io::task<udp_answer> udp_client::ask(http::url where, udp_question question,
                                     udp_options how) {
  std::string named = http::printable(where.text());
  if (where.target == "/") named.pop_back();
  try {
    auto talk = begin(std::move(where), std::move(question), how);
    co_return co_await std::move(talk);
  } catch (protocol_error const& e) {
    throw protocol_error(e.code(), fmt::format("{}: {}", named, e.what()));
  } catch (std::system_error const& e) {
    bool const leaving = e.code() == std::errc::operation_canceled;
    throw protocol_error(leaving ? errc::shut_down : errc::cannot_connect,
                         fmt::format("{}: {}", named, e.code().message()));
  }
}

io::task<udp_answer> udp_client::begin(http::url where, udp_question question,
                                       udp_options const& how) {
  time_point const until = clock_.now() + how.deadline;
  auto looking = io::addresses_of(network_, clock_, where.host, how.family,
                                  std::min(how.name_deadline, how.deadline));
  std::vector<ip_address> found = co_await std::move(looking);
  std::vector<endpoint> const to = usable(where, std::move(found), how);
  conversation c(*this, std::move(question), to, how, until);
  try {
    auto turn = c.first.turn();
    co_await io::within(clock_, until, std::move(turn));
  } catch (protocol_error const& e) {
    if (e.code() == errc::timed_out) c.give_up();
    throw;
  }
  auto talking = talk(c);
  co_return co_await std::move(talking);
}

// BEP 15 from top to bottom: what the exchange gives us is sent, what comes is its to
// read.
io::task<udp_answer> udp_client::talk(conversation& c) {
  for (;;) {
    if (clock_.now() >= c.until) c.give_up();
    auto packet = c.exchange.next(clock_.now());
    if (!packet) c.give_up();
    c.patience_ends = std::min(c.until, clock_.now() + packet->patience);
    auto sending = send(c, std::move(*packet));
    bool const sent = co_await std::move(sending);
    if (!sent) continue;
    auto receiving = receive(c);
    std::optional<udp_answer> answer = co_await std::move(receiving);
    if (c.exchange.was_answered()) c.first.done();
    if (answer) co_return std::move(*answer);
  }
}

io::task<bool> udp_client::send(conversation& c, udp_exchange::sending packet) {
  try {
    c.listens = &c.seat(*this, packet.to);
    if (packet.is_question && c.how.on_sent) c.how.on_sent();
    auto sending = c.listens->send_to(packet.to, packet.packet);
    co_await std::move(sending);
    co_return true;
  } catch (std::system_error const& e) {
    if (e.code() == std::errc::operation_canceled) throw;
    c.trouble += fmt::format(" {} ({})", packet.to.text(), e.code().message());
  }
  if (!c.exchange.unreachable(packet.to))
    throw protocol_error(errc::cannot_connect,
                         fmt::format("nothing can be sent to{}", c.trouble));
  co_return false;
}

io::task<std::optional<udp_answer>> udp_client::receive(conversation& c) {
  try {
    auto packet = next_packet(c);
    co_return co_await io::within(clock_, c.patience_ends, std::move(packet));
  } catch (protocol_error const& e) {
    if (e.code() != errc::timed_out) throw;
  }
  co_return std::nullopt;
}

io::task<std::optional<udp_answer>> udp_client::next_packet(conversation& c) {
  for (;;) {
    auto receiving = c.listens->receive_from(c.into);
    io::datagram const came = co_await std::move(receiving);
    bytes const packet = bytes(c.into).first(came.size);
    if (c.exchange.expects(packet, came.from))
      co_return c.exchange.take(packet, came.from, clock_.now());
  }
}

} // namespace cotorra::tracker
