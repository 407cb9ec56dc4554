// What to tell a user who wrote a command that does not exist, and what a value must be.
#pragma once
#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace cotorra::cli {

// One or two lines: what is wrong, what was perhaps meant, where to read on.
std::string what_is_wrong(CLI::App& app, std::vector<std::string> const& words,
                          CLI::ParseError const&);

// The words as CLI11 is to read them: `help create` is `create --help`. Throws
// usage_error when the first one should be a verb and is none.
std::vector<std::string> meant_words(CLI::App& app, std::vector<std::string> words);

// For an option's transform(). CLI11 alone takes the nearest it can hold for a number
// that is too large, nothing for 0, 0x10 for 16 and 010 for 8.
CLI::Validator whole_number(std::uint64_t least, std::uint64_t most); // digits only
CLI::Validator decimal_number();                                      // "2", "0.5"

// A word with nothing in it is a slip, mostly of a shell variable. Only a text that may
// be left out may be empty. To be called when all verbs have their options.
void refuse_empty_words(CLI::App& app);

} // namespace cotorra::cli
