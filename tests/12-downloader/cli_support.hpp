// The program on the desk: its arguments in, its two outputs and its exit status out.
#pragma once
#include "base/bytes.hpp"
#include "cli/program.hpp"
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdlib.h> // mkdtemp
#include <string>
#include <vector>

namespace cotorra::test {

struct program_result {
  int status = 0;
  std::string out, err;
};

inline program_result cotorra_says(std::vector<std::string> const& words) {
  std::vector<char const*> argv{"cotorra"};
  for (std::string const& w : words) argv.push_back(w.c_str());
  std::ostringstream out, err;
  std::streambuf* const real_out = std::cout.rdbuf(out.rdbuf());
  std::streambuf* const real_err = std::cerr.rdbuf(err.rdbuf());
  int const status = cli::run(static_cast<int>(argv.size()), argv.data());
  std::cout.rdbuf(real_out);
  std::cerr.rdbuf(real_err);
  return {status, out.str(), err.str()};
}

// A folder for one test's files.
class desk_folder {
public:
  desk_folder() {
    std::string name =
        (std::filesystem::temp_directory_path() / "cotorra-cli-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~desk_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  desk_folder(desk_folder const&) = delete;

  std::string operator/(std::string const& name) const { return (path_ / name).string(); }

  // Writes a file, and gives its path.
  std::string put(std::string const& name, std::string_view content) const {
    std::filesystem::path const where = path_ / name;
    std::filesystem::create_directories(where.parent_path());
    std::ofstream(where, std::ios::binary) << content;
    return where.string();
  }

private:
  std::filesystem::path path_;
};

inline std::string content_of(std::string const& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace cotorra::test
