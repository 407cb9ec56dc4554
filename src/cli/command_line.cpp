#include "cli/command_line.hpp"
#include "cli/arguments.hpp"
#include "cli/output.hpp"
#include "cli/runtime.hpp"
#include "cli/text.hpp"
#include "cli/usage.hpp"
#include <CLI/CLI.hpp>
#include <charconv>
#include <fmt/format.h>
#include <iostream>
#include <optional>

namespace cotorra::cli {
namespace {

// Positional arguments show only their name; options show that a value follows.
class plain_help : public CLI::Formatter {
public:
  plain_help() {
    label("TEXT", "VALUE");
    label("UINT", "NUMBER");
    label("FLOAT", "NUMBER");
  }
  std::string make_option_opts(CLI::Option const* o) const override {
    return o->get_positional() ? "" : CLI::Formatter::make_option_opts(o);
  }
};

// The number, when the whole text is one. CLI11 itself would read a number that is too
// large as the largest one, an empty word as 0, 0x10 as 16 and 010 as 8.
template <class Number, class... How>
std::optional<Number> number_in(std::string const& text, How... how) {
  Number n{};
  char const* const last = text.data() + text.size();
  auto const [end, error] = std::from_chars(text.data(), last, n, how...);
  bool const digit_first = !text.empty() && text[0] >= '0' && text[0] <= '9';
  if (error != std::errc{} || end != last || !digit_first) return std::nullopt;
  return n;
}

CLI::Validator rule(std::function<std::string(std::string&)> check) {
  return {std::move(check), ""};
}

// An empty word is usually an unset shell variable.
char const filled_name[] = "filled";
CLI::Validator filled() {
  auto check = [](std::string& text) -> std::string {
    return text.empty() ? "there is nothing in it" : "";
  };
  return {std::move(check), "", filled_name};
}

bool is_positional(std::string const& names) { return !names.starts_with('-'); }

described_option described(CLI::Option const& o) {
  described_option d;
  if (o.get_positional()) d.names = {o.get_name(true)};
  for (std::string const& n : o.get_snames()) d.names.push_back("-" + n);
  for (std::string const& n : o.get_lnames()) d.names.push_back("--" + n);
  bool const is_flag = o.get_expected_max() == 0;
  if (!is_flag) d.value = o.get_type_name().starts_with("TEXT") ? "VALUE" : "NUMBER";
  d.help = o.get_description();
  d.default_text = o.get_default_str();
  // CLI11 keeps the choices as text alone: "TEXT:{none,started}"
  std::string const type = o.get_type_name();
  if (auto const open = type.find(":{"); open != type.npos) {
    std::string const all = type.substr(open + 2, type.rfind('}') - open - 2);
    d.choices = CLI::detail::split(all, ',');
  }
  d.required = o.get_required();
  d.again = o.get_expected_max() > 1;
  return d;
}

} // namespace

option& option::required() {
  its_->required();
  return *this;
}

option& option::shows_default() {
  its_->default_str(now_);
  return *this;
}

option& option::may_be_empty() {
  its_->get_validator(filled_name)->active(false);
  return *this;
}

option& option::one_of(std::vector<std::string> choices) {
  its_->check(CLI::IsMember(std::move(choices)));
  return *this;
}

option& option::needs(option const& other) {
  its_->needs(other.its_);
  return *this;
}

option& option::excludes(option const& other) {
  its_->excludes(other.its_);
  return *this;
}

option verb::text(std::string names, std::string& kept, std::string help) {
  auto* const o = its_->add_option(std::move(names), kept, std::move(help));
  o->check(filled());
  return {*o, kept};
}

option verb::texts(std::string names, std::vector<std::string>& kept, std::string help) {
  bool const any_number = is_positional(names);
  std::string now = kept.empty() ? "" : fmt::format("[{}]", CLI::detail::join(kept));
  auto* const o = its_->add_option(std::move(names), kept, std::move(help));
  o->check(filled());
  if (!any_number) o->allow_extra_args(false);
  return {*o, std::move(now)};
}

option verb::flag(std::string names, bool& kept, std::string help) {
  return {*its_->add_flag(std::move(names), kept, std::move(help)), ""};
}

option verb::decimal(std::string names, double& kept, std::string help) {
  auto* const o = its_->add_option(std::move(names), kept, std::move(help));
  o->transform(rule([](std::string& text) -> std::string {
    if (number_in<double>(text, std::chars_format::fixed)) return "";
    return fmt::format("\"{}\" is not a number like 2 or 0.5", text);
  }));
  return {*o, ""};
}

option verb::whole(std::string names, std::function<void(std::uint64_t)> keep,
                   std::string help, std::uint64_t least, std::uint64_t most,
                   std::string now) {
  auto* const o = its_->add_option_function<std::uint64_t>(
      std::move(names), std::move(keep), std::move(help));
  o->transform(rule([least, most](std::string& text) -> std::string {
    auto const n = number_in<std::uint64_t>(text);
    if (!n || *n < least || *n > most)
      return fmt::format("\"{}\" is not a whole number from {} to {}", text, least, most);
    text = std::to_string(*n);
    return "";
  }));
  return {*o, std::move(now)};
}

void verb::footer(std::string text) { its_->footer(std::move(text)); }

void verb::runs(std::function<int()> what) {
  its_->callback([what = std::move(what), status = status_] { *status = what(); });
}

std::string const& verb::name() const { return its_->get_name(); }
std::string verb::description() const { return its_->get_description(); }
std::string verb::footer() const { return its_->get_footer(); }

std::vector<described_option> verb::options() const {
  std::vector<described_option> all;
  for (CLI::Option const* o : std::as_const(*its_).get_options())
    all.push_back(described(*o));
  return all;
}

bool verb::knows(std::string const& option_name) const {
  return its_->get_option_no_throw(option_name) != nullptr;
}

command_line::command_line(std::string description, std::string name, std::string version)
    : app_(std::make_unique<CLI::App>(std::move(description), std::move(name))),
      version_(std::move(version)) {
  app_->formatter(std::make_shared<plain_help>()); // the verbs inherit it
  app_->set_version_flag("--version", version_, "Print the version and exit");
  app_->require_subcommand(1);
}

command_line::~command_line() = default;

verb command_line::add(std::string const& name, std::string const& description) {
  return verb(*app_->add_subcommand(name, description), *status_);
}

void command_line::footer(std::string text) { app_->footer(std::move(text)); }

std::vector<verb> command_line::verbs() const {
  std::vector<verb> all;
  for (CLI::App* v : app_->get_subcommands([](CLI::App*) { return true; }))
    all.emplace_back(*v, *status_);
  return all;
}

bool command_line::knows(std::string const& option_name) const {
  return app_->get_option_no_throw(option_name) != nullptr;
}

int command_line::run(std::vector<std::string> words) {
  words = meant_words(*this, std::move(words));
  try {
    app_->parse(std::vector(words.rbegin(), words.rend())); // CLI11 wants reverse order
    return *status_;
  } catch (CLI::CallForVersion const&) {
    say(version_);
  } catch (CLI::Success const&) { // --help
    std::cout << app_->help();
  } catch (CLI::ParseError const& e) {
    auto const code = static_cast<CLI::ExitCodes>(e.get_exit_code());
    slip const which = code == CLI::ExitCodes::ExtrasError ? slip::too_much
                       : code == CLI::ExitCodes::ConversionError ||
                               code == CLI::ExitCodes::ValidationError
                           ? slip::value
                           : slip::other;
    warn(what_is_wrong(*this, words, which, e.what()));
    return wrong_usage;
  }
  return done;
}

} // namespace cotorra::cli
