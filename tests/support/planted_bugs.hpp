// The mistakes that the course knows (chapters/NN-name/bugs/*.md): which of them fails in
// this way? Read only when a test has failed.
#pragma once
#include <optional>
#include <string>
#include <vector>

namespace cotorra::test {

// How a test failed.
struct trace {
  std::string test;
  int step = 0;      // 0: no story told it
  std::string found; //
};

struct planted_bug {
  std::string title; // "Bug 04-3: the answered info_hash is never compared"
  std::string caught_by, found, hole, read;
  int step = 0;
};

struct diagnosis {
  std::vector<planted_bug> looks_like; // one, or two that cannot be told apart
  bool same_trace = false;             // not only the same step
  std::string hole;                    // the hint to ask for; may be empty
};

// The folder of tests/ whose tests are in this program, as "04-handshake".
std::string tested_chapter();

// The chapter's folder, as chapters/NN-name; "" when it is no chapter.
std::string chapter_folder(std::string const& tests);
diagnosis diagnose(std::string const& tests, trace const&);

// The last lines of a failure: what it looks like, what to read, what to do next.
std::string advice(std::string const& tests, trace const&);
// The lines of the code under test that wait for bytes.
std::string waiting();
// "  label     text", folded so that a console of 80 columns does not fold it worse.
std::string labelled(std::string const& label, std::string const& text);

} // namespace cotorra::test
