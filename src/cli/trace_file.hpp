// Writes the trace (explain/trace.hpp) of this run to a file: `--trace FILE`.
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
  ~trace_file();                                              // warns if it is incomplete

  io::observer* observer() { return &trace_; }

private:
  std::filesystem::path const path_;
  std::ofstream file_;
  explain::trace trace_;
};

// Observes this world and writes to the file of --trace; null when the path is empty.
std::unique_ptr<trace_file> open_trace(std::string const& path, io::world&);

} // namespace cotorra::cli
