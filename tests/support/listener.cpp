// What Catch2 says of a failure, made more of: an empty hole names its hint, and a plain
// CHECK the planted bug that fails in the same test.
#define CATCH_CONFIG_EXTERNAL_INTERFACES // version 2 shows its listeners only then
#include "support/catch.hpp"
#include "support/hole.hpp"
#include "support/planted_bugs.hpp"
#include "support/story.hpp"
#include <iostream>

#if __has_include(<catch2/catch_all.hpp>)
using listener_base = Catch::EventListenerBase;
using go_on = void;
#else
using listener_base = Catch::TestEventListenerBase;
using go_on = bool;
#endif

namespace {
using namespace cotorra::test;

std::string hint_for(std::string const& hole) {
  std::string const number = hole.substr(5, hole.find(' ', 5) - 5);
  return hole + "\n" + labelled("hint", "chapters/learn hint " + number);
}

class adviser : public listener_base {
public:
  using listener_base::listener_base;

  void testCaseStarting(Catch::TestCaseInfo const& test) override {
    test_ = test.name;
    advice_.clear();
  }
  go_on assertionEnded(Catch::AssertionStats const& stats) override {
    auto const& result = stats.assertionResult;
    bool const told = result.getResultType() == Catch::ResultWas::ExplicitFailure;
    auto const message = static_cast<std::string>(result.getMessage());
    bool const hole = message.starts_with("hole "); // its message has the hint
    if (!result.isOk() && !told && !hole && advice_.empty())
      advice_ = waiting() + advice(COTORRA_CHAPTER, {.test = test_, .found = ""});
    return go_on(true);
  }
  // Only now, or it would come before what it is about.
  void testCaseEnded(Catch::TestCaseStats const&) override {
    if (advice_.empty()) return;
    std::cout << std::flush;
    std::cerr << advice_ << std::flush; // the other stream may be XML
  }

private:
  std::string test_, advice_;
};

} // namespace

CATCH_REGISTER_LISTENER(adviser)

CATCH_TRANSLATE_EXCEPTION(std::exception const& e) {
  return is_hole(e) ? hint_for(e.what()) : std::string(e.what());
}
