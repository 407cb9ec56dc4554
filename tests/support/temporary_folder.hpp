// A fresh folder that is gone after the test, and small ways to look into it.
#pragma once
#include "base/bytes.hpp"
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <stdlib.h>
#include <string>
#include <string_view>

namespace cotorra::test {

class temporary_folder {
public:
  temporary_folder() {
    std::string name =
        (std::filesystem::temp_directory_path() / "cotorra-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder " + name);
    path_ = name;
  }
  ~temporary_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  temporary_folder(temporary_folder const&) = delete;

  std::filesystem::path operator/(std::string const& name) const { return path_ / name; }
  std::filesystem::path const& path() const { return path_; }

  // Writes a file, with the folders that it is in, and gives its path.
  std::filesystem::path put(std::string const& name, std::string_view text) const {
    std::filesystem::path const where = path_ / name;
    std::filesystem::create_directories(where.parent_path());
    std::ofstream(where, std::ios::binary) << text;
    return where;
  }
  std::string get(std::string const& name) const {
    std::ifstream in(path_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

private:
  std::filesystem::path path_;
};

} // namespace cotorra::test
