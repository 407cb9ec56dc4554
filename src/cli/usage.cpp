#include "cli/usage.hpp"
#include "cli/arguments.hpp"
#include "cli/text.hpp"
#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <optional>
#include <set>

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

std::vector<CLI::App*> all_verbs(CLI::App& app) {
  return app.get_subcommands([](CLI::App*) { return true; });
}

std::vector<std::string> verbs_of(CLI::App& app) {
  std::vector<std::string> names;
  for (CLI::App const* verb : all_verbs(app)) names.push_back(verb->get_name());
  return names;
}

CLI::App const* verb_called(CLI::App& app, std::string const& name) {
  for (CLI::App const* verb : all_verbs(app))
    if (verb->get_name() == name) return verb;
  return nullptr;
}

std::vector<std::string> options_of(CLI::App const& verb) {
  std::vector<std::string> names;
  for (CLI::Option const* option : verb.get_options())
    for (std::string const& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

bool knows(CLI::App const& verb, std::string const& word) {
  bool const is_long = word.starts_with("--");
  std::string const name = is_long ? word.substr(0, word.find('=')) : word.substr(0, 2);
  return verb.get_option_no_throw(name) != nullptr;
}

bool is_option(std::string const& word) { // not a negative number
  bool const digit = word.size() > 1 && word[1] >= '0' && word[1] <= '9';
  return word.size() > 1 && word[0] == '-' && !digit;
}

// The number, when the whole text is one.
template <class Number, class... How>
std::optional<Number> number_in(std::string const& text, How... how) {
  Number n{};
  char const* const last = text.data() + text.size();
  auto const [end, error] = std::from_chars(text.data(), last, n, how...);
  bool const digit_first = !text.empty() && text[0] >= '0' && text[0] <= '9';
  if (error != std::errc{} || end != last || !digit_first) return std::nullopt;
  return n;
}

std::string wrong_verb(CLI::App& app, std::vector<std::string> const& words) {
  auto const verbs = verbs_of(app);
  if (words.empty())
    return fmt::format("say what to do: {}.\nTry: cotorra --help",
                       fmt::join(verbs, ", "));
  return fmt::format("there is no verb \"{}\".{} There are: {}.\nTry: cotorra --help",
                     sanitise(words[0]), did_you_mean(words[0], verbs),
                     fmt::join(verbs, ", "));
}

std::string wrong_option(CLI::App const& verb, std::string const& word) {
  return fmt::format("there is no option {} here.{}", sanitise(word),
                     did_you_mean(word, options_of(verb)));
}

// CLI11's complaint, in our words where its own are unclear.
std::string plainly(CLI::ParseError const& e) {
  std::string const text = sanitise(e.what());
  switch (static_cast<CLI::ExitCodes>(e.get_exit_code())) {
  case CLI::ExitCodes::ExtrasError:
    return fmt::format("this is too much: {}.", text.substr(text.find(": ") + 2));
  case CLI::ExitCodes::ConversionError:
  case CLI::ExitCodes::ValidationError:
    return fmt::format("a value does not fit. {}.", text);
  default:
    return fmt::format("{}.", text);
  }
}

} // namespace

std::string what_is_wrong(CLI::App& app, std::vector<std::string> const& words,
                          CLI::ParseError const& e) {
  CLI::App const* const verb = words.empty() ? nullptr : verb_called(app, words[0]);
  if (!words.empty() && words[0].starts_with('-') && !knows(app, words[0]))
    return wrong_option(app, words[0]) + "\nTry: cotorra --help";
  if (!verb) return wrong_verb(app, words);

  std::string sentence = plainly(e);
  for (std::size_t i = 1; i < words.size() && words[i] != "--"; ++i) {
    if (!is_option(words[i]) || knows(*verb, words[i])) continue;
    sentence = wrong_option(*verb, words[i]);
    break;
  }
  return fmt::format("{}\nTry: cotorra {} --help", sentence, verb->get_name());
}

std::vector<std::string> meant_words(CLI::App& app, std::vector<std::string> words) {
  if (words.empty()) return words;
  bool const asks = words[0] == "help" && (words.size() == 1 || !is_option(words[1]));
  if (asks) words.erase(words.begin());
  if (!words.empty() && !is_option(words[0]) && !verb_called(app, words[0]))
    throw usage_error(wrong_verb(app, words));
  if (asks) words.push_back("--help");
  return words;
}

CLI::Validator whole_number(std::uint64_t least, std::uint64_t most) {
  auto check = [least, most](std::string& text) -> std::string {
    auto const n = number_in<std::uint64_t>(text);
    if (!n || *n < least || *n > most)
      return fmt::format("\"{}\" is not a whole number from {} to {}", text, least, most);
    text = std::to_string(*n);
    return "";
  };
  return {std::move(check), ""};
}

CLI::Validator decimal_number() {
  auto check = [](std::string& text) -> std::string {
    if (number_in<double>(text, std::chars_format::fixed)) return "";
    return fmt::format("\"{}\" is not a number like 2 or 0.5", text);
  };
  return {std::move(check), ""};
}

void refuse_empty_words(CLI::App& app) {
  std::set<std::string> const may_be_empty{"comment", "source", "created-by"};
  CLI::Validator const filled(
      [](std::string const& text) -> std::string {
        return text.empty() ? "there is nothing in it" : "";
      },
      "");
  for (CLI::App* verb : all_verbs(app))
    for (CLI::Option* option : verb->get_options()) {
      auto const& names = option->get_lnames();
      bool const may = !names.empty() && may_be_empty.contains(names[0]);
      if (option->get_expected_max() > 0 && !may) option->check(filled);
    }
}

} // namespace cotorra::cli
