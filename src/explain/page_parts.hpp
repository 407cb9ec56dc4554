// What every page of `show --html` has in common. It loads nothing, from nowhere.
#pragma once
#include <string_view>

namespace cotorra::explain {

extern std::string_view const page_style;  // CSS
extern std::string_view const page_script; // JavaScript; the page is whole without it

} // namespace cotorra::explain
