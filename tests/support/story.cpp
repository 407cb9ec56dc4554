#include "support/story.hpp"
#include "support/catch.hpp"
#include "support/planted_bugs.hpp"
#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>

namespace cotorra::test {
namespace {

constexpr std::size_t shown = 12; // bytes

std::string spaced_hex(bytes b) {
  std::string out;
  for (std::byte x : b) out += fmt::format("{:02x} ", std::to_integer<unsigned>(x));
  return out;
}

std::string printable(bytes b) {
  std::string out;
  for (char c : as_text(b)) out += c >= ' ' && c <= '~' ? c : '.';
  return out;
}

field field_at(std::vector<field> const& fields, std::size_t offset) {
  field here{0, ""};
  for (field const& f : fields)
    if (f.offset <= offset) here = f;
  return here;
}

// One side of the difference: hex, and the same bytes as text.
std::string hex_row(bytes all, std::size_t from) {
  bytes const rest = all.subspan(std::min(from, all.size()));
  if (rest.empty()) return "nothing more";
  return spaced_hex(rest.first(std::min(rest.size(), shown))) +
         (rest.size() > shown ? ".." : "");
}

std::string row(bytes all, std::size_t from) {
  bytes const rest = all.subspan(std::min(from, all.size()));
  if (rest.empty()) return hex_row(all, from);
  return fmt::format("{:<{}}  {}", hex_row(all, from), 3 * shown + 2,
                     printable(rest.first(std::min(rest.size(), shown))));
}

// Both sides are shown from a little before the first difference, within its field.
std::size_t shown_from(std::size_t at, field const& where) {
  return std::max(where.offset, at - std::min<std::size_t>(at, 4));
}

std::string difference(bytes wanted, bytes came, std::size_t at, field const& where) {
  std::size_t const from = shown_from(at, where);
  return labelled("wire", fmt::format("byte {}{}", at,
                                      where.name.empty() ? "" : ", " + where.name)) +
         labelled("  wanted", row(wanted, from)) + labelled("  came", row(came, from)) +
         std::string(12 + 3 * (at - from), ' ') + "^^\n";
}

// For programs that read failures.
void note(std::string const& test, std::size_t step, std::string const& found) {
  if (char const* file = std::getenv("COTORRA_STORIES"))
    std::ofstream(file, std::ios::app) << test << "\n" << step << "\n" << found << "\n\n";
}

std::string chapter_name() {
  std::string name = tested_chapter(); // "04-handshake" is told as "04 handshake"
  if (name.size() > 2 && name[2] == '-') name[2] = ' ';
  return name;
}

// FAIL, but at the line that tells the story.
void fail_at(source_location const& line, std::string text) {
  Catch::SourceLineInfo const here(line.file_name(), line.line());
  Catch::AssertionHandler failure("FAIL", here, Catch::StringRef(),
                                  Catch::ResultDisposition::Normal);
  failure.handleMessage(Catch::ResultWas::ExplicitFailure, std::move(text));
  failure.complete(); // throws
}

} // namespace

void story::tell(std::string who, std::string text) {
  steps_.push_back({std::move(who), std::move(text)});
}

std::string story::told() const {
  std::string out;
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    auto const& s = steps_[i];
    bool const last = i + 1 == steps_.size() && s.who == "expect" && !s.checked;
    std::string const text =
        s.checked ? fmt::format("{:<60}  ok", s.text) : s.text; // a column of ok's
    std::string line = labelled(fmt::format("{} {}", i + 1, s.who), text);
    if (last) line[0] = '*';
    out += line;
  }
  return out;
}

void story::fail(std::string found, std::string wire, std::string came,
                 source_location line) {
  std::string const test = Catch::getResultCapture().getCurrentTestName();
  std::string title = fmt::format("{} / {}", chapter_name(), test);
  std::string const failed = fmt::format("step {} failed", steps_.size());
  std::size_t const room = 76 - failed.size() - 2;
  title += title.size() > room ? fmt::format("\n{:>76}", failed)
                               : std::string(room + 2 - title.size(), ' ') + failed;
  note(test, steps_.size(), found);
  if (came.ends_with(' ')) came.pop_back();
  trace const how{test, static_cast<int>(steps_.size()), found, std::move(came)};
  fail_at(line, title + "\n" + told() + labelled("  found", found) + wire + waiting() +
                    advice(tested_chapter(), how));
}

void story::expect(std::string text, bool ok, std::string found, source_location line) {
  tell("expect", std::move(text));
  if (!ok) fail(std::move(found), "", "", line);
  steps_.back().checked = true;
  SUCCEED();
}

void story::expect_bytes(std::string text, bytes wanted, bytes came,
                         std::vector<field> fields, source_location line) {
  tell("expect", std::move(text));
  auto const [w, c] =
      std::mismatch(wanted.begin(), wanted.end(), came.begin(), came.end());
  if (w != wanted.end() || c != came.end()) {
    auto const at = static_cast<std::size_t>(w - wanted.begin());
    field const here = field_at(fields, at);
    fail(fmt::format("{} bytes, the first difference at byte {}{}", came.size(), at,
                     here.name.empty() ? "" : fmt::format(" ({})", here.name)),
         difference(wanted, came, at, here), hex_row(came, shown_from(at, here)), line);
  }
  steps_.back().checked = true;
  SUCCEED();
}

} // namespace cotorra::test
