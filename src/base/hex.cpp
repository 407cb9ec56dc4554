#include "base/hex.hpp"
#include <botan/base32.h>
#include <botan/exceptn.h>
#include <botan/hex.h>
#include <charconv>
#include <span>

namespace cotorra {
namespace {

constexpr std::string_view upper = "0123456789ABCDEF";

// The byte that two hex digits mean.
std::optional<unsigned> hex_pair(std::string_view text) {
  if (text.size() < 2) return std::nullopt;
  unsigned value = 0;
  char const* const end = text.data() + 2;
  auto const [stop, error] = std::from_chars(text.data(), end, value, 16);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

// Botan's decoders throw at a character that they do not know.
template <class Decode> std::optional<buffer> decoded(Decode decode) {
  try {
    auto const raw = decode();
    auto const all = std::as_bytes(std::span(raw));
    return buffer(all.begin(), all.end());
  } catch (Botan::Exception const&) {
    return std::nullopt;
  }
}

bool unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         c == '-' || c == '.' || c == '_' || c == '~';
}

} // namespace

std::string to_hex(bytes in) {
  auto const* const data = reinterpret_cast<std::uint8_t const*>(in.data());
  return Botan::hex_encode(data, in.size(), false);
}

std::optional<buffer> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  return decoded([&] { return Botan::hex_decode(text.data(), text.size(), false); });
}

std::optional<buffer> from_base32(std::string_view text) {
  std::size_t const odd = text.size() % 8; // digits after the last full group
  if (odd == 1 || odd == 3 || odd == 6 || text.find('=') != text.npos)
    return std::nullopt;
  std::string padded(text);
  for (char& c : padded)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - ('a' - 'A'));
  padded.resize((text.size() + 7) / 8 * 8, '=');
  return decoded([&] { return Botan::base32_decode(padded, false); });
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
