// The mistakes that the course knows (chapters/NN-name/bugs/*.md): which of them fails at
// the same place? Read only when a test has failed. Which hole is wrong is not guessed
// here: chapters/learn tries it.
#pragma once
#include <optional>
#include <string>
#include <vector>

namespace cotorra::test {

// How a test failed.
struct trace {
  std::string test;
  int step = 0; // 0: no story told it
  std::string found;
  std::string came; // the bytes, as the story prints them; "" when none were compared
};

struct planted_bug {
  std::string title; // "Bug 04-3: the answered info_hash is never compared"
  std::string caught_by, found, came, read;
  int step = 0;
};

// The folder of tests/ whose tests are in this program, as "04-handshake".
std::string tested_chapter();

// The chapter's folder, as chapters/NN-name; "" when it is no chapter.
std::string chapter_folder(std::string const& tests);
// The bugs whose failure is this one, byte for byte: none, one, or two that cannot be
// told apart. None when there are more.
std::vector<planted_bug> same_place(std::string const& tests, trace const&);

// The last lines of a failure: which bug fails here, too, what to read, what to do next.
std::string advice(std::string const& tests, trace const&);
// The lines of the code under test that wait for bytes.
std::string waiting();
// "  label     text", folded so that a console of 80 columns does not fold it worse.
std::string labelled(std::string const& label, std::string const& text);

} // namespace cotorra::test
