// The trace (explain/trace.hpp) of this run in a file: `--trace FILE`.
#pragma once
#include "explain/trace.hpp"
#include "io/world.hpp"
#include <filesystem>
#include <fstream>
#include <memory>

namespace cotorra::cli {

class trace_file {
public:
  trace_file(std::filesystem::path const&, io::clock const&); // throws input_error
  ~trace_file();                                              // says when it is cut short

  io::observer* observer() { return &trace_; }

private:
  std::filesystem::path const path_;
  std::ofstream file_;
  explain::trace trace_;
};

// The file of --trace, watching this world; null when the path is empty.
std::unique_ptr<trace_file> open_trace(std::string const& path, io::world&);

} // namespace cotorra::cli
