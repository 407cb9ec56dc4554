// Few descriptors for many files.
#include "07-pieces/print.hpp"
#include "piece/open_files.hpp"
#include "support/temporary_folder.hpp"
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

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

TEST_CASE(
    "when there is no descriptor left for a file, another file's is closed for it") {
  desk d;
  open_files files(d.dir.path(), 5);
  int const last = files.to_read(0, "a", d.error)->get(); // its folder had the one before
  rlimit old{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &old) == 0);
  rlimit const tight{static_cast<rlim_t>(last) + 1, old.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &tight) == 0);
  auto const b = files.to_read(1, "b", d.error);
  ::setrlimit(RLIMIT_NOFILE, &old);
  CHECK(b);
  CHECK_FALSE(d.error);
  CHECK(files.count() == 1);
}

TEST_CASE("new files and folders have the permissions that the user's umask leaves") {
  temporary_folder dir;
  open_files files(dir.path(), 5);
  std::error_code error;
  for (auto const& [name, masked] : {std::pair("all", 0), std::pair("some", 027)}) {
    std::string const folder = name;
    mode_t const before = ::umask(static_cast<mode_t>(masked));
    auto const made = files.to_write(0, folder + "/f", open_files::missing::make, error);
    ::umask(before);
    files.close();
    REQUIRE(made);
    CHECK(fs::status(dir / folder).permissions() == fs::perms(0777 & ~masked));
    CHECK(fs::status(dir / (folder + "/f")).permissions() == fs::perms(0666 & ~masked));
  }
}

TEST_CASE("while all descriptors are in use a file cannot be opened, and that is told") {
  desk d;
  open_files files(d.dir.path(), 5);
  auto const a = files.to_read(0, "a", d.error);
  REQUIRE(a);
  rlimit old{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &old) == 0);
  rlimit const tight{static_cast<rlim_t>(a->get()) + 1, old.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &tight) == 0);
  auto const b = files.to_read(1, "b", d.error);
  ::setrlimit(RLIMIT_NOFILE, &old);
  CHECK_FALSE(b);
  CHECK(d.error == std::errc::too_many_files_open);
}

TEST_CASE(
    "a file that is missing closes no other, and its error goes with the next file") {
  desk d;
  open_files files(d.dir.path(), 5);
  auto const a = files.to_write(0, "a", open_files::missing::report, d.error);
  CHECK_FALSE(files.to_read(1, "missing", d.error));
  CHECK(d.error == std::errc::no_such_file_or_directory);
  CHECK(files.count() == 1);
  CHECK(files.to_read(0, "a", d.error) == a);
  CHECK_FALSE(d.error);
  CHECK_FALSE(files.to_read(1, "no/folder", d.error));
  CHECK(files.count() == 1);
  CHECK(files.to_write(0, "a", open_files::missing::report, d.error) == a);
  CHECK_FALSE(d.error);
}

TEST_CASE("descriptor 0 is closed like any other") {
  descriptor const saved(::fcntl(0, F_DUPFD_CLOEXEC, 3));
  ::close(0);
  int opened = -1;
  {
    descriptor const lowest(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    opened = lowest.get();
  }
  int const left = ::fcntl(0, F_GETFD);
  if (saved) ::dup2(saved.get(), 0);
  CHECK(opened == 0);
  CHECK(left == -1);
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
