// All animals, kind by kind; what each does with a connection is in the file of its kind.
#include "hostile/zoo.hpp"
#include <stdexcept>
#include <vector>

namespace cotorra::hostile {

std::span<species const> all_species() {
  static std::vector<species> const all = [] {
    std::vector<species> whole;
    for (auto const kind : {time_wasters, cheats, beggars, impostors, babblers}) {
      std::span<species const> const some = kind();
      whole.insert(whole.end(), some.begin(), some.end());
    }
    return whole;
  }();
  return all;
}

species const& species_named(std::string_view name) {
  for (species const& s : all_species())
    if (s.name == name) return s;
  throw std::logic_error("no such animal");
}

} // namespace cotorra::hostile
