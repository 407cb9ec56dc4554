// Serves the files of one folder, read-only. A folder without an index.html shows a page
// of links.
#pragma once
#include "http/server_talk.hpp"
#include <filesystem>

namespace cotorra::http {

class static_site {
public:
  // Throws input_error when there is no such folder.
  explicit static_site(std::filesystem::path folder);

  // For `handler`. Never shows anything outside the folder (no "..", no link out of it),
  // nor a hidden file.
  response answer(request_head const&);
  std::size_t requests() const { return requests_; }

private:
  std::filesystem::path const root_;
  std::size_t requests_ = 0;
};

std::string_view media_type(std::filesystem::path const&);

} // namespace cotorra::http
