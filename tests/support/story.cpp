#include "support/story.hpp"
#include "base/hex.hpp"
#include "support/catch.hpp"
#include <algorithm>
#include <fmt/format.h>

namespace cotorra::test {
namespace {

std::string spaced_hex(bytes b) {
  std::string out;
  for (std::byte x : b.first(std::min<std::size_t>(b.size(), 12)))
    out += fmt::format("{:02x} ", std::to_integer<unsigned>(x));
  return b.empty() ? "nothing" : out + (b.size() > 12 ? ".." : "");
}

std::string field_at(std::vector<field> const& fields, std::size_t offset) {
  std::string name;
  for (field const& f : fields)
    if (f.offset <= offset) name = f.name;
  return name.empty() ? "" : fmt::format(" ({})", name);
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
    out += fmt::format("{} {:<2} {:<7} {}{}\n", last ? "*" : " ", i + 1, s.who, s.text,
                       s.checked ? "   ok" : "");
  }
  return out;
}

void story::fail(std::string found, std::string wire) {
  std::string const title = Catch::getResultCapture().getCurrentTestName();
  FAIL(fmt::format("{} / {}   step {} failed\n{}     found   {}\n{}", COTORRA_CHAPTER,
                   title, steps_.size(), told(), found, wire));
}

void story::expect(std::string text, bool ok, std::string found) {
  tell("expect", std::move(text));
  if (!ok) fail(std::move(found), "");
  steps_.back().checked = true;
  SUCCEED();
}

void story::expect_bytes(std::string text, bytes wanted, bytes came,
                         std::vector<field> fields) {
  tell("expect", std::move(text));
  auto const [w, c] =
      std::mismatch(wanted.begin(), wanted.end(), came.begin(), came.end());
  if (w != wanted.end() || c != came.end()) {
    auto const at = static_cast<std::size_t>(w - wanted.begin());
    fail(fmt::format("{} bytes, the first difference at byte {}{}", came.size(), at,
                     field_at(fields, at)),
         fmt::format("     wanted  {}\n     came    {}\n", spaced_hex(wanted.subspan(at)),
                     spaced_hex(came.subspan(at))));
  }
  steps_.back().checked = true;
  SUCCEED();
}

} // namespace cotorra::test
