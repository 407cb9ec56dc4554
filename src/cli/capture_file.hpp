// Writes the capture (explain/capture.hpp) of this run to a file: `--pcap FILE`.
// Only its owner can read the file. It is written as the run goes, in the engine's
// thread: so it is whole at every moment, and a slow disk slows the run down.
#pragma once
#include "explain/capture.hpp"
#include "io/world.hpp"
#include <filesystem>
#include <memory>
#include <optional>

namespace cotorra::cli {

class capture_file {
public:
  // most: bytes that the file may have; 0: no limit. Throws input_error.
  capture_file(std::filesystem::path const&, std::uint64_t most, io::clock const&);
  ~capture_file();

  // The same world, with a network that this file captures. Call it once.
  io::world watched(io::world const&);

private:
  bool write(bytes); // false, after one sentence: the capture ends here

  std::filesystem::path const path_;
  std::uint64_t const most_;
  std::uint64_t size_ = 0;
  int const fd_;
  explain::capture capture_;
  std::optional<io::watched_network> network_; // goes first
};

// The file of --pcap; null when the path is empty. Throws usage_error for a bad limit.
std::unique_ptr<capture_file> open_capture(std::string const& path,
                                           std::string const& limit, io::clock const&);

} // namespace cotorra::cli
