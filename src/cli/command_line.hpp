// The program's verbs and their options. CLI11 stands behind them, in one file: its
// headers take longer to compile than everything of ours here.
#pragma once
#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
} // namespace CLI

namespace cotorra::cli {

// An option or a positional of a verb, for a sentence about its rules.
class option {
public:
  option(CLI::Option& its, std::string now) : its_(&its), now_(std::move(now)) {}
  option& required();
  option& shows_default();                          // in --help
  option& may_be_empty();                           // "" is a value, not a mistake
  option& one_of(std::vector<std::string> choices); // no other text
  option &needs(option const&), &excludes(option const&);

private:
  CLI::Option* its_;
  std::string now_; // its value before the command is read
};

// What an option is, for the manual and for shells that complete words.
struct described_option {
  std::vector<std::string> names; // "-o", "--output"; or one without dashes: a positional
  std::string value;              // VALUE or NUMBER; empty: a flag
  std::string help, default_text;
  std::vector<std::string> choices;
  bool required = false, again = false; // it may be given again

  bool positional() const { return !names.front().starts_with('-'); }
};

// A verb. The variables that it keeps values in must live until the program has run.
class verb {
public:
  verb(CLI::App& its, int& status) : its_(&its), status_(&status) {}

  // `names`: "-o,--output", or a word in capitals for a positional.
  option text(std::string names, std::string& kept, std::string help);
  // Each time with one value; a positional with any number.
  option texts(std::string names, std::vector<std::string>& kept, std::string help);
  option flag(std::string names, bool& kept, std::string help);
  option decimal(std::string names, double& kept, std::string help); // "2", "0.5"
  // Digits only, from `least` to `most`. `kept` is a whole number or an optional of one.
  template <class Whole> option whole(std::string names, Whole& kept, std::string help,
                                      std::uint64_t least, std::uint64_t most) {
    std::string now;
    if constexpr (std::integral<Whole>) now = std::to_string(kept);
    auto keep = [&kept](std::uint64_t n) { kept = static_cast<Whole>(n); };
    return whole(std::move(names), std::move(keep), std::move(help), least, most, now);
  }
  void footer(std::string);             // below the options in --help
  void runs(std::function<int()> what); // gives the exit status

  std::string const& name() const;
  std::string description() const, footer() const;
  std::vector<described_option> options() const;
  bool knows(std::string const& option_name) const; // "-o", "--output"

private:
  option whole(std::string names, std::function<void(std::uint64_t)> keep,
               std::string help, std::uint64_t least, std::uint64_t most,
               std::string now);

  CLI::App* its_;
  int* status_; // of the program
};

class command_line {
public:
  command_line(std::string description, std::string name, std::string version);
  ~command_line();
  verb add(std::string const& name, std::string const& description);
  void footer(std::string);

  std::vector<verb> verbs() const;
  bool knows(std::string const& option_name) const; // before a verb

  // Reads the words and runs the verb. What is wrong with the words is one sentence on
  // the standard error; what the verb throws passes through.
  int run(std::vector<std::string> words);

private:
  std::unique_ptr<CLI::App> app_;
  std::string version_;
  std::unique_ptr<int> status_ = std::make_unique<int>(0); // of the verb that has run
};

} // namespace cotorra::cli
