// Text inside HTML.
#pragma once
#include <string>
#include <string_view>

namespace cotorra {

// Escaped so that a browser shows the text as it is, also inside a quoted attribute.
std::string html_escaped(std::string_view text);

} // namespace cotorra
