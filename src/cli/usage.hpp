// What to tell somebody who wrote a command that does not exist.
#pragma once
#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace cotorra::cli {

// One or two lines: what is wrong, what was perhaps meant, where to read on.
std::string what_is_wrong(CLI::App& app, std::vector<std::string> const& words,
                          CLI::ParseError const&);

} // namespace cotorra::cli
