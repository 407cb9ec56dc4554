#include "io/datagram_desk.hpp"
#include "io/event.hpp"
#include <algorithm>
#include <asio/error.hpp>
#include <asio/system_error.hpp>
#include <deque>

namespace cotorra::io {
namespace {

constexpr std::size_t largest_packet = 64 * 1024;
constexpr std::size_t cost_of_waiting = 64; // of each packet, beside its bytes

[[noreturn]] void closed() { throw asio::system_error(asio::error::operation_aborted); }

} // namespace

struct datagram_desk::table {
  table(executor ex, network& n, endpoint e)
      : loop(std::move(ex)), net(n), at(e), packet(largest_packet) {}

  void open() {
    if (!socket) socket = net.open_datagram_socket(at);
  }
  // The one place where packets come in.
  task<> receive();
  void hand_out(bytes, endpoint const& from);

  executor const loop;
  network& net;
  endpoint const at;
  std::unique_ptr<datagram_socket> socket;
  buffer packet;
  std::vector<seat*> seats; // in the order in which they were taken
  bool receiving = false;   // the user of one seat does it, for all
  counters count;
};

class datagram_desk::seat : public datagram_socket {
public:
  seat(std::shared_ptr<table> t, test mine, std::size_t room)
      : table_(std::move(t)), mine_(std::move(mine)), room_(room), wake_(table_->loop) {
    table_->seats.push_back(this);
  }
  ~seat() override { close(); }

  task<> send_to(endpoint to, bytes packet) override {
    if (closed_) closed();
    auto sending = table_->socket->send_to(to, packet);
    co_await std::move(sending);
  }
  task<datagram> receive_from(mutable_bytes into) override;
  void close() override {
    closed_ = true;
    std::erase(table_->seats, this);
    wake_.set();
  }
  endpoint local() const override { return table_->socket->local(); }

  bool wants(bytes packet, endpoint const& from) const { return mine_(packet, from); }
  bool put(bytes packet, endpoint const& from); // false: there is no room
  bool has_to_wait() const { return waiting_ && !done(); }
  void wake() { wake_.set(); }

private:
  struct letter {
    endpoint from;
    buffer text;
  };
  bool done() const { return closed_ || !letters_.empty(); }

  std::shared_ptr<table> const table_;
  test const mine_;
  std::size_t const room_;
  std::deque<letter> letters_;
  std::size_t used_ = 0; // of the room
  event wake_;
  bool waiting_ = false, closed_ = false;
};

// As long as it lives, this user receives for all.
class datagram_desk::turn {
public:
  explicit turn(table& t) : table_(t) { table_.receiving = true; }
  ~turn() { table_.receiving = false; }
  turn(turn const&) = delete;

private:
  table& table_;
};

// A user waits for a packet. When it goes, for whatever reason, and no user receives,
// then another one that waits has to do it.
class datagram_desk::stay {
public:
  stay(table& t, bool& waiting) : table_(t), waiting_(waiting) { waiting_ = true; }
  ~stay() {
    waiting_ = false;
    if (table_.receiving) return;
    auto const next = std::ranges::find_if(table_.seats, &seat::has_to_wait);
    if (next != table_.seats.end()) (*next)->wake();
  }
  stay(stay const&) = delete;

private:
  table& table_;
  bool& waiting_;
};

task<> datagram_desk::table::receive() {
  auto receiving_one = socket->receive_from(packet);
  datagram const came = co_await std::move(receiving_one);
  hand_out(bytes(packet).first(came.size), came.from);
}

void datagram_desk::table::hand_out(bytes text, endpoint const& from) {
  ++count.received;
  for (seat* s : seats) {
    if (!s->wants(text, from)) continue;
    count.dropped += !s->put(text, from);
    return;
  }
  ++count.unclaimed;
}

bool datagram_desk::seat::put(bytes packet, endpoint const& from) {
  std::size_t const cost = packet.size() + cost_of_waiting;
  if (used_ + cost > room_) return false;
  used_ += cost;
  letters_.push_back({from, buffer(packet.begin(), packet.end())});
  wake_.set();
  return true;
}

task<datagram> datagram_desk::seat::receive_from(mutable_bytes into) {
  auto const desk = table_; // outlives this seat, if it goes
  stay const until_served(*desk, waiting_);
  while (!done()) {
    while (!done() && desk->receiving) co_await wake_.wait();
    if (done()) break;
    turn const ours(*desk);
    while (!done()) co_await desk->receive();
  }
  if (closed_) closed();
  letter const next = std::move(letters_.front());
  letters_.pop_front();
  used_ -= next.text.size() + cost_of_waiting;
  std::size_t const n = std::min(into.size(), next.text.size());
  std::copy_n(next.text.begin(), n, into.begin());
  co_return datagram{next.from, n};
}

datagram_desk::datagram_desk(executor ex, network& net, endpoint at)
    : table_(std::make_shared<table>(std::move(ex), net, at)) {}

std::unique_ptr<datagram_socket> datagram_desk::take_seat(test mine, std::size_t room) {
  table_->open();
  return std::make_unique<seat>(table_, std::move(mine), room);
}

std::size_t datagram_desk::seats() const { return table_->seats.size(); }

datagram_desk::counters const& datagram_desk::count() const { return table_->count; }

} // namespace cotorra::io
