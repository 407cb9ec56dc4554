// What the user reads when the disk says no.
#include "07-pieces/print.hpp"
#include "piece/disk_trouble.hpp"

using namespace cotorra;
using namespace cotorra::piece;

namespace {

struct told {
  char const* verb;
  std::errc error;
  char const* reason; // "*": the system's own words behind it, in parentheses
  char const* advice;
};

constexpr told all[] = {
    {"write", std::errc::no_space_on_device, "the disk is full*",
     "free some space, then start again"},
    {"use", std::errc::file_too_large, "it is longer than the 7 bytes of the torrent",
     "move it away; or, if it is a copy of this file, let --repair cut its end off"},
    {"write", std::errc::file_too_large, "the file would be too large*",
     "the disk, or a limit set for you (ulimit -f), takes no file of that size: choose "
     "another folder"},
    {"use", std::errc::is_a_directory, "a folder has that name*",
     "move away what has that name"},
    {"write", std::errc::wrong_protocol_type, "another file has that name",
     "move away what has that name"},
    {"use", std::errc::operation_canceled,
     "it exists already, and has no piece of this torrent",
     "move it away, choose another folder, or let --overwrite replace it"},
    {"use", std::errc::not_a_directory, "what has its folder's name is no folder",
     "move that away, or choose another folder"},
    {"use", std::errc::file_exists, "what has its folder's name is no folder",
     "move that away, or choose another folder"},
    {"write", std::errc::permission_denied, "you have no permission*",
     "give yourself permission, or choose another folder"},
    {"write", std::errc::read_only_file_system, "the disk is read-only*",
     "nothing can be written there: choose another folder"},
    {"read", std::errc::too_many_files_open, "too many files are open*",
     "raise the limit (ulimit -n), then start again"},
    {"read", std::errc::too_many_files_open_in_system, "too many files are open*",
     "raise the limit (ulimit -n), then start again"},
    {"read", std::errc::io_error, "the disk fails*", "mend that, then start again"},
    {"use", std::errc::filename_too_long, "the name is too long for this disk*",
     "mend that, then start again"},
    {"write", std::errc::no_message_available, "another program has shortened it",
     "mend that, then start again"},
    {"write", std::errc::no_such_file_or_directory, "it is not there",
     "mend that, then start again"},
};

} // namespace

TEST_CASE("each trouble with a disk has its own words and its own advice") {
  for (told const& one : all) {
    std::error_code const error = std::make_error_code(one.error);
    std::string reason = one.reason;
    if (reason.ends_with('*'))
      reason.replace(reason.size() - 1, 1, " (" + error.message() + ")");
    CHECK(disk_trouble{one.verb, "f", 7, error}.sentence() ==
          fmt::format("cannot {} \"f\": {}; {}", one.verb, reason, one.advice));
  }
}

TEST_CASE("where the system's own words say enough they are the reason") {
  for (auto const& [error, advice] :
       {std::pair{std::errc::invalid_argument, "move it away, then start again"},
        {std::errc::too_many_links, "each would overwrite the other: move one of them "
                                    "away, or choose a folder on another disk"},
        {std::errc::operation_not_permitted,
         "choose another folder, or leave this file out (--select)"},
        {std::errc::too_many_symbolic_link_levels,
         "a symbolic link lies in the way and is not followed: move it away"},
        {std::errc::not_enough_memory, "close other programs, or raise the limit (ulimit "
                                       "-v), then start again"},
        {std::errc::no_such_file_or_directory, "mend that, then start again"}}) {
    auto const e = std::make_error_code(error);
    CHECK(disk_trouble{"use", "f", 7, e}.sentence() ==
          fmt::format("cannot use \"f\": {}; {}", e.message(), advice));
  }
}

TEST_CASE("a reason that the caller knows takes the place of the error's") {
  disk_trouble const t{"use", "f", 7, std::make_error_code(std::errc::invalid_argument),
                       "it is a socket"};
  CHECK(t.sentence() ==
        "cannot use \"f\": it is a socket; move it away, then start again");
}

TEST_CASE("what lies on a disk is called by its kind") {
  CHECK(kind_of(S_IFIFO | 0644) == "a named pipe (FIFO)");
  CHECK(kind_of(S_IFSOCK | 0644) == "a socket");
  CHECK(kind_of(S_IFCHR | 0644) == "a device");
  CHECK(kind_of(S_IFBLK | 0644) == "a device");
  CHECK(kind_of(S_IFDIR | 0755) == "a folder");
  CHECK(kind_of(S_IFLNK | 0777) == "a symbolic link");
  CHECK(kind_of(S_IFREG | 0644) == "a plain file");
}
