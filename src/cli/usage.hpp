// What to tell a user about a wrong command.
#pragma once
#include "cli/command_line.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace cotorra::cli {

enum class slip { too_much, value, other }; // too many words; a wrong value

// One or two lines: what is wrong, what the user may have meant, where to read more.
// `found` is CLI11's sentence.
std::string what_is_wrong(command_line const&, std::vector<std::string> const& words,
                          slip, std::string_view found);

// Rewrites the words for CLI11: `help create` becomes `create --help`. Throws usage_error
// when the first word should be a verb and is not.
std::vector<std::string> meant_words(command_line const&, std::vector<std::string> words);

} // namespace cotorra::cli
