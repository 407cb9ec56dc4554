#include "cli/arguments.hpp"
#include "cli/listening.hpp"
#include "cli/output.hpp"
#include "cli/runtime.hpp"
#include "cli/text.hpp"
#include "cli/verbs.hpp"
#include "http/static_site.hpp"
#include <fmt/format.h>

namespace cotorra::cli {
namespace {

struct serve_arguments {
  std::string folder, listen = "127.0.0.1:8000";
  bool json = false;
};

std::unique_ptr<io::listener> open_door(io::network& network, endpoint where) {
  try {
    return network.listen(where);
  } catch (std::system_error const& e) {
    explain_listening(where, e);
  }
}

std::string url_of(endpoint where) {
  where.address = *ip_address::parse(host_for(where));
  return fmt::format("http://{}/", where.text());
}

int serve_folder(serve_arguments const& a) {
  endpoint const where = parse_endpoint(a.listen, loopback());
  http::static_site site(a.folder);
  io::real_world world;
  io::world const doors = world.doors();
  auto const door = open_door(doors.network, where);

  std::string const url = url_of(door->local());
  std::string const line = a.json ? to_line({{"web", url}}) : "web: " + url;
  http::handler answer = [&site](http::request_head const& head, endpoint) {
    return site.answer(head);
  };
  run_until_interrupted(world, http::serve(*door, doors.clock, std::move(answer)), line);
  a.json ? say_json({{"requests", site.requests()}})
         : say(fmt::format("{} answered", count_of(site.requests(), "request")));
  return done;
}

} // namespace

void add_serve(command_line& program) {
  verb v = program.add("serve", "Show a folder as a web page until Ctrl-C");
  auto const a = std::make_shared<serve_arguments>();
  v.text("DIR", a->folder, "The folder; nothing outside of it is shown").required();
  v.text("--listen", a->listen,
         "ADDRESS:PORT, or a PORT of 127.0.0.1; port 0 takes any free one")
      .shows_default();
  v.flag("--json", a->json, "Print facts as JSON objects, one a line");
  v.footer("Example:\n  cotorra serve public/ --listen 0.0.0.0:8000");
  v.runs([a] { return serve_folder(*a); });
}

} // namespace cotorra::cli
