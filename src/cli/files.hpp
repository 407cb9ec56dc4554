// Files that a person names. All throw file_error, one sentence with the path in it;
// those that read throw was_interrupted when a signal ends a wait for a pipe.
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

// All of the file, of at most `limit` bytes; "-" is the standard input.
buffer read_file(std::filesystem::path const&, std::size_t limit);

metainfo read_torrent(std::filesystem::path const&);
// The same; a large one is read by a worker, so that Ctrl-C is heard meanwhile.
task<metainfo> load_torrent(io::workers&, std::filesystem::path);

// All of it or nothing: written beside the target first, then renamed. What is there is
// kept unless `overwrite`.
void write_file(std::filesystem::path const&, bytes, bool overwrite);

// All of it to the standard output.
void write_stdout(bytes);

// Throws when write_file() would refuse at once: to be asked before hours of work.
void check_target(std::filesystem::path const&, bool overwrite);

// Throws when writing the target would change what the source is: the same file, or one
// in that folder.
void check_apart(std::filesystem::path const& target,
                 std::filesystem::path const& source);

// Throws when a file of our own is one of those below the root that a torrent holds.
void check_not_content(std::filesystem::path const& ours,
                       std::filesystem::path const& root,
                       std::vector<std::string> const& content);

} // namespace cotorra::cli
