#include "io/outbox.hpp"

namespace cotorra::io {

void outbox::batch::clear() {
  small.clear();
  parts.clear();
  size = 0;
}

void outbox::send(bytes message) {
  bool const was_idle = waiting_.size == 0;
  auto& parts = waiting_.parts;
  if (parts.empty() || parts.back().large != nullptr)
    parts.push_back(part{waiting_.small.size(), 0});
  parts.back().size += message.size();
  append(waiting_.small, message);
  waiting_.size += message.size();
  if (was_idle) wake_.set();
}

void outbox::send(bytes large, std::shared_ptr<void const> keeps_alive) {
  bool const was_idle = waiting_.size == 0;
  waiting_.parts.push_back(part{0, large.size(), large.data(), std::move(keeps_alive)});
  waiting_.size += large.size();
  if (was_idle) wake_.set();
}

task<> outbox::run(stream& to) {
  std::vector<bytes> gathered;
  for (;;) {
    while (waiting_.size == 0) co_await wake_.wait();
    std::swap(waiting_, writing_);
    gathered.clear();
    for (part const& p : writing_.parts)
      gathered.emplace_back(p.large ? p.large : writing_.small.data() + p.offset, p.size);
    co_await to.write(gathered);
    writing_.clear();
    drained_.set();
  }
}

} // namespace cotorra::io
