// The manual's pages, made of what --help says.
#include "cli/arguments.hpp"
#include "cli/output.hpp"
#include "cli/runtime.hpp"
#include "cli/verbs.hpp"
#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace cotorra::cli {
namespace {

// Text as it must stand in a page: no character is a command of roff.
std::string roff(std::string_view text) {
  std::string out;
  for (char const c : text) {
    bool const starts = out.empty() || out.back() == '\n';
    if (starts && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
  }
  return out;
}

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return std::toupper(c); });
  return text;
}

std::string title(std::string const& page, std::string_view does,
                  std::string_view synopsis) {
  return fmt::format(".TH {} 1 \"\" \"cotorra\" \"User Commands\"\n"
                     ".SH NAME\n{} \\- {}\n"
                     ".SH SYNOPSIS\n{}\n",
                     upper(page), roff(page), roff(does), synopsis);
}

std::string entry(described_option const& o) {
  std::string const value =
      o.positional() || o.value.empty() ? "" : " \\fI" + o.value + "\\fR";
  std::string text = roff(o.help);
  if (!o.choices.empty()) text += roff(fmt::format(" ({})", fmt::join(o.choices, ", ")));
  if (!o.default_text.empty())
    text += roff(fmt::format(" (default: {})", o.default_text));
  return fmt::format(".TP\n\\fB{}\\fR{}\n{}\n",
                     roff(fmt::format("{}", fmt::join(o.names, ", "))), value, text);
}

// What stands below the options: prose, and below "Example:" the lines of a shell.
std::string notes(std::string const& footer) {
  std::size_t const at = footer.find("Example:\n");
  std::string const prose = footer.substr(0, at);
  std::string out;
  if (prose.find_first_not_of('\n') != prose.npos)
    out += ".SH NOTES\n" + roff(prose) + (prose.ends_with('\n') ? "" : "\n");
  if (at != footer.npos)
    out += ".SH EXAMPLE\n.nf\n" + roff(footer.substr(at + 9)) + "\n.fi\n";
  return out;
}

constexpr char exit_status[] =
    ".SH EXIT STATUS\n"
    "0: done. 1: it could not be done. 2: wrong usage. "
    "130: interrupted. 141: the reader of the output has gone.\n";

std::string page_of(verb const& v) {
  std::string const page = "cotorra-" + v.name();
  std::string synopsis = ".B cotorra " + roff(v.name()) + "\n[OPTIONS]";
  std::string positionals, options;
  for (described_option const& o : v.options()) {
    (o.positional() ? positionals : options) += entry(o);
    if (!o.positional()) continue;
    std::string const name = roff(o.names[0]) + (o.again ? " ..." : "");
    synopsis += o.required ? " " + name : " [" + name + "]";
  }
  return title(page, v.description(), synopsis) + ".SH OPTIONS\n" + positionals +
         options + notes(v.footer()) + exit_status + ".SH SEE ALSO\n.BR cotorra (1)\n";
}

std::string page_of(command_line const& program) {
  std::string out =
      title("cotorra", "BitTorrent, spoken plainly", ".B cotorra\n.I VERB\n[OPTIONS]") +
      ".SH VERBS\n";
  std::string see_also;
  for (verb const& v : program.verbs()) {
    out += fmt::format(".TP\n\\fB{}\\fR\n{}\n", roff(v.name()), roff(v.description()));
    if (v.name() != "help")
      see_also += fmt::format("{}.BR cotorra\\-{} (1)", see_also.empty() ? "" : ",\n",
                              roff(v.name()));
  }
  return out + exit_status + ".SH SEE ALSO\n" + see_also;
}

int print_page(command_line const& program, std::string const& of) {
  if (of.empty()) {
    say(page_of(program));
    return done;
  }
  for (verb const& v : program.verbs())
    if (v.name() == of) {
      say(page_of(v));
      return done;
    }
  throw usage_error(fmt::format("there is no verb {} to print a page of", of));
}

} // namespace

void add_manual(command_line& program) {
  verb v = program.add("manual", "Print a page of the manual, as man(1) reads it");
  auto const of = std::make_shared<std::string>();
  v.text("VERB", *of, "A verb; the page of the whole program if absent");
  v.footer("Example:\n  cotorra manual download | man -l -");
  v.runs([&program, of] { return print_page(program, *of); });
}

} // namespace cotorra::cli
