#include "io/simulation_wires.hpp"
#include "io/simulation_host.hpp"
#include <utility>

namespace cotorra::io {
namespace {
constexpr std::size_t datagrams_queued = 256 * 1024; // per socket; more is dropped
}

void wires::set_link(plug& at, link l) {
  at.settings = l;
  at.up.set_rate(clock.now(), l.up);
  at.down.set_rate(clock.now(), l.down);
  pump(at.up);
  pump(at.down);
}

void plug::set_up(bool is_in) {
  up_ = is_in;
  if (!up_) return;
  auto const due = std::exchange(held_, {});
  for (auto const& what : due) what();
}

void plug::when_up(std::function<void()> what) {
  if (up_)
    what();
  else
    held_.push_back(std::move(what));
}

host* wires::route(host& from, ip_address to) const {
  if (to.is_loopback() || from.has(to)) return &from;
  auto const at = hosts.find(to);
  return at == hosts.end() ? nullptr : at->second;
}

void wires::after(duration d, std::function<void()> what) {
  events.at(clock.now() + d, std::move(what));
}

duration wires::latency(plug const& from, plug const& to) const {
  return &from == &to ? duration{} : from.settings.latency + to.settings.latency;
}

duration wires::one_way(plug const& from, plug const& to) {
  bool const late = &from != &to && chance(from.settings.loss);
  return latency(from, to) + (late ? options.retransmission : duration{});
}

bool wires::chance(double probability) {
  if (probability <= 0) return false;
  return static_cast<double>(random.next() >> 11) * 0x1p-53 < probability;
}

struct wires::trip {
  plug& from;
  plug& to;
  time_point* last;
  parcel what;
};

void wires::carry_segment(plug& from, plug& to, time_point& last, parcel p) {
  auto const t = std::make_shared<trip>(trip{from, to, &last, std::move(p)});
  if (&from == &to) return after({}, [this, t] { segment_left(t); });
  pass(from.up, {t->what.flow, t->what.size,
                 [this, t] { t->from.when_up([this, t] { segment_left(t); }); }});
}

void wires::segment_left(std::shared_ptr<trip> const& t) {
  if (t->what.left) t->what.left();
  if (&t->from == &t->to) return t->what.came();
  t->from.sent += t->what.size;
  *t->last = std::max(*t->last, clock.now() + one_way(t->from, t->to));
  events.at(*t->last, [this, t] { t->to.when_up([this, t] { segment_came(t); }); });
}

void wires::segment_came(std::shared_ptr<trip> const& t) {
  pass(t->to.down, {t->what.flow, t->what.size, [t] {
                      t->to.received += t->what.size;
                      t->what.came();
                    }});
}

void wires::carry_datagram(plug& from, plug& to, parcel p) {
  if (&from == &to) return after({}, std::move(p.came));
  if (from.up.waiting(p.flow) > datagrams_queued) return note("full", p.flow, p.size);
  auto const t = std::make_shared<trip>(trip{from, to, nullptr, std::move(p)});
  pass(from.up, {t->what.flow, t->what.size, [this, t] { datagram_left(t); }});
}

void wires::datagram_left(std::shared_ptr<trip> const& t) {
  parcel const& p = t->what;
  t->from.sent += p.size;
  if (!t->from.is_up() || chance(t->from.settings.loss))
    return note("lost", p.flow, p.size);
  duration late = latency(t->from, t->to);
  if (auto const jitter = t->from.settings.jitter.count(); jitter > 0)
    late += duration(random.below(static_cast<std::uint64_t>(jitter) + 1));
  after(late, [this, t] {
    bool const fits = t->to.down.waiting(t->what.flow) <= datagrams_queued;
    if (!t->to.is_up() || !fits) return note("lost", t->what.flow, t->what.size);
    segment_came(t);
  });
}

void wires::pass(link_queue& through, link_queue::packet p) {
  through.push(clock.now(), std::move(p));
  pump(through);
}

void wires::pump(link_queue& through) {
  auto const when = through.wake(clock.now());
  if (!when) return;
  events.at(*when, [this, &through] {
    while (auto const p = through.take(clock.now())) p->through();
    pump(through);
  });
}

void wires::note(std::string_view what, std::uint64_t flow, std::uint64_t size) {
  auto const add = [this](std::uint64_t n) {
    trace = (trace ^ n) * 0x9e3779b97f4a7c15;
    trace ^= trace >> 32;
  };
  add(static_cast<std::uint64_t>(clock.now().time_since_epoch().count()));
  for (char c : what) add(static_cast<std::uint64_t>(c));
  add(flow);
  add(size);
}

} // namespace cotorra::io
