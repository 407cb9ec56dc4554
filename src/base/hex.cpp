#include "base/hex.hpp"

namespace cotorra {
namespace {

constexpr std::string_view lower = "0123456789abcdef";
constexpr std::string_view upper = "0123456789ABCDEF";

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

std::optional<unsigned> hex_pair(std::string_view two) {
  if (two.size() < 2) return std::nullopt;
  auto high = hex_digit(two[0]);
  auto low = hex_digit(two[1]);
  if (!high || !low) return std::nullopt;
  return *high << 4 | *low;
}

bool unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         c == '-' || c == '.' || c == '_' || c == '~';
}

} // namespace

std::string to_hex(bytes in) {
  std::string out;
  out.reserve(in.size() * 2);
  for (std::byte b : in) {
    out += lower[std::to_integer<unsigned>(b) >> 4];
    out += lower[std::to_integer<unsigned>(b) & 15];
  }
  return out;
}

std::optional<buffer> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  buffer out;
  for (; !text.empty(); text.remove_prefix(2)) {
    auto value = hex_pair(text);
    if (!value) return std::nullopt;
    out.push_back(static_cast<std::byte>(*value));
  }
  return out;
}

std::string percent_encode(bytes in) {
  std::string out;
  for (char c : as_text(in)) {
    if (unreserved(c)) {
      out += c;
      continue;
    }
    auto value = static_cast<unsigned char>(c);
    out += {'%', upper[value >> 4], upper[value & 15]};
  }
  return out;
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    auto value = hex_pair(text.substr(i + 1));
    if (!value) return std::nullopt;
    out += static_cast<char>(*value);
    i += 2;
  }
  return out;
}

} // namespace cotorra
