#include "piece/disk_trouble.hpp"
#include <fmt/format.h>

namespace cotorra::piece {
namespace {

bool is_before(disk_trouble const& t) { return t.verb == "use"; }

bool is_full_table(std::error_code const& e) {
  return e == std::errc::too_many_files_open ||
         e == std::errc::too_many_files_open_in_system;
}

std::string_view advice_for(disk_trouble const& t) {
  std::error_code const& e = t.error;
  if (e == std::errc::no_space_on_device) return "free some space, then start again";
  if (e == std::errc::file_too_large)
    return is_before(t) ? "move it away; or, if it is a copy of this file, let "
                          "--repair cut its end off"
                        : "the disk, or a limit set for you (ulimit -f), takes no file "
                          "of that size: choose another folder";
  if (e == std::errc::is_a_directory || e == std::errc::wrong_protocol_type)
    return "move away what has that name";
  if (e == std::errc::operation_canceled) // see storage::begin
    return "move it away, choose another folder, or let --overwrite replace it";
  if (e == std::errc::invalid_argument) return "move it away, then start again";
  if (e == std::errc::too_many_links)
    return "each would overwrite the other: move one of them away, or choose a folder on "
           "another disk";
  if (e == std::errc::operation_not_permitted)
    return "choose another folder, or leave this file out (--select)";
  if (e == std::errc::not_a_directory || e == std::errc::file_exists)
    return "move that away, or choose another folder";
  if (e == std::errc::too_many_symbolic_link_levels)
    return "a symbolic link lies in the way and is not followed: move it away";
  if (e == std::errc::permission_denied)
    return "give yourself permission, or choose another folder";
  if (e == std::errc::read_only_file_system)
    return "nothing can be written there: choose another folder";
  if (is_full_table(e)) return "raise the limit (ulimit -n), then start again";
  if (e == std::errc::not_enough_memory)
    return "close other programs, or raise the limit (ulimit -v), then start again";
  return "mend that, then start again";
}

// Where the system's own words say too little.
std::string_view plain_words(std::error_code const& e) {
  if (e == std::errc::no_space_on_device) return "the disk is full";
  if (e == std::errc::permission_denied) return "you have no permission";
  if (e == std::errc::read_only_file_system) return "the disk is read-only";
  if (e == std::errc::is_a_directory) return "a folder has that name";
  if (e == std::errc::file_too_large) return "the file would be too large";
  if (e == std::errc::io_error) return "the disk fails";
  if (e == std::errc::filename_too_long) return "the name is too long for this disk";
  if (is_full_table(e)) return "too many files are open";
  return "";
}

// What happened to the file, where the system's own text says too little.
std::string reason_for(disk_trouble const& t) {
  std::error_code const& e = t.error;
  if (e == std::errc::file_too_large && is_before(t))
    return fmt::format("it is longer than the {} bytes of the torrent", t.length);
  if (e == std::errc::operation_canceled)
    return "it exists already, and has no piece of this torrent";
  if (e == std::errc::wrong_protocol_type) // of the part file
    return "another file has that name";
  if (e == std::errc::no_message_available) return "another program has shortened it";
  if (e == std::errc::no_such_file_or_directory && !is_before(t))
    return "it is not there";
  if (e == std::errc::not_a_directory || e == std::errc::file_exists)
    return "what has its folder's name is no folder";
  std::string_view const plain = plain_words(e);
  return plain.empty() ? e.message() : fmt::format("{} ({})", plain, e.message());
}

} // namespace

std::string disk_trouble::sentence() const {
  std::string const reason = why.empty() ? reason_for(*this) : why;
  return fmt::format("cannot {} \"{}\": {}; {}", verb, path, reason, advice_for(*this));
}

std::string_view kind_of(mode_t mode) {
  if (S_ISFIFO(mode)) return "a named pipe (FIFO)";
  if (S_ISSOCK(mode)) return "a socket";
  if (S_ISCHR(mode) || S_ISBLK(mode)) return "a device";
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISLNK(mode)) return "a symbolic link";
  return "a plain file";
}

} // namespace cotorra::piece
