// Text inside of HTML.
#pragma once
#include <string>
#include <string_view>

namespace cotorra {

// The text, so that a browser shows it as it is: also between quotes, as an attribute.
std::string html_escaped(std::string_view text);

} // namespace cotorra
