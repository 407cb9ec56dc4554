#include "todo.hpp"
#include <cstdio>
#include <fstream>
#include <set>
#include <string>

namespace cotorra {
namespace {

// What the mark above the hole calls it.
std::string title(std::string const& hole, char const* file) {
  std::string const mark = "// hole " + hole + ": ";
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);)
    if (auto const at = line.find(mark); at != line.npos)
      return ": " + line.substr(at + mark.size());
  return "";
}

std::string in_work(std::string const& file) {
  auto const at = file.rfind("/work/");
  return at == file.npos ? file : file.substr(at + 1);
}

} // namespace

void todo(char const* hole, std::source_location place) {
  std::string const what =
      "hole " + std::string(hole) + " is empty" + title(hole, place.file_name()) + " (" +
      in_work(place.file_name()) + ":" + std::to_string(place.line()) + ")";
  static std::set<std::string> told; // the exception may be caught on its way
  if (told.insert(what).second) std::fprintf(stderr, "%s\n", what.c_str());
  throw hole_is_empty(what);
}

} // namespace cotorra
