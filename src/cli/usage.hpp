// What to tell a user about a wrong command, and which values options accept.
#pragma once
#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace cotorra::cli {

// One or two lines: what is wrong, what the user may have meant, where to read more.
std::string what_is_wrong(CLI::App& app, std::vector<std::string> const& words,
                          CLI::ParseError const&);

// Rewrites the words for CLI11: `help create` becomes `create --help`. Throws usage_error
// when the first word should be a verb and is not.
std::vector<std::string> meant_words(CLI::App& app, std::vector<std::string> words);

// For an option's transform(). CLI11 itself would read a number that is too large as the
// largest one, an empty word as 0, 0x10 as 16 and 010 as 8.
CLI::Validator whole_number(std::uint64_t least, std::uint64_t most); // digits only
CLI::Validator decimal_number();                                      // "2", "0.5"

// An empty word is usually an unset shell variable, so only optional texts may be empty.
// Call it once all verbs have their options.
void refuse_empty_words(CLI::App& app);

} // namespace cotorra::cli
