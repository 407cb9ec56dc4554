// The other half of family_talk.cpp: how a node gets to know others, and keeps to know
// them.
#include "base/error.hpp"
#include "dht/family_talk.hpp"
#include "dht/same_place.hpp"
#include "io/deadline.hpp"

namespace cotorra::dht {
namespace {

constexpr duration longest_rest = 1min;    // between two looks at the table
constexpr duration check_pace = 1s;        // between two checks
constexpr std::size_t most_strangers = 16; // that wait
constexpr duration longest_retry = 5min;
constexpr duration between_names = 30min; // each new id empties half of the table

// 5 s, 10 s, 20 s ... 5 min
duration retry_after(unsigned tries) {
  return std::min<duration>(5s * (1u << std::min(tries, 10u)), longest_retry);
}

// Returns when the event is set, at the latest at that time.
task<> wait_for(io::event& what, io::clock& time, time_point until) {
  try {
    auto news = what.wait();
    co_await io::within(time, until, std::move(news));
  } catch (protocol_error const& e) {
    if (e.code() != errc::timed_out) throw;
  }
}

// Waits for the answers to several questions.
class tally : public listener {
public:
  explicit tally(io::executor ex) : all_(std::move(ex)) {}
  void answered(open_queries::query const&, answer const&) override {
    ++taken_;
    one_less();
  }
  void failed(open_queries::query const&, bool) override { one_less(); }
  void expect() { ++open_; }
  void one_less() {
    --open_;
    all_.set();
  }
  task<> wait() {
    while (open_ != 0) co_await all_.wait();
  }
  std::size_t taken() const { return taken_; }

private:
  io::event all_;
  std::size_t open_ = 0, taken_ = 0;
};

} // namespace

// A listener hears as long as it lives.
class family_node::hearing {
public:
  hearing(family_node& node, open_queries::purpose why, listener& one)
      : node_(node), why_(why) {
    node_.listeners_.emplace(why, &one);
  }
  ~hearing() { node_.listeners_.erase(why_); }
  hearing(hearing const&) = delete;

private:
  family_node& node_;
  open_queries::purpose const why_;
};

// One of the searches that may run at a time.
class family_node::place {
public:
  explicit place(family_node& node) : node_(node) { ++node_.searches_; }
  ~place() {
    --node_.searches_;
    node_.search_ended_.set();
  }
  place(place const&) = delete;

private:
  family_node& node_;
};

query family_node::looking_for(node_id const& target) const {
  query q;
  q.what = query::method::find_node;
  q.target = target;
  return q;
}

task<lookup> family_node::find(query what, search_events events) {
  while (searches_ >= most_searches) co_await search_ended_.wait();
  place const mine(*this);
  if (searches_ < most_searches) search_ended_.set(); // another one may begin, too
  open_queries::purpose const why = ++last_purpose_;
  search s(*this, executor_, std::move(what), why, options_.addresses_shared,
           std::move(events));
  hearing const hears(*this, why, s);
  begin(s);
  co_await s.run();
  co_return s.result();
}

// At the nodes that we know; while these are few, at those that we knew, and at the
// entrances that we were given.
void family_node::begin(search& s) const {
  using quality = routing_table::quality;
  auto const known =
      table_.closest(s.result().target(), lookup::k, quality::not_bad, clock_.now());
  for (contact const& c : known) s.begin_at(c);
  if (known.size() >= lookup::k) return;
  for (contact const& c : table_.all()) s.begin_at(c);
  for (endpoint const& e : options_.bootstrap) s.begin_at(e);
  if (!known.empty()) return;
  for (contact const& c : remembered_) s.begin_at(c);
}

task<std::size_t> family_node::announce(std::vector<lookup::found_node> to,
                                        info_hash const& torrent, std::uint16_t port) {
  tally answers(executor_);
  open_queries::purpose const why = ++last_purpose_;
  hearing const hears(*this, why, answers);
  for (lookup::found_node const& n : to) {
    if (n.token.empty()) continue;
    query q;
    q.what = query::method::announce_peer;
    q.target = id_of(torrent);
    q.port = port;
    q.implied_port = port == 0;
    q.token = n.token;
    answers.expect();
    bool const sent = co_await ask(n.node.at, n.node.id, std::move(q), why);
    if (!sent) answers.one_less();
  }
  co_await answers.wait();
  co_return answers.taken();
}

// We look for our own id: so we meet our neighbours, and they us. Again and again, while
// we know too few nodes to find anything through them.
task<> family_node::stay_in_touch() {
  for (unsigned tries = 0;; ++tries) {
    query own = looking_for(table_.own());
    search_events none;
    co_await find(std::move(own), std::move(none));
    time_point const now = clock_.now();
    bool const in_touch = table_.good(now) >= routing_table::k;
    if (in_touch) tries = 0;
    if (in_touch)
      co_await alone_.wait();
    else
      co_await wait_for(alone_, clock_, now + retry_after(tries));
  }
}

task<> family_node::look_after_table() {
  for (;;) {
    time_point const now = clock_.now();
    time_point const due = std::min(table_.due(), now + longest_rest);
    time_point const next = std::max(due, now + check_pace);
    co_await clock_.sleep_until(next);
    answering_.expire(clock_.now());
    co_await check_table();
  }
}

// A questionable node is asked for nodes of its own bucket: so one question tells whether
// it is there, and what else is.
task<> family_node::check_table() {
  if (auto const c = table_.to_check(clock_.now())) {
    unsigned const shared = std::min(common_bits(table_.own(), c->id), id_bits - 1);
    query q = looking_for(random_id_in_bucket(table_.own(), shared, random_));
    co_await ask(c->at, c->id, std::move(q), no_purpose);
  }
  if (auto const target = table_.to_refresh(clock_.now(), random_)) {
    query q = looking_for(*target);
    search_events none;
    co_await find(std::move(q), std::move(none));
  }
  if (table_.good(clock_.now()) == 0) alone_.set();
}

void family_node::learn_of(std::vector<contact> const& told) {
  for (contact const& c : told)
    if (table_.wants(c)) want_to_meet(c.at);
}

void family_node::add_node(endpoint const& at) {
  if (at.address.is_v6 == v6_ && at.port != 0 && is_one_host(at.address))
    want_to_meet(at);
}

void family_node::add_entrance(endpoint const& at) {
  auto& all = options_.bootstrap;
  if (at.address.is_v6 != v6_ || at.port == 0 || !is_one_host(at.address)) return;
  if (all.size() >= most_entrances) return;
  if (std::ranges::count(all, at) != 0) return;
  all.push_back(at);
  want_to_meet(at); // even if strangers have filled the table
  if (table_.good(clock_.now()) < routing_table::k) alone_.set();
}

void family_node::want_to_meet(endpoint const& at) {
  auto const is_near = [&](endpoint const& e) {
    return same_place(e, at, options_.addresses_shared);
  };
  if (to_meet_.size() >= most_strangers || std::ranges::any_of(to_meet_, is_near)) return;
  if (open_.is_asked(at)) return;
  to_meet_.push_back(at);
  busy_.set();
}

task<> family_node::meet_stranger() {
  if (to_meet_.empty()) co_return;
  endpoint const next = to_meet_.front();
  to_meet_.erase(to_meet_.begin());
  query ping;
  co_await ask(next, std::nullopt, std::move(ping), no_purpose);
}

// Our id has to belong to the address where others see us (BEP 42).
void family_node::hear_vote(endpoint const& from, answer const& a) {
  if (!a.your_address || !votes_.vote(from.address, a.your_address->address)) return;
  if (clock_.now() < may_rename_) return; // liars may change their minds all the time
  ip_address const& ours = *votes_.known();
  if (belongs_to(table_.own(), ours)) return;
  auto const r = static_cast<std::byte>(random_.below(256));
  table_.rename(id_for(ours, r, random_), clock_.now());
  may_rename_ = clock_.now() + between_names;
  alone_.set();
}

} // namespace cotorra::dht
