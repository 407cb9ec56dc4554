#include "io/simulation_host.hpp"
#include "io/simulation_network.hpp"
#include <cassert>

namespace cotorra::io {

// Jobs run in the one thread, in virtual time, one after the other: a disk.
class host::simulated_workers : public workers {
public:
  explicit simulated_workers(wires& w) : wires_(w) {}
  void post(std::function<void()> job) override {
    free_from_ = std::max(free_from_, wires_.clock.now()) + wires_.options.job_time;
    wires_.events.at(free_from_, std::move(job));
  }
  unsigned count() const override { return 1; }
  // A simulated disk takes no time, or its time.
  bool waited_since(glance const&) const override {
    return wires_.options.job_time > duration{};
  }

private:
  wires& wires_;
  time_point free_from_{};
};

host::host(wires& w, ip_address a, link l, random_source r)
    : wires_(w), random_(std::move(r)),
      network_(std::make_unique<simulated_network>(w, *this, plug_)),
      workers_(std::make_unique<simulated_workers>(w)) {
  wires_.set_link(plug_, l);
  add_address(a);
}

host::~host() = default;

world host::doors() {
  return {wires_.executor, *network_, wires_.clock, *workers_, random_};
}

void host::add_address(ip_address a) {
  bool const is_new = wires_.hosts.emplace(a, this).second;
  assert(is_new && "two hosts with one address");
  static_cast<void>(is_new);
  plug_.addresses.push_back(a);
}

bool host::has(ip_address a) const {
  auto const at = wires_.hosts.find(a);
  return at != wires_.hosts.end() && at->second == this;
}

void host::kill() { network_->kill(); }

} // namespace cotorra::io
