#include "http/url_wire.hpp"
#include "base/endpoint.hpp"
#include "base/error.hpp"
#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace cotorra::http {
namespace {

constexpr std::size_t longest_url = 8 * 1024;

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

constexpr std::size_t longest_shown = 200, shortest_passkey = 16;
constexpr std::size_t shortest_token = 8; // the value of a query, with a digit in it

// A long part of a path, with digits: many trackers identify their users by one.
bool looks_like_passkey(std::string_view word) {
  return word.size() >= shortest_passkey &&
         std::any_of(word.begin(), word.end(), is_digit) &&
         std::all_of(word.begin(), word.end(), [](char c) {
           return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '%';
         });
}

// An item of a query. It looks secret because of its name, or because its value may
// identify a user.
bool looks_secret(std::string_view item) {
  std::size_t const mark = item.find('=');
  std::string const name = lower(item.substr(0, mark));
  std::string_view const value = mark == item.npos ? item : item.substr(mark + 1);
  constexpr std::string_view telling[] = {"pass", "key",  "auth", "token", "secret",
                                          "user", "sign", "uid",  "pid",   "pw"};
  bool const named = mark != item.npos &&
                     std::any_of(std::begin(telling), std::end(telling),
                                 [&](auto word) { return name.find(word) != name.npos; });
  bool const has_digit = std::any_of(value.begin(), value.end(), is_digit);
  return named || value.size() >= shortest_passkey ||
         (value.size() >= shortest_token && has_digit);
}

std::size_t begin_of_authority(std::string_view url) {
  auto const colon = url.find("://");
  return colon == url.npos ? 0 : colon + 3;
}

// Where the host begins: after the last '@' of the authority. A '/' or '?' in a password
// (it should be percent-coded) would end the authority too early: then after the last '@'
// of the whole URL.
std::size_t begin_of_host(std::string_view url) {
  std::size_t const authority = begin_of_authority(url);
  std::size_t const end = std::min(url.find_first_of("/?#", authority), url.size());
  std::string_view const early = url.substr(authority, end - authority);
  if (auto const at = early.rfind('@'); at != early.npos) return authority + at + 1;
  auto const colon = early.rfind(':');
  bool const whole = colon == early.npos || early.back() == ']' ||
                     std::all_of(early.begin() + colon + 1, early.end(), is_digit);
  auto const last = url.rfind('@');
  return whole || last == url.npos || last < authority ? authority : last + 1;
}

// Without user name, password and query, and with each passkey of its path cut short.
std::string redacted(std::string_view url) {
  std::string out(url.substr(0, begin_of_authority(url)));
  std::string_view rest = url.substr(begin_of_host(url));
  rest = rest.substr(0, rest.find_first_of("?#"));
  while (!rest.empty()) { // part by part, each with the '/' after it
    std::size_t const end = std::min(rest.find('/'), rest.size());
    std::string_view const word = rest.substr(0, end);
    out += looks_like_passkey(word) ? fmt::format("{}...", word.substr(0, 4)) : word;
    if (end != rest.size()) out += '/';
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return out;
}

[[noreturn]] void refuse(std::string_view text, std::string_view why) {
  throw input_error(
      fmt::format("\"{}\" is not a URL that we can use: {}", printable(text), why));
}

bool good_name(std::string_view host) {
  return !host.empty() && host.size() <= 253 &&
         std::all_of(host.begin(), host.end(), [](char c) {
           return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_';
         });
}

std::optional<std::uint16_t> parse_port(std::string_view digits) {
  std::uint16_t port = 0;
  char const* const end = digits.data() + digits.size();
  auto const stop = std::from_chars(digits.data(), end, port).ptr;
  if (stop != end || port == 0) return std::nullopt; // also when it is too large
  return port;
}

std::uint16_t usual_port(std::string_view scheme) {
  if (scheme == "http") return 80;
  return scheme == "https" ? 443 : 0; // BEP 15 names none for udp
}

// "host", "host:port", "[v6]:port", and before it perhaps "user:password@"
void take_authority(std::string_view text, std::string_view authority, url& out) {
  if (auto const at = authority.rfind('@'); at != authority.npos) {
    out.user = authority.substr(0, at);
    authority.remove_prefix(at + 1);
  }
  std::string_view host = authority, digits;
  auto const bracket = authority.rfind(']');
  auto const colon = authority.rfind(':');
  bool const has_port =
      colon != authority.npos && (bracket == authority.npos || colon > bracket);
  if (has_port) {
    host = authority.substr(0, colon);
    digits = authority.substr(colon + 1);
  }
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
    auto const address = ip_address::parse(host);
    if (!address || host.find(':') == host.npos)
      refuse(text, "there is no IPv6 address between the brackets");
  } else if (!good_name(host)) {
    refuse(text, "it names no host");
  }
  out.host = lower(host);
  out.port = usual_port(out.scheme);
  if (digits.empty() && out.port == 0) refuse(text, "udp needs a port, like :6969");
  if (digits.empty()) return;
  auto const port = parse_port(digits);
  if (!port) refuse(text, "the port is not a number from 1 to 65535");
  out.port = *port;
}

// Removes "." and ".." (RFC 3986, section 5.2.4).
std::string without_dots(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    auto const end = std::min(path.find('/', 1), path.size());
    std::string_view const segment = path.substr(0, end);
    path.remove_prefix(end);
    if (segment == "/..")
      out.resize(out.empty() ? 0 : out.rfind('/'));
    else if (segment != "/.")
      out += segment;
    if (path.empty() && (segment == "/.." || segment == "/.")) out += '/';
  }
  return out;
}

} // namespace

