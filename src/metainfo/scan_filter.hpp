// What a scan leaves out: what the user excludes, and files that are useless elsewhere.
#pragma once
#include "metainfo/scan.hpp"

namespace cotorra::metainfo {

class scan_filter {
public:
  explicit scan_filter(scan_options const& options)
      : options_(options), matched_(options.exclude.size()) {}

  // `relative` is a path below the folder that is scanned.
  bool leaves_out(std::filesystem::path const& relative, bool is_folder);
  bool excludes() const { return !options_.exclude.empty(); }
  // Adds one sentence for each thing that the user may not expect.
  void tell(std::vector<std::string>& warnings) const;

private:
  bool excluded(std::filesystem::path const& relative);

  scan_options const& options_;
  std::vector<bool> matched_; // for each pattern
  std::vector<std::string> litter_, repositories_;
};

} // namespace cotorra::metainfo
