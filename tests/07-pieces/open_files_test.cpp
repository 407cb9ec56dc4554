// Few descriptors for many files.
#include "07-pieces/print.hpp"
#include "piece/open_files.hpp"
#include "support/temporary_folder.hpp"
#include <fcntl.h>

using namespace cotorra;
using namespace cotorra::piece;
using test::temporary_folder;
namespace fs = std::filesystem;

namespace {

struct desk {
  temporary_folder dir{};
  std::error_code error{};
  desk() {
    for (char const* name : {"a", "b", "c"}) dir.put(name, name);
  }
};

} // namespace

TEST_CASE("the file that was not used for longest is closed first") {
  desk d;
  open_files files(d.dir.path(), 2);
  auto const a = files.to_read(0, "a", d.error), b = files.to_read(1, "b", d.error);
  CHECK(files.to_read(0, "a", d.error) == a); // a was used last
  auto const c = files.to_read(2, "c", d.error);
  CHECK(files.count() == 2);
  CHECK(files.to_read(0, "a", d.error) == a);
  CHECK(files.to_read(2, "c", d.error) == c);
  CHECK_FALSE(files.to_read(1, "b", d.error) == b);
}

TEST_CASE("a descriptor for writing serves readers, and one for reading no writer") {
  desk d;
  open_files files(d.dir.path(), 5);
  using enum open_files::missing;
  auto const reader = files.to_read(0, "a", d.error);
  auto const writer = files.to_write(0, "a", report, d.error);
  REQUIRE(writer);
  CHECK_FALSE(reader == writer);
  CHECK((::fcntl(reader->get(), F_GETFL) & O_ACCMODE) == O_RDONLY);
  CHECK((::fcntl(writer->get(), F_GETFL) & O_ACCMODE) == O_RDWR);
  CHECK(files.to_read(0, "a", d.error) == writer);
  CHECK(files.to_write(0, "a", report, d.error) == writer);
  CHECK(files.count() == 1);
  files.close();
  CHECK(files.count() == 0);
  CHECK(::fcntl(writer->get(), F_GETFL) != -1); // its user has not finished
}

TEST_CASE("a missing file is made with its folders, or reported and not made") {
  temporary_folder dir;
  open_files files(dir / "root", 5);
  std::error_code error;
  CHECK_FALSE(files.to_write(0, "x/y/f", open_files::missing::report, error));
  CHECK(error == std::errc::no_such_file_or_directory);
  CHECK_FALSE(files.to_read(0, "x/y/f", error));
  CHECK_FALSE(files.folder_of("x/y/f", false, error));
  CHECK(error == std::errc::no_such_file_or_directory);
  CHECK(fs::is_empty(dir.path()));
  CHECK(files.to_write(0, "x/y/f", open_files::missing::make, error));
  CHECK_FALSE(error);
  CHECK(fs::is_regular_file(dir / "root/x/y/f"));
  CHECK(files.folder_of("x/y/f", false, error));
}

TEST_CASE("what is in the way of a folder is told: a link, or no folder") {
  desk d;
  fs::create_directory(d.dir / "folder");
  fs::create_symlink("folder", d.dir / "link");
  open_files files(d.dir.path(), 5);
  CHECK_FALSE(files.to_read(0, "link/f", d.error));
  CHECK(d.error == std::errc::too_many_symbolic_link_levels);
  CHECK_FALSE(files.to_read(0, "a/f", d.error));
  CHECK(d.error == std::errc::not_a_directory);
  CHECK_FALSE(files.to_read(0, std::string("a\0", 2), d.error));
  CHECK(d.error == std::errc::invalid_argument);
}
