#include "bencode/decode_wire.hpp"
#include "cli/byte_map.hpp"
#include "cli/files.hpp"
#include "cli/runtime.hpp"
#include "cli/show.hpp"
#include "cli/text.hpp"
#include "cli/verbs.hpp"
#include "handshake/handshake_wire.hpp"
#include <fmt/format.h>

namespace cotorra::cli {

int show_map(std::string_view kind, std::vector<byte_row> const& rows, show_options o) {
  if (o.json)
    say_json({{"kind", kind}, {"bytes", facts_of(rows)}});
  else
    tell(rows);
  return done;
}

namespace {

constexpr std::size_t most_bytes = 64 * 1024 * 1024;

int show_bencode(bytes file, show_options o) {
  bencode::limits limits;
  limits.total_bytes = most_bytes;
  bencode::document const doc = bencode::decode(file, limits);
  bencode::value const root = doc.root();
  if (root.find("info")) return show_torrent(file, root, o);
  if (root.find("interval") || root.find("peers") || root.find("failure reason"))
    return show_tracker_answer(file, root, o);
  if (o.byte_map) return show_map("bencode", map_of(root), o);
  throw input_error("this is bencode, but neither a .torrent nor a tracker's answer: see "
                    "it with --bytes");
}

bool is_handshake(bytes file) {
  std::string_view const start = as_text(file).substr(0, 1 + pstr.size());
  return start.size() > pstr.size() && start[0] == 19 && start.substr(1) == pstr;
}

int show(bytes file, show_options o) {
  if (file.empty()) throw input_error("there is not one byte in it");
  if (is_handshake(file)) return show_handshake(file, o);
  char const first = as_text(file).front();
  if (first == 'd' || first == 'l' || first == 'i') {
    try {
      return show_bencode(file, o);
    } catch (protocol_error const& e) {
      throw input_error(fmt::format("it begins like bencode (a .torrent or a tracker's "
                                    "answer), but {}: get it again",
                                    e.what()));
    }
  }
  if (begins_with_message(file)) return show_messages(file, o);
  throw input_error("this is nothing that we know: neither a .torrent, nor a tracker's "
                    "answer, nor a handshake, nor messages between peers");
}

int show_file(std::string const& path, show_options o) {
  buffer const file = read_file(path, most_bytes);
  try {
    return show(file, o);
  } catch (std::runtime_error const& e) { // input_error and protocol_error
    std::string const name = path == "-" ? "standard input" : path;
    throw input_error(fmt::format("{}: {}", sanitise(name), sanitise(e.what())));
  }
}

} // namespace

void add_show(CLI::App& app, int& status) {
  CLI::App* const verb = app.add_subcommand(
      "show", "Tell what a file is: .torrent, tracker's answer, handshake, messages");
  auto const path = std::make_shared<std::string>();
  auto const options = std::make_shared<show_options>();
  verb->add_option("FILE", *path, "The file; - is the standard input")->required();
  verb->add_flag("--bytes", options->byte_map, "Name the owner of every byte instead");
  verb->add_flag("--json", options->json, "Print facts as one JSON object");
  verb->footer("Example:\n  cotorra show --bytes holiday.torrent");
  verb->callback([path, options, &status] { status = show_file(*path, *options); });
}

} // namespace cotorra::cli
