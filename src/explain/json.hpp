// Facts for programs: objects whose keys stay in the order in which they were written.
#pragma once
#include <nlohmann/json.hpp>
#include <string>

namespace cotorra::explain {

using json = nlohmann::ordered_json;

// One line, ASCII, whatever is in it.
inline std::string to_line(json const& object) {
  return object.dump(-1, ' ', true, json::error_handler_t::replace);
}

} // namespace cotorra::explain
