#include "io/simulation_link.hpp"

namespace cotorra::io {

void link_queue::push(packet p) {
  auto [at, is_new] = flows_.try_emplace(p.flow);
  if (is_new) turns_.push_back(p.flow);
  at->second.size += p.size;
  at->second.packets.push_back(std::move(p));
}

std::size_t link_queue::waiting(std::uint64_t flow) const {
  auto const at = flows_.find(flow);
  return at == flows_.end() ? 0 : at->second.size;
}

std::optional<time_point> link_queue::start(time_point now) {
  if (under_way_ || turns_.empty()) return std::nullopt;
  auto const at = flows_.find(turns_.front());
  turns_.pop_front();
  auto& [number, waits] = *at;
  under_way_ = std::move(waits.packets.front());
  waits.packets.pop_front();
  waits.size -= under_way_->size;
  if (waits.packets.empty())
    flows_.erase(at);
  else
    turns_.push_back(number);
  if (rate_ == 0) return now;
  std::chrono::duration<double> const takes(static_cast<double>(under_way_->size) /
                                            static_cast<double>(rate_));
  return now + std::chrono::duration_cast<duration>(takes);
}

link_queue::packet link_queue::finish() {
  packet p = std::move(*under_way_);
  under_way_.reset();
  return p;
}

} // namespace cotorra::io
