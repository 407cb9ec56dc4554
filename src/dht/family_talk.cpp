#include "dht/family_talk.hpp"
#include "dht/owner.hpp"
#include <asio/error.hpp>

namespace cotorra::dht {
namespace {

constexpr duration tick = 250ms; // how exactly silences are noticed
constexpr duration after_trouble = 100ms;
constexpr std::size_t size_of_ping = 75;
// With our questions only: the answers to strangers are to be short.
constexpr std::string_view version("CO\x01\x00", 4);

bool is_the_end(std::system_error const& e) {
  return e.code() == asio::error::operation_aborted;
}

// A node that a stranger has named may be asked: it is no group of machines, and no
// stranger from outside sends us into our own network.
bool may_ask(endpoint const& at, endpoint const& teller) {
  return at.port != 0 && is_one_host(at.address) &&
         at.address.means_the_same_at(teller.address);
}

} // namespace

family_node::family_node(io::world const& w, io::datagram_socket& socket, answering& a,
                         saved_family const& saved, family_options o)
    : clock_(w.clock), executor_(w.executor), random_(w.random), socket_(socket),
      answering_(a), options_(std::move(o)), v6_(socket.local().address.is_v6),
      table_(saved.id ? *saved.id : random_id(w.random), options_.addresses_shared),
      remembered_(saved.nodes), busy_(w.executor), search_ended_(w.executor),
      alone_(w.executor) {}

void family_node::run_in(io::task_group& group) {
  group.spawn(receive(), "dht: receive");
  group.spawn(watch_time(), "dht: time-outs");
  if (options_.visits) return;
  group.spawn(stay_in_touch(), "dht: bootstrap");
  group.spawn(look_after_table(), "dht: table");
}

// What is longer than our buffer is cut off, and then is no message.
task<> family_node::receive() {
  buffer in(receive_buffer);
  for (;;) {
    io::datagram got;
    bool trouble = false;
    try {
      got = co_await socket_.receive_from(in);
    } catch (std::system_error const& e) {
      if (is_the_end(e)) throw;
      trouble = true;
    }
    if (trouble)
      co_await clock_.sleep_for(after_trouble);
    else
      co_await handle(got.from, bytes(in).first(got.size));
  }
}

task<> family_node::handle(endpoint from, bytes datagram) {
  auto m = decode(datagram);
  if (!m) {
    ++count_.garbage;
    co_return;
  }
  if (auto* a = std::get_if<answer>(&m->body)) {
    take(from, m->transaction, std::move(*a));
    co_return;
  }
  if (std::holds_alternative<error>(m->body)) {
    take_refusal(from, m->transaction);
    co_return;
  }
  co_await answer_to(*m, from, datagram.size());
}

// A node that has a place in our table is asked in turn, if it is there at all. That
// counts as a part of the answer, which must not be long while the sender may be forged.
task<> family_node::answer_to(message const& m, endpoint from, std::size_t size) {
  ++count_.queries;
  if (options_.read_only) co_return;
  time_point const now = clock_.now();
  query const& q = std::get<query>(m.body);
  contact const self{q.id, from};
  bool const meets = !q.read_only && q.missing.empty() && table_.wants(self);
  std::size_t const counts = meets ? size - std::min(size, size_of_ping / 3) : size;
  auto const reply = answering_.reply(m, counts, from, now);
  if (!reply) co_return;
  ++count_.answered;
  table_.asked(self, now);
  if (meets) want_to_meet(from);
  co_await send(from, *reply);
}

task<bool> family_node::send(endpoint to, bytes packet) {
  try {
    co_await socket_.send_to(to, packet);
    co_return true;
  } catch (std::system_error const& e) { // no way there, or the system is busy
    if (is_the_end(e)) throw;
    ++count_.unsent;
  }
  co_return false;
}

task<bool> family_node::ask(endpoint to, std::optional<node_id> id, query what,
                            open_queries::purpose why) {
  bool const was_idle = open_.empty();
  auto transaction = open_.open(to, id, why, clock_.now(), random_);
  if (!transaction) co_return false;
  if (was_idle) busy_.set();
  what.id = table_.own();
  what.read_only = options_.read_only;
  message m{*transaction, std::move(what), std::string(version)};
  buffer const packet = encode(m);
  bool const sent = co_await send(to, packet);
  if (sent)
    ++count_.asked;
  else
    open_.close(to, *transaction);
  co_return sent;
}

void family_node::take(endpoint const& from, bytes transaction, answer a) {
  auto const q = open_.close(from, transaction);
  if (!q) {
    ++count_.unasked;
    return;
  }
  if (a.id == table_.own()) return lost(*q, true); // we ourselves, or a liar
  ++count_.answers;
  bool const was_alone = table_.size() == 0;
  contact const self{a.id, from};
  if (q->id && *q->id != a.id) table_.gone({*q->id, from});
  table_.answered(self, clock_.now());
  if (was_alone) alone_.set();
  hear_vote(from, a);
  std::erase_if(a.nodes, [&](contact const& c) {
    return c.at.address.is_v6 != v6_ || c.id == table_.own() || !may_ask(c.at, from);
  });
  auto const whose = listeners_.find(q->why);
  if (whose != listeners_.end())
    whose->second->answered(*q, a);
  else
    learn_of(a.nodes);
}

void family_node::take_refusal(endpoint const& from, bytes transaction) {
  auto const q = open_.close(from, transaction);
  if (q)
    lost(*q, true);
  else
    ++count_.unasked;
}

void family_node::lost(open_queries::query const& q, bool refused) {
  if (!refused) ++count_.silences;
  if (q.id) table_.failed({*q.id, q.to}, clock_.now());
  auto const whose = listeners_.find(q.why);
  if (whose != listeners_.end()) whose->second->failed(q, refused);
}

// While questions are open, or strangers wait: one of these is asked in each tick,
// slowly, since what makes us ask may be forged.
task<> family_node::watch_time() {
  for (;;) {
    while (open_.empty() && to_meet_.empty()) co_await busy_.wait();
    co_await clock_.sleep_for(tick);
    for (auto const& q : open_.expire(clock_.now())) lost(q, false);
    for (auto const& [purpose, one] : listeners_) one->time_passed();
    co_await meet_stranger();
  }
}

saved_family family_node::save() const {
  saved_family s{table_.own(), table_.all()};
  if (s.nodes.empty()) s.nodes = remembered_; // we could not reach any of them
  return s;
}

} // namespace cotorra::dht
