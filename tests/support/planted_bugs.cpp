#include "support/planted_bugs.hpp"
#include "io/memory_pipe.hpp"
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>

namespace cotorra::test {
namespace {
namespace fs = std::filesystem;

constexpr std::size_t width = 76, text_column = 12;

fs::path root() {
  char const* elsewhere = std::getenv("COTORRA_ROOT");
  return elsewhere ? elsewhere : COTORRA_ROOT;
}

// What follows "key: ", when the line has that key.
bool read_key(std::string const& line, std::string_view key, std::string& to) {
  if (!line.starts_with(key)) return false;
  to = line.substr(key.size());
  return true;
}

planted_bug read_bug(fs::path const& file) {
  planted_bug bug;
  std::ifstream in(file);
  std::string step;
  for (std::string line; std::getline(in, line) && !line.starts_with("```");) {
    read_key(line, "# ", bug.title) || read_key(line, "caught by: ", bug.caught_by) ||
        read_key(line, "found: ", bug.found) || read_key(line, "came: ", bug.came) ||
        read_key(line, "read: ", bug.read) || read_key(line, "step: ", step);
  }
  bug.step = std::atoi(step.c_str());
  return bug;
}

std::vector<planted_bug> all_bugs(std::string const& chapter) {
  std::vector<fs::path> files;
  std::error_code none; // a chapter without bugs
  for (auto const& f : fs::directory_iterator(root() / chapter / "bugs", none))
    if (f.path().extension() == ".md") files.push_back(f.path());
  std::ranges::sort(files);
  std::vector<planted_bug> bugs;
  for (fs::path const& f : files) bugs.push_back(read_bug(f));
  return bugs;
}

// As seen from the root; "" for a line of a test.
std::string place(source_location const& line) {
  std::string file = fs::path(line.file_name()).lexically_normal();
  std::string const here = COTORRA_ROOT "/";
  if (file.starts_with(here)) file.erase(0, here.size());
  while (file.starts_with("../")) file.erase(0, 3);
  if (!file.starts_with("src/") && !file.starts_with("work/")) return "";
  return fmt::format("{}:{}", file, line.line());
}

// "read_peer_id" of "task<peer_id> cotorra::{anonymous}::read_peer_id(io::reader&)"
std::string short_name(std::string name) {
  for (std::string_view const hidden : {"(anonymous namespace)::", "{anonymous}::"})
    if (auto const at = name.find(hidden); at != name.npos) name.erase(at, hidden.size());
  name = name.substr(0, name.find('('));
  return name.substr(name.find_last_of(" :") + 1);
}

} // namespace

std::string chapter_folder(std::string const& tests) {
  std::string const name = tests == "base" || tests == "io" ? "00-the-swarm" : tests;
  return fs::is_directory(root() / "chapters" / name) ? "chapters/" + name : "";
}

std::vector<planted_bug> same_place(std::string const& tests, trace const& t) {
  std::string const chapter = chapter_folder(tests);
  if (chapter.empty() || t.step == 0) return {};
  std::vector<planted_bug> same;
  for (planted_bug const& bug : all_bugs(chapter))
    if (bug.caught_by == t.test && bug.step == t.step && bug.found == t.found &&
        bug.came == t.came)
      same.push_back(bug);
  if (same.size() > 2) same.clear(); // that would be a guess
  return same;
}

std::string advice(std::string const& tests, trace const& t) {
  std::string const chapter = chapter_folder(tests);
  if (chapter.empty()) return "";
  std::string out, read;
  for (planted_bug const& bug : same_place(tests, t)) {
    std::string title = bug.title;
    if (title.starts_with("Bug ")) title.replace(0, 4, "planted bug ");
    out += labelled("like", "fails at the same place as " + title);
    if (read.empty()) read = bug.read;
  }
  out += labelled("read", chapter + read);
  if (!fs::exists(root() / chapter / "walk.cpp")) return out;
  std::string const number = chapter.substr(chapter.find('/') + 1, 2);
  out +=
      labelled("step", fmt::format("chapters/learn debug {}", std::atoi(number.c_str())));
  return out;
}

std::string waiting() {
  std::string out;
  for (source_location const& line : io::memory_stream::who_waits())
    if (std::string const at = place(line); !at.empty())
      out += labelled("waiting", short_name(line.function_name()) + " at " + at);
  return out;
}

std::string labelled(std::string const& label, std::string const& text) {
  std::string out = fmt::format("  {:<9} ", label), rest = text;
  std::size_t room = width - out.size();
  if (rest.size() > room && rest.find(' ') == rest.npos)
    return fmt::format("  {}\n    {}\n", label,
                       rest); // a link is of use in one piece only
  while (rest.size() > room && rest.find(' ') != rest.npos) {
    std::size_t cut = rest.rfind(' ', room);
    if (cut == rest.npos) cut = rest.find(' ');
    out += rest.substr(0, cut) + "\n" + std::string(text_column, ' ');
    rest.erase(0, cut + 1);
    room = width - text_column;
  }
  return out + rest + "\n";
}

} // namespace cotorra::test
