// Files that the user names. All functions throw file_error, one sentence with the path;
// those that read throw was_interrupted when a signal ends the wait for a pipe.
#pragma once
#include "base/bytes.hpp"
#include "base/error.hpp"
#include "io/task.hpp"
#include "io/workers.hpp"
#include "metainfo/metainfo_wire.hpp"
#include <filesystem>
#include <string>
#include <vector>

namespace cotorra::cli {

class file_error : public input_error {
public:
  using input_error::input_error;
};

// The whole file, at most `limit` bytes; "-" is the standard input.
buffer read_file(std::filesystem::path const&, std::size_t limit);

metainfo::metainfo read_torrent(std::filesystem::path const&);
// The same, but a worker reads large files, so that Ctrl-C still works.
task<metainfo::metainfo> load_torrent(io::workers&, std::filesystem::path);

// All or nothing: writes a file beside the target, then renames it. Keeps an existing
// file unless `overwrite`.
void write_file(std::filesystem::path const&, bytes, bool overwrite);

void write_stdout(bytes);

// Opens a file that did not exist: a descriptor to write at its end. Never replaces one:
// it may be the one that is shared. `what` it is for, in a sentence: "trace". `mode`: the
// rights that the umask may narrow.
int make_new_file(std::filesystem::path const&, std::string_view what,
                  unsigned mode = 0666);

// Throws when write_file() would refuse at once. Call it before hours of work.
void check_target(std::filesystem::path const&, bool overwrite);

// Throws when writing the target would change the source: when they are the same file,
// or the target is inside the source folder.
void check_apart(std::filesystem::path const& target,
                 std::filesystem::path const& source);

} // namespace cotorra::cli
