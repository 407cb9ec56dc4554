#include "tracker/lenient.hpp"
#include "base/error.hpp"
#include "base/trimmed.hpp"
#include "tracker/answer_wire.hpp"
#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <limits>

namespace cotorra::tracker {
namespace {

[[noreturn]] void malformed(std::string const& clause) {
  throw protocol_error(errc::malformed_answer, clause);
}

} // namespace

bencode::document read_answer(bytes body) {
  body = body.subspan(begin_of_answer(body));
  if (body.empty()) malformed("the tracker answers with nothing");
  // a tracker that is down for repair shows a web page
  if (as_text(body).front() == '<') malformed("the tracker answers with a web page");
  try {
    bencode::document doc = bencode::decode(
        body, {}, {.numbers = true, .rest = true}); // a newline may follow
    if (!doc.root().is_dictionary()) malformed("the tracker's answer is no dictionary");
    return doc;
  } catch (protocol_error const& e) {
    if (e.code() == errc::malformed_answer) throw;
    malformed(fmt::format("the tracker's answer is no bencode: {}", e.what()));
  }
}

std::optional<std::int64_t> number_in(bencode::value v) {
  using limits = std::numeric_limits<std::int64_t>;
  if (v.is_integer()) return v.clamped();
  if (!v.is_string()) return std::nullopt;
  std::string_view const text = trimmed(v.text());
  std::int64_t n = 0;
  char const *const begin = text.data(), *const end = begin + text.size();
  auto const [stop, error] = std::from_chars(begin, end, n);
  bool const too_far = error == std::errc::result_out_of_range;
  if (too_far) n = text.front() == '-' ? limits::min() : limits::max();
  if ((error != std::errc{} && !too_far) || (stop != end && *stop != '.'))
    return std::nullopt;
  return n;
}

std::optional<std::uint32_t> count_in(bencode::value v) {
  auto const n = number_in(v);
  if (!n || *n < 0) return std::nullopt;
  return static_cast<std::uint32_t>(std::min<std::int64_t>(*n, 0xffff'ffff));
}

std::string words_of(std::string_view text) {
  constexpr std::string_view dots = "...";
  std::string out(text);
  if (text.size() > longest_words) {
    std::size_t end = longest_words - dots.size();
    auto const is_inside = [&](char c) {
      return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
    };
    while (end > 0 && is_inside(text[end])) --end; // not in the middle of a letter
    out = fmt::format("{}{}", text.substr(0, end), dots);
  }
  for (char& c : out)
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) c = ' ';
  return out;
}

} // namespace cotorra::tracker
