#include "cli/files.hpp"
#include "cli/output.hpp"
#include "cli/runtime.hpp"
#include "cli/text.hpp"
#include "cli/verbs.hpp"
#include "explain/explain.hpp"
#include <fmt/format.h>

namespace cotorra::cli {

namespace {

using namespace explain;

constexpr std::size_t most_bytes = 64 * 1024 * 1024;

struct show_options {
  bool byte_map = false; // --bytes: instead of the facts
  bool html = false;     // --html: the bytes as a page
  bool json = false;
  std::string as;     // --as: what it is; empty: by its first bytes
  std::string output; // a file for the page; empty: the standard output
  bool force = false; // replace that file

  bool bytes_wanted() const { return byte_map || html; }
};

int show_bytes(bytes file, byte_map const& map, std::string const& name,
               show_options const& o) {
  if (o.json) {
    say_json(facts_of(map));
  } else if (!o.html) {
    say(fmt::format("{}: {}, {}", name, map.kind, count_of(file.size(), "byte")));
    say(lines_of(map, file));
  } else if (o.output.empty()) {
    say(html_of(map, file, name));
  } else {
    write_file(o.output, as_bytes(html_of(map, file, name)), o.force);
    say(fmt::format("Written: {}", sanitise(o.output)));
  }
  if (!map.trouble.empty()) throw input_error(map.trouble);
  return done;
}

int show_facts(explanation const& all, show_options const& o) {
  o.json ? say_json(all.facts) : say(all.lines);
  if (!all.trouble.empty()) throw input_error(all.trouble);
  return done;
}

int show_file(std::string const& path, show_options const& o) {
  bool const piped = path == "-";
  if (!o.output.empty()) {
    if (!piped) check_apart(o.output, path);
    check_target(o.output, o.force);
  }
  buffer const file = read_file(path, most_bytes);
  std::string const name = sanitise(piped ? "standard input" : path);
  try {
    file_kind const* const told = kind_named(o.as);
    file_kind const what = told ? *told : kind_of(file);
    if (!o.bytes_wanted()) return show_facts(what.explain(file), o);
    std::string const last = std::filesystem::path(path).filename().string();
    return show_bytes(file, what.map(file), piped ? name : sanitise(last), o);
  } catch (file_error const&) {
    throw;                                // about the page
  } catch (std::runtime_error const& e) { // input_error and protocol_error
    throw input_error(fmt::format("{}: {}", name, sanitise(e.what())));
  }
}

} // namespace

void add_show(command_line& program) {
  verb v = program.add(
      "show", "Tell what a file is: .torrent, tracker's answer, messages, trace ...");
  auto const path = std::make_shared<std::string>();
  auto const o = std::make_shared<show_options>();
  v.text("FILE", *path, "The file; - is the standard input").required();
  option const map =
      v.flag("--bytes", o->byte_map, "Name the owner of every byte instead");
  option html = v.flag("--html", o->html, "The same as a page for a browser");
  option const as_json = v.flag("--json", o->json, "Print facts as one JSON object");
  html.excludes(map).excludes(as_json);
  v.text("--as", o->as,
         "What it is, where its first bytes do not tell: a packet of a UDP tracker (over "
         "IPv6: udp-tracker6)")
      .one_of({"udp-tracker", "udp-tracker6"});
  option output = v.text("-o,--output", o->output, "A file for the page");
  output.needs(html);
  v.flag("--force", o->force, "Replace that file if it exists").needs(output);
  v.footer("Passwords and passkeys in URLs are left out; --bytes and --html show all "
           "bytes of the file.\n\n"
           "Example:\n  cotorra show --bytes holiday.torrent\n"
           "  cotorra show --html holiday.torrent -o holiday.html");
  v.runs([path, o] { return show_file(*path, *o); });
}

} // namespace cotorra::cli
