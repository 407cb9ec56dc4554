#include "extension/pex_log.hpp"
#include <algorithm>

namespace cotorra::extension {
namespace {

bool may_be_told(endpoint const& of, endpoint const& to) {
  return of != to && of.address.means_the_same_at(to.address);
}

} // namespace

void pex_log::joined(endpoint e, std::uint8_t flags) {
  auto const [it, is_new] = here_.emplace(e, entry{last_ + 1, flags});
  if (is_new)
    order_.emplace(++last_, e);
  else
    it->second.flags = flags;
}

void pex_log::left(endpoint e) {
  auto const it = here_.find(e);
  if (it == here_.end()) return;
  gone_.push_back({it->second.when, ++last_, e});
  if (gone_.size() > most_departures) gone_.pop_front();
  order_.erase(it->second.when);
  here_.erase(it);
}

pex_message pex_log::since(mark& from, endpoint to) const {
  mark const heard = from;
  pex_message m;
  auto came = order_.upper_bound(heard);
  auto went = std::ranges::upper_bound(gone_, heard, {}, &departure::left);
  while (came != order_.end() || went != gone_.end()) {
    bool const next_came =
        went == gone_.end() || (came != order_.end() && came->first < went->left);
    if ((next_came ? m.added.size() : m.dropped.size()) == pex_message::most_sent) break;
    if (next_came) {
      auto const& [when, at] = *came++;
      from = when;
      if (may_be_told(at, to)) m.added.push_back({at, here_.at(at).flags});
    } else {
      departure const& d = *went++;
      from = d.left;
      bool const was_told = d.came <= heard && may_be_told(d.at, to);
      if (was_told && !here_.contains(d.at)) m.dropped.push_back(d.at);
    }
  }
  return m;
}

} // namespace cotorra::extension
