// A bench with a network: public and private names, and a GET from it.
#pragma once
#include "http/get_talk.hpp"
#include "print.hpp"
#include "support/web.hpp"

namespace cotorra::test {

using url_list = std::vector<std::string>;

struct web {
  bench desk;
  memory_network net{desk.executor()};
  web() {
    net.name("public.example", {"192.0.2.1"});
    net.name("other.example", {"192.0.2.2"});
    net.name("router.example", {"192.168.1.1"});
    net.name("both.example", {"192.0.2.9", "192.0.2.1"});
  }
  auto get(std::string url, http::get_options options = {}) {
    return desk.start(http::get(net, desk.clock, std::move(url), options));
  }
  // What the server's bytes become.
  auto answered(std::string wire, scripted_server::after then = scripted_server::close) {
    servers.push_back(std::make_unique<scripted_server>(
        desk, net, "192.0.2.1:80", std::vector<std::string>{std::move(wire)}, then));
    return get("http://public.example/");
  }
  std::vector<std::unique_ptr<scripted_server>> servers;
};

} // namespace cotorra::test
