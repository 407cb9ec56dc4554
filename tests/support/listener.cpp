// What Catch2 says of a failure, made more of: an empty hole names its hint, and a plain
// CHECK says what to read.
#define CATCH_CONFIG_EXTERNAL_INTERFACES // version 2 shows its listeners only then
#include "support/catch.hpp"
#include "support/hole.hpp"
#include "support/planted_bugs.hpp"
#include "support/story.hpp"
#include <cstdio>
#include <iostream>

#if __has_include(<catch2/catch_all.hpp>)
using listener_base = Catch::EventListenerBase;
using go_on = void;
using reporter_config = Catch::ReporterConfig&&;
#else
using listener_base = Catch::TestEventListenerBase;
using go_on = bool;
using reporter_config = Catch::ReporterConfig const&;
#endif

namespace {
using namespace cotorra::test;

std::string hint_for(std::string const& hole) {
  std::string const number = hole.substr(5, hole.find(' ', 5) - 5);
  if (number.find('.') == number.npos) return hole; // a function, and no hole of the text
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
      advice_ =
          waiting() + advice(tested_chapter(), {.test = test_, .found = "", .came = ""});
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

// Catch2's XML for chapters/learn. What a test prints is not kept until it ends, as it
// may never end, but goes where it should, line by line. A form feed in both streams
// begins each test.
class xml_beside_prints : public Catch::XmlReporter {
public:
  explicit xml_beside_prints(reporter_config config)
      : Catch::XmlReporter(std::move(config)) {
    preferences().shouldRedirectStdOut = false;
    std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
  }

  static std::string getDescription() { return "XML; prints stay in their streams"; }

  void testCaseStarting(Catch::TestCaseInfo const& test) override {
    for (auto* out : {stdout, stderr}) {
      std::fputc('\f', out);
      std::fflush(out);
    }
    Catch::XmlReporter::testCaseStarting(test);
  }

private:
  Catch::ReporterPreferences& preferences() {
#if __has_include(<catch2/catch_all.hpp>)
    return m_preferences;
#else
    return m_reporterPrefs;
#endif
  }
};

} // namespace

CATCH_REGISTER_LISTENER(adviser)
CATCH_REGISTER_REPORTER("learn", xml_beside_prints)

CATCH_TRANSLATE_EXCEPTION(std::exception const& e) {
  return is_hole(e) ? hint_for(e.what()) : std::string(e.what());
}
