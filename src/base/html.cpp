#include "base/html.hpp"

namespace cotorra {

std::string html_escaped(std::string_view text) {
  std::string out;
  for (char const c : text)
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (c == '\'')
      out += "&#39;";
    else
      out += c;
  return out;
}

} // namespace cotorra
