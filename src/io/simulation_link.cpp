#include "io/simulation_link.hpp"
#include <algorithm>
#include <utility>

namespace cotorra::io {
namespace {

using seconds = std::chrono::duration<double>;
constexpr double less_than_a_byte = 1e-3; // what is left of a packet after rounding
constexpr double longest = 1e9;           // seconds: some thirty years

} // namespace

void link_queue::set_rate(time_point now, std::uint64_t bytes_per_second) {
  advance(now);
  rate_ = bytes_per_second;
}

void link_queue::push(time_point now, packet p) {
  advance(now);
  auto [at, is_new] = flows_.try_emplace(p.flow);
  if (is_new) add_head(level_ + static_cast<double>(p.size), p.flow);
  at->second.size += p.size;
  at->second.packets.push_back(std::move(p));
}

std::size_t link_queue::waiting(std::uint64_t flow) const {
  auto const at = flows_.find(flow);
  return at == flows_.end() ? 0 : at->second.size;
}

std::optional<link_queue::packet> link_queue::take(time_point now) {
  advance(now);
  if (woken_at_ && *woken_at_ <= now) woken_at_.reset();
  if (heads_.empty()) return std::nullopt;
  head const first = heads_.front();
  if (rate_ != 0 && first.level > level_ + less_than_a_byte) return std::nullopt;
  level_ = std::max(level_, first.level);
  std::ranges::pop_heap(heads_, later);
  heads_.pop_back();
  auto const at = flows_.find(first.flow);
  auto& [packets, size] = at->second;
  packet p = std::move(packets.front());
  packets.pop_front();
  size -= p.size;
  if (packets.empty())
    flows_.erase(at);
  else // the flow was never idle: its next packet began where this one ended
    add_head(first.level + static_cast<double>(packets.front().size), first.flow);
  return p;
}

std::optional<time_point> link_queue::wake(time_point now) {
  advance(now);
  if (heads_.empty()) return std::nullopt;
  time_point when = now;
  if (double const left = heads_.front().level - level_; rate_ != 0 && left > 0) {
    double const all = left * static_cast<double>(heads_.size());
    seconds const takes(std::min(all / static_cast<double>(rate_), longest));
    when += std::chrono::ceil<duration>(takes);
  }
  if (woken_at_ && *woken_at_ <= when) return std::nullopt;
  return woken_at_ = when;
}

void link_queue::advance(time_point now) {
  seconds const passed = now - std::exchange(as_of_, now);
  if (heads_.empty())
    level_ = 0;
  else
    level_ +=
        passed.count() * static_cast<double>(rate_) / static_cast<double>(heads_.size());
}

void link_queue::add_head(double level, std::uint64_t flow) {
  heads_.push_back({level, flow});
  std::ranges::push_heap(heads_, later);
}

} // namespace cotorra::io
