#include "explain/masked_http.hpp"
#include "http/message_wire.hpp"
#include <algorithm>
#include <string>

namespace cotorra::explain {
namespace {

using text = std::span<char>;

std::string_view view(text t) { return {t.data(), t.size()}; }
std::size_t find(text in, std::string_view any_of) {
  return std::min(view(in).find_first_of(any_of), in.size());
}
void mask(text secret) { std::ranges::fill(secret, 'x'); }

// Parameters of an announce that our program writes itself (BEP 3, 7, 23).
bool is_of_announce(std::string_view name, std::string_view value) {
  constexpr std::string_view known[] = {"info_hash", "peer_id",    "port",
                                        "uploaded",  "downloaded", "left",
                                        "numwant",   "compact",    "event"};
  constexpr std::size_t digits_of_key = 8; // as ours; a longer one is the user's
  return std::ranges::find(known, name) != std::end(known) ||
         (name == "key" && value.size() == digits_of_key);
}

void mask_parameter(text one) {
  std::size_t const mark = find(one, "=");
  text const value = mark == one.size() ? one : one.subspan(mark + 1);
  std::string_view const name = view(one.first(mark));
  if (mark != one.size() && is_of_announce(name, view(value))) return;
  if (http::has_secret("http://h/?" + std::string(view(one)))) mask(value);
}

// Calls on_part for each part between two separators.
template <class On> void each(text all, std::string_view separators, On on_part) {
  while (!all.empty()) {
    std::size_t const end = find(all, separators);
    on_part(all.first(end));
    all = all.subspan(std::min(end + 1, all.size()));
  }
}

void mask_target(text target) {
  std::size_t const query = find(target, "?");
  each(target.first(query), "/", [](text part) {
    if (http::has_secret("http://h/" + std::string(view(part)))) mask(part);
  });
  each(target.subspan(query), "?&;", mask_parameter);
}

// "http://name:password@host/path?query", or a target alone.
void mask_url(text url) {
  std::size_t const scheme = view(url).find("://");
  if (scheme == std::string_view::npos) return mask_target(url);
  url = url.subspan(scheme + 3);
  std::size_t const end = find(url, "/?#");
  if (auto const at = view(url.first(end)).rfind('@'); at != std::string_view::npos)
    mask(url.first(at));
  mask_target(url.subspan(end));
}

void mask_first_line(text line) {
  if (!view(line).starts_with("GET ")) return;
  text const rest = line.subspan(4);
  mask_url(rest.first(find(rest, " ")));
}

void mask_field(text line) {
  std::size_t const colon = find(line, ":");
  if (colon == line.size()) return;
  std::string_view const name = view(line.first(colon));
  text value = line.subspan(colon + 1);
  while (!value.empty() && value.front() == ' ') value = value.subspan(1);
  if (http::same_word(name, "Location")) mask_url(value);
  if (!http::same_word(name, "Authorization")) return;
  std::size_t const scheme = find(value, " "); // "Basic"
  mask(value.subspan(std::min(scheme + 1, value.size())));
}

} // namespace

void mask_secrets(mutable_bytes head) {
  bool first = true;
  each(text(reinterpret_cast<char*>(head.data()), head.size()), "\r\n", [&](text line) {
    if (std::exchange(first, false))
      mask_first_line(line);
    else
      mask_field(line);
  });
}

} // namespace cotorra::explain
