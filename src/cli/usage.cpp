#include "cli/usage.hpp"
#include "cli/arguments.hpp"
#include "cli/text.hpp"
#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <optional>

namespace cotorra::cli {
namespace {

// " Did you mean create?", or nothing when no known word is close.
std::string did_you_mean(std::string_view word, std::vector<std::string> const& known) {
  std::size_t nearest = word.size() > 4 ? 3 : 2; // exclusive
  std::string found;
  for (std::string const& k : known) {
    bool const begun = word.size() >= 2 && k.starts_with(word);
    std::size_t const distance = begun ? 1 : edit_distance(word, k);
    if (distance >= nearest) continue;
    nearest = distance;
    found = k;
  }
  return found.empty() ? "" : fmt::format(" Did you mean {}?", found);
}

std::vector<std::string> verbs_of(command_line const& program) {
  std::vector<std::string> names;
  for (verb const& v : program.verbs()) names.push_back(v.name());
  return names;
}

std::optional<verb> verb_called(command_line const& program, std::string const& name) {
  for (verb const& v : program.verbs())
    if (v.name() == name) return v;
  return std::nullopt;
}

std::vector<std::string> options_of(verb const& v) {
  std::vector<std::string> names;
  for (described_option const& option : v.options())
    for (std::string const& name : option.names)
      if (name.starts_with("--")) names.push_back(name);
  return names;
}

// `where`: a verb, or the program before one.
bool knows(auto const& where, std::string const& word) {
  bool const is_long = word.starts_with("--");
  return where.knows(is_long ? word.substr(0, word.find('=')) : word.substr(0, 2));
}

bool is_option(std::string const& word) { // not a negative number
  bool const digit = word.size() > 1 && word[1] >= '0' && word[1] <= '9';
  return word.size() > 1 && word[0] == '-' && !digit;
}

std::string wrong_verb(command_line const& program,
                       std::vector<std::string> const& words) {
  auto const verbs = verbs_of(program);
  if (words.empty())
    return fmt::format("say what to do: {}.\nTry: cotorra --help",
                       fmt::join(verbs, ", "));
  return fmt::format("there is no verb \"{}\".{} There are: {}.\nTry: cotorra --help",
                     sanitise(words[0]), did_you_mean(words[0], verbs),
                     fmt::join(verbs, ", "));
}

std::string wrong_option(verb const& v, std::string const& word) {
  return fmt::format("there is no option {} here.{}", sanitise(word),
                     did_you_mean(word, options_of(v)));
}

// CLI11's complaint, in our words where its own are unclear.
std::string plainly(slip which, std::string_view found) {
  std::string const text = sanitise(found);
  switch (which) {
  case slip::too_much:
    return fmt::format("this is too much: {}.", text.substr(text.find(": ") + 2));
  case slip::value:
    return fmt::format("a value does not fit. {}.", text);
  default:
    return fmt::format("{}.", text);
  }
}

} // namespace

std::string what_is_wrong(command_line const& program,
                          std::vector<std::string> const& words, slip which,
                          std::string_view found) {
  auto const v = words.empty() ? std::nullopt : verb_called(program, words[0]);
  if (!words.empty() && words[0].starts_with('-') && !knows(program, words[0]))
    return fmt::format("there is no option {} here.\nTry: cotorra --help",
                       sanitise(words[0]));
  if (!v) return wrong_verb(program, words);

  std::string sentence = plainly(which, found);
  for (std::size_t i = 1; i < words.size() && words[i] != "--"; ++i) {
    if (!is_option(words[i]) || knows(*v, words[i])) continue;
    sentence = wrong_option(*v, words[i]);
    break;
  }
  return fmt::format("{}\nTry: cotorra {} --help", sentence, v->name());
}

std::vector<std::string> meant_words(command_line const& program,
                                     std::vector<std::string> words) {
  if (words.empty()) return words;
  bool const asks = words[0] == "help" && (words.size() == 1 || !is_option(words[1]));
  if (asks) words.erase(words.begin());
  if (!words.empty() && !is_option(words[0]) && !verb_called(program, words[0]))
    throw usage_error(wrong_verb(program, words));
  if (asks) words.push_back("--help");
  return words;
}

} // namespace cotorra::cli
