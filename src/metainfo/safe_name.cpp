#include "metainfo/safe_name.hpp"
#include <algorithm>
#include <array>
#include <cstdint>

namespace cotorra::metainfo {
namespace {

struct character {
  char32_t code;
  std::size_t size; // in bytes; 0 when this is not UTF-8
};
constexpr character not_utf8{0, 0};

// RFC 3629: the shortest form only, no surrogates, nothing past U+10FFFF.
character first_character(std::string_view text) {
  auto const lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return {lead, 1};
  std::size_t const size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return not_utf8;
  char32_t code = lead & (0xFFu >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    auto const next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0) != 0x80) return not_utf8;
    code = code << 6 | (next & 0x3Fu);
  }
  constexpr char32_t lowest[] = {0, 0, 0x80, 0x800, 0x10000};
  bool const surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < lowest[size] || surrogate || code > 0x10FFFF) return not_utf8;
  return {code, size};
}

bool turns_direction(char32_t c) {
  return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069);
}

bool is_unsafe(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == '/' || c == '\\' || c == 0x2028 ||
         c == 0x2029 || turns_direction(c);
}

// For the common case, fast: ASCII without special characters.
constexpr std::array<bool, 256> plain = [] {
  std::array<bool, 256> table{};
  for (unsigned c = 0x20; c < 0x7F; ++c) table[c] = c != '/' && c != '\\';
  return table;
}();

// At most `most` bytes of the text, cut where a character begins.
std::string_view cut(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  // hole 2.4: step back to where a character begins
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  // end hole 2.4
  return text.substr(0, most);
}

// Rewrites the text character by character; `replace` returns the replacement of each.
template <class Replace> std::string rewrite(std::string_view text, Replace replace) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    auto const [code, size] = first_character(text);
    std::string_view const same = text.substr(0, std::max<std::size_t>(size, 1));
    out += size == 0 ? "\xEF\xBF\xBD" : replace(code, same);
    text.remove_prefix(same.size());
  }
  return out;
}

} // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    std::size_t const size = first_character(text).size;
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

std::string repaired_utf8(std::string_view text) {
  return rewrite(text, [](char32_t, std::string_view same) { return same; });
}

std::size_t extension_at(std::string_view name) {
  std::size_t const dot = name.rfind('.');
  bool const has_one = dot != name.npos && dot != 0 && name.size() - dot <= 32;
  return has_one ? dot : name.size();
}

std::string with_suffix(std::string_view name, std::string_view suffix) {
  std::size_t const dot = extension_at(name);
  std::string_view const extension = name.substr(dot);
  std::size_t const room = longest_name - suffix.size() - extension.size();
  return std::string(cut(name.substr(0, dot), room)).append(suffix).append(extension);
}

std::string safe_name(std::string_view name) {
  if (name.empty() || name == ".") return "_";
  if (name == "..") return "__";
  std::string out = rewrite(name, [](char32_t c, std::string_view same) {
    return is_unsafe(c) ? std::string_view("_") : same;
  });
  return out.size() > longest_name ? with_suffix(out, "") : out;
}

bool is_safe_name(std::string_view name) {
  if (name.empty() || name.size() > longest_name || name == "." || name == "..")
    return false;
  bool all_plain = true;
  for (char c : name) all_plain &= plain[static_cast<unsigned char>(c)];
  return all_plain || safe_name(name) == name;
}

} // namespace cotorra::metainfo
