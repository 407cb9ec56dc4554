// What a shell needs to complete a command's words.
#include "cli/output.hpp"
#include "cli/runtime.hpp"
#include "cli/verbs.hpp"
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace cotorra::cli {
namespace {

std::vector<std::string> names_of_options(verb const& v) {
  std::vector<std::string> names;
  for (described_option const& o : v.options())
    if (!o.positional()) names.insert(names.end(), o.names.begin(), o.names.end());
  return names;
}

std::vector<std::string> names_of_verbs(command_line const& program) {
  std::vector<std::string> names;
  for (verb const& v : program.verbs()) names.push_back(v.name());
  return names;
}

// What an option's value can be, with blanks between; empty when it is free.
std::string values_of(command_line const& program, described_option const& o) {
  bool const is_verb = o.names[0] == "VERB";
  return fmt::format("{}", fmt::join(is_verb ? names_of_verbs(program) : o.choices, " "));
}

// `text` as one word of a shell, in single quotes.
std::string shell_word(std::string_view text) {
  std::string out = "'";
  for (char const c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string for_bash(command_line const& program) {
  std::string cases;
  for (verb const& v : program.verbs()) {
    cases +=
        fmt::format("    {}) options={} ;;\n", v.name(),
                    shell_word(fmt::format("{}", fmt::join(names_of_options(v), " "))));
  }
  std::string values;
  for (verb const& v : program.verbs())
    for (described_option const& o : v.options())
      if (!o.choices.empty() && !o.positional())
        values +=
            fmt::format("    {}) COMPREPLY=($(compgen -W {} -- \"$word\")); return ;;\n",
                        fmt::join(o.names, "|"), shell_word(values_of(program, o)));
  std::string const verbs =
      shell_word(fmt::format("{}", fmt::join(names_of_verbs(program), " ")));
  return fmt::format(R"(# bash completion for cotorra
_cotorra() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} options=
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W {}' --help --version' -- "$word"))
    return
  fi
  case $before in
    help|manual) COMPREPLY=($(compgen -W {} -- "$word")); return ;;
    completion) COMPREPLY=($(compgen -W 'bash zsh fish' -- "$word")); return ;;
{}  esac
  case ${{COMP_WORDS[1]}} in
{}  esac
  if [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$word"))
  else
    compopt -o filenames
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
  fi
}}
complete -F _cotorra cotorra)",
                     verbs, verbs, values, cases);
}

// A description in zsh's [...]: its own brackets and colons are marked.
std::string in_brackets(std::string_view text) {
  std::string out;
  for (char const c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string zsh_option(command_line const& program, described_option const& o) {
  std::string const values = values_of(program, o);
  std::string const from = !values.empty()      ? "(" + values + ")"
                           : o.value == "VALUE" ? "_files"
                                                : " ";
  if (o.positional())
    return shell_word((o.again ? "*:" : ":") + in_brackets(o.names[0]) + ":" + from);
  std::string const rest = o.value.empty() ? "" : ":" + o.value + ":" + from;
  std::string words;
  for (std::string const& name : o.names)
    words +=
        shell_word((o.again ? "*" : "") + name + "[" + in_brackets(o.help) + "]" + rest) +
        " ";
  words.pop_back();
  return words;
}

std::string for_zsh(command_line const& program) {
  std::string verbs, cases;
  for (verb const& v : program.verbs()) {
    verbs += "    " + shell_word(v.name() + ":" + v.description()) + "\n";
    cases += fmt::format("    {}) _arguments", v.name());
    for (described_option const& o : v.options())
      cases += " \\\n      " + zsh_option(program, o);
    cases += " ;;\n";
  }
  return fmt::format(R"(#compdef cotorra
_cotorra() {{
  local -a verbs=(
{}  )
  if (( CURRENT == 2 )); then
    _describe verb verbs
    return
  fi
  shift words
  (( CURRENT-- ))
  case $words[1] in
{}  esac
}}
if [ "$funcstack[1]" = _cotorra ]; then
  _cotorra "$@"
else
  (( $+functions[compdef] )) || {{ autoload -Uz compinit && compinit; }}
  compdef _cotorra cotorra
fi)",
                     verbs, cases);
}

std::string for_fish(command_line const& program) {
  std::string out = "# fish completion for cotorra\n";
  for (verb const& v : program.verbs()) {
    out += fmt::format("complete -c cotorra -n __fish_use_subcommand -f -a {} -d {}\n",
                       v.name(), shell_word(v.description()));
    for (described_option const& o : v.options()) {
      std::string const values = values_of(program, o);
      if (o.positional() && values.empty()) continue;
      out += fmt::format("complete -c cotorra -n '__fish_seen_subcommand_from {}'",
                         v.name());
      for (std::string const& name : o.names)
        if (!o.positional())
          out +=
              name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      if (!o.value.empty() && !o.positional()) out += " -r";
      if (!values.empty()) out += " -f -a " + shell_word(values);
      out += " -d " + shell_word(o.help) + "\n";
    }
  }
  out.pop_back();
  return out;
}

int print_script(command_line const& program, std::string const& shell) {
  say(shell == "bash"  ? for_bash(program)
      : shell == "zsh" ? for_zsh(program)
                       : for_fish(program));
  return done;
}

} // namespace

void add_completion(command_line& program) {
  verb v = program.add("completion", "Print a shell completion script");
  auto const shell = std::make_shared<std::string>();
  v.text("SHELL", *shell, "bash, zsh or fish").required().one_of({"bash", "zsh", "fish"});
  v.footer("Example:\n  source <(cotorra completion bash)\n"
           "  source <(cotorra completion zsh)\n"
           "  cotorra completion fish > ~/.config/fish/completions/cotorra.fish");
  v.runs([&program, shell] { return print_script(program, *shell); });
}

} // namespace cotorra::cli
