// The program on the desk: its arguments in, its two outputs and its exit status out.
#pragma once
#include "base/bytes.hpp"
#include "cli/program.hpp"
#include "support/temporary_folder.hpp"
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
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

inline std::string content_of(std::string const& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace cotorra::test