std::string printable(std::string_view url) {
  std::string out = redacted(url);
  if (out.size() > longest_shown) out.replace(longest_shown, out.npos, "...");
  std::replace_if(out.begin(), out.end(), is_control, '?');
  return out;
}

bool has_secret(std::string_view url) {
  std::size_t const query = std::min(url.find_first_of("?#"), url.size());
  std::string_view const before = url.substr(0, query);
  // a password may have a '?' in it
  if (redacted(before) != before || begin_of_host(url) > query) return true;
  for (std::string_view rest = url.substr(query); !rest.empty();) {
    rest.remove_prefix(1);
    std::size_t const end = std::min(rest.find_first_of("?#&;"), rest.size());
    if (looks_secret(rest.substr(0, end))) return true;
    rest.remove_prefix(end);
  }
  return false;
}

std::string without_secrets(std::string_view url) {
  return has_secret(url) ? redacted(url) : std::string(url);
}

std::string url::authority() const {
  std::string out = host.find(':') == host.npos ? host : "[" + host + "]";
  if (port != usual_port(scheme)) out += ":" + std::to_string(port);
  return out;
}

std::string url::text() const { return scheme + "://" + authority() + target; }

url parse_url(std::string_view text) {
  if (text.size() > longest_url) refuse(text, "it is longer than 8 KiB");
  if (std::any_of(text.begin(), text.end(), is_control))
    refuse(text, "there is a control character in it");
  auto const colon = text.find("://");
  if (colon == text.npos) refuse(text, "it does not begin like http://");
  url out;
  out.scheme = lower(text.substr(0, colon));
  if (out.scheme != "http" && out.scheme != "https" && out.scheme != "udp")
    refuse(text, "it begins neither with http:// nor https:// nor udp://");
  std::string_view rest = text.substr(colon + 3);
  rest = rest.substr(0, rest.find('#'));
  auto const slash = std::min(rest.find_first_of("/?"), rest.size());
  take_authority(text, rest.substr(0, slash), out);
  out.target = rest.substr(slash);
  if (out.target.empty() || out.target.front() == '?') out.target.insert(0, "/");
  return out;
}

url resolve_location(url const& from, std::string_view location) {
  location = location.substr(0, location.find('#'));
  auto const path_end = std::min(location.find('?'), location.size());
  std::string_view const path = location.substr(0, path_end);
  std::string_view const query = location.substr(path_end);
  auto const from_path = std::string_view(from.target).substr(0, from.target.find('?'));
  std::string whole;
  auto const colon = path.find(':');
  bool const has_scheme = colon != path.npos && colon < path.find('/');
  std::string const site = from.scheme + "://" + from.authority();
  if (has_scheme)
    whole = location;
  else if (path.substr(0, 2) == "//")
    whole = from.scheme + ":" + std::string(location);
  else if (path.empty())
    whole = site + std::string(from_path) + std::string(query);
  else if (path.front() == '/')
    whole = site + without_dots(path) + std::string(query);
  else {
    std::string const folder(from_path.substr(0, from_path.rfind('/') + 1));
    whole = site + without_dots(folder + std::string(path)) + std::string(query);
  }
  try {
    return parse_url(whole);
  } catch (input_error const& e) {
    throw protocol_error(errc::malformed_http,
                         fmt::format("the server redirects us badly: {}", e.what()));
  }
}

} // namespace cotorra::http
