#include "cli/arguments.hpp"
#include "cli/text.hpp"
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <set>

namespace cotorra::cli {
namespace {

template <class Number> std::optional<Number> number(std::string_view digits) {
  Number n{};
  char const* const last = digits.data() + digits.size();
  auto const [end, error] = std::from_chars(digits.data(), last, n);
  if (error != std::errc{} || end != last) return std::nullopt;
  return n;
}

template <class... Args>
[[noreturn]] void refuse(fmt::format_string<Args...> format, Args&&... args) {
  throw usage_error(sanitise(fmt::format(format, std::forward<Args>(args)...)));
}

struct size_of {
  std::string_view noun, examples;
};
constexpr size_of any_size{"size", "65536, 500K, 10M or 1.5G"};
constexpr size_of any_rate{"rate", "500K, 2M or 1.5M, the bytes per second"};

double unit_size(std::string_view unit, std::string_view all, size_of what) {
  if (unit.empty() || unit == "B" || unit == "b") return 1;
  constexpr std::string_view letters = "KMGT";
  auto const power = letters.find(static_cast<char>(unit[0] & ~0x20));
  std::string_view const rest = unit.substr(1);
  bool const known = rest.empty() || rest == "B" || rest == "b" || rest == "iB" ||
                     rest == "ib" || rest == "i";
  if (power == letters.npos || !known)
    refuse("\"{}\" is not a {}: write {}", all, what.noun, what.examples);
  return std::pow(1024.0, static_cast<double>(power + 1));
}

double amount_in(std::string_view text, std::string_view all, size_of what) {
  std::size_t const digits = std::min(text.find_first_not_of("0123456789."), text.size());
  auto const amount = number<double>(text.substr(0, digits));
  if (!amount) refuse("\"{}\" is not a {}: write {}", all, what.noun, what.examples);
  double const size = *amount * unit_size(text.substr(digits), all, what);
  if (size > 9e15) refuse("\"{}\" is too much: the most is 8192T", all);
  return size;
}

} // namespace

std::uint64_t parse_size(std::string_view text) {
  return static_cast<std::uint64_t>(std::llround(amount_in(text, text, any_size)));
}

std::uint64_t parse_rate(std::string_view text) {
  std::string_view const amount =
      text.ends_with("/s") ? text.substr(0, text.size() - 2) : text;
  double const rate = amount_in(amount, text, any_rate);
  if (rate > 0 && rate < 1)
    refuse("\"{}\" is less than a byte per second: write 0 for no limit", text);
  return static_cast<std::uint64_t>(std::llround(rate));
}

endpoint parse_endpoint(std::string_view text, std::optional<ip_address> if_no_address) {
  if (auto const whole = endpoint::parse(text)) return *whole;
  if (auto const port = number<std::uint16_t>(text); port && if_no_address)
    return {*if_no_address, *port};
  refuse("\"{}\" is not an address and a port: write 127.0.0.1:6881 or [::1]:6881", text);
}

host_and_port parse_host(std::string_view text) {
  auto const colon = text.rfind(':');
  auto const port = number<std::uint16_t>(colon == text.npos ? std::string_view{}
                                                             : text.substr(colon + 1));
  std::string_view host = text.substr(0, colon == text.npos ? 0 : colon);
  bool const bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (port && *port == 0) refuse("{}: no program can listen on port 0", text);
  if (!port || host.empty() || bracketed != (host.find(':') != host.npos))
    refuse("\"{}\" is not a host and a port: write seed.example:6881, 192.0.2.1:6881 or "
           "[2001:db8::1]:6881",
           text);
  return {std::string(host), *port};
}

std::vector<std::uint32_t> parse_index_list(std::string_view text, std::uint32_t count,
                                            std::string_view noun, std::uint32_t base) {
  std::set<std::uint32_t> chosen;
  for (std::string_view rest = text;;) {
    auto const comma = rest.find(',');
    std::string_view const part = rest.substr(0, comma);
    auto const dash = part.find('-');
    auto const first = number<std::uint32_t>(part.substr(0, dash));
    auto const last =
        dash == part.npos ? first : number<std::uint32_t>(part.substr(dash + 1));
    if (!first || !last)
      refuse("\"{}\" is not a list of {}s: write 1,3-5 (they are counted from {})", text,
             noun, base);
    if (*first > *last)
      refuse("\"{}\" begins behind its end: write {}-{}", part, *last, *first);
    if (*first < base || *last >= base + count)
      refuse("there is no {} {}: they are counted from {} to {}", noun, part, base,
             base + count - 1);
    for (std::uint32_t i = *first; i <= *last; ++i) chosen.insert(i - base);
    if (comma == rest.npos) break;
    rest.remove_prefix(comma + 1);
  }
  return {chosen.begin(), chosen.end()};
}

http::url check_url(std::string_view text) {
  try {
    return http::parse_url(text);
  } catch (input_error const& e) {
    throw usage_error(e.what());
  }
}

info_hash parse_info_hash(std::string_view text) {
  auto const raw = from_hex(text);
  if (!raw || raw->size() != info_hash::size)
    refuse("\"{}\" is not an info_hash: give its 40 hex digits, or a .torrent file",
           text);
  return info_hash::from(*raw);
}

} // namespace cotorra::cli
