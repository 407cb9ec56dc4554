#include "bencode/decode_wire.hpp"
#include "cli/files.hpp"
#include "cli/runtime.hpp"
#include "cli/show.hpp"
#include "cli/text.hpp"
#include "cli/verbs.hpp"
#include "handshake/handshake_wire.hpp"
#include <fmt/format.h>

namespace cotorra::cli {

namespace {

constexpr std::size_t most_bytes = 64 * 1024 * 1024;

int show_bencode(bytes file, show_options const& o) {
  bencode::limits limits;
  limits.total_bytes = most_bytes;
  bencode::document const doc = bencode::decode(file, limits);
  bencode::value const root = doc.root();
  if (root.find("info")) return show_torrent(file, root, o);
  if (guess_kind(file) == bencode_kind::resume) return show_resume(file, o);
  if (root.find("interval") || root.find("peers") || root.find("failure reason"))
    return show_tracker_answer(file, root, o);
  throw input_error("this is bencode, but neither a .torrent nor a tracker's answer: see "
                    "it with --bytes");
}

// Also one that is cut, and one that says 19 with two digits.
bool is_handshake(std::string_view file) {
  std::string const start =
      std::string(1, static_cast<char>(pstr.size())) + std::string(pstr);
  bool const begun = start.starts_with(file.substr(0, start.size()));
  return begun || file.substr(0, 2 + pstr.size()).find(pstr) != file.npos;
}

bool is_request(std::string_view file) {
  std::string_view const line = file.substr(0, file.find('\n'));
  bool const asks =
      line.starts_with("GET ") || line.starts_with("HEAD ") || line.starts_with("POST ");
  return asks && line.find(" HTTP/1.") != line.npos;
}

// What a file is: how to name its bytes, and how to tell the facts in it.
struct kind {
  byte_map (*map)(bytes);
  int (*tell)(bytes, show_options const&);
};

kind kind_of(bytes file) {
  if (file.empty()) throw input_error("there is not one byte in it");
  std::string_view const text = as_text(file);
  if (is_handshake(text)) return {map_of_handshake, show_handshake};
  if (is_request(text)) return {map_of_request, show_request};
  if (text.starts_with("HTTP/")) return {map_of_response, show_response};
  if (text[0] == 'd' || text[0] == 'l' || text[0] == 'i')
    return {map_of_bencode, show_bencode};
  if (begins_with_message(file)) return {map_of_messages, show_messages};
  throw input_error("this is nothing that we know: neither a .torrent, nor a tracker's "
                    "answer, nor a handshake, nor messages between peers");
}

int show_bytes(bytes file, byte_map const& map, std::string const& name,
               show_options const& o) {
  if (o.json) {
    say_json(facts_of(map));
  } else if (!o.html) {
    say(fmt::format("{}: {}, {}", name, map.kind, count_of(file.size(), "byte")));
    tell(map, file);
  } else if (o.output.empty()) {
    say(html_of(map, file, name));
  } else {
    write_file(o.output, as_bytes(html_of(map, file, name)), o.force);
    say(fmt::format("Written: {}", sanitise(o.output)));
  }
  if (!map.trouble.empty()) throw input_error(map.trouble);
  return done;
}

int tell_facts(bytes file, kind what, show_options const& o) {
  try {
    return what.tell(file, o);
  } catch (protocol_error const& e) {
    if (what.tell != show_bencode) throw;
    throw input_error(fmt::format("it begins like bencode (a .torrent or a tracker's "
                                  "answer), but {}: get it again",
                                  e.what()));
  }
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
    kind const what = kind_of(file);
    if (!o.bytes_wanted()) return tell_facts(file, what, o);
    std::string const last = std::filesystem::path(path).filename().string();
    return show_bytes(file, what.map(file), piped ? name : sanitise(last), o);
  } catch (file_error const&) {
    throw;                                // of the page
  } catch (std::runtime_error const& e) { // input_error and protocol_error
    throw input_error(fmt::format("{}: {}", name, sanitise(e.what())));
  }
}

} // namespace

void add_show(CLI::App& app, int& status) {
  CLI::App* const verb = app.add_subcommand(
      "show", "Tell what a file is: .torrent, tracker's answer, handshake, messages ...");
  auto const path = std::make_shared<std::string>();
  auto const o = std::make_shared<show_options>();
  verb->add_option("FILE", *path, "The file; - is the standard input")->required();
  auto* const map =
      verb->add_flag("--bytes", o->byte_map, "Name the owner of every byte instead");
  auto* const html =
      verb->add_flag("--html", o->html, "The same as a page for a browser");
  auto* const as_json =
      verb->add_flag("--json", o->json, "Print facts as one JSON object");
  html->excludes(map)->excludes(as_json);
  auto* const output = verb->add_option("-o,--output", o->output, "A file for the page");
  output->needs(html);
  verb->add_flag("--force", o->force, "Replace that file if it is there already")
      ->needs(output);
  verb->footer("Example:\n  cotorra show --bytes holiday.torrent\n"
               "  cotorra show --html holiday.torrent -o holiday.html");
  verb->callback([path, o, &status] { status = show_file(*path, *o); });
}

} // namespace cotorra::cli
