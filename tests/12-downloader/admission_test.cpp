// Which peers get a connection when there are few, and which one makes room.
#include "session/admission.hpp"
#include "support/catch.hpp"
#include <algorithm>

using namespace cotorra;

namespace {

time_point const start{1h};

session::visitor guest(char const* from) { return {*ip_address::parse(from), false}; }
session::visitor dialled(char const* to) { return {*ip_address::parse(to), true}; }

// A torrent that has connections, and loses those that make room.
struct house : session::admission::host {
  struct connection {
    session::admission::member seen;
    session::place held;
  };
  session::admission gate;
  std::vector<connection> all; // their places go before the gate does
  peer_key last = 0;

  explicit house(std::size_t connections, session::admission* parent = nullptr)
      : gate({connections, 8, 5min}, *this, parent) {}

  bool enters(session::visitor v, time_point now) {
    if (!gate.may_enter(v, now)) return false;
    all.push_back({{++last, v, now, false}, gate.take(v)});
    return true;
  }
  std::vector<session::admission::member> members() const override {
    std::vector<session::admission::member> seen;
    for (auto const& c : all) seen.push_back(c.seen);
    return seen;
  }
  void make_room(peer_key key) override {
    std::erase_if(all, [key](auto const& c) { return c.seen.key == key; });
  }
  bool has(peer_key key) const {
    return std::ranges::any_of(all, [key](auto const& c) { return c.seen.key == key; });
  }
};

} // namespace

TEST_CASE("a peer that was idle for minutes makes room and the idlest goes first") {
  house h(2);
  REQUIRE(h.enters(guest("192.0.2.1"), start));
  REQUIRE(h.enters(guest("192.0.2.2"), start + 1s));
  CHECK_FALSE(h.enters(guest("192.0.2.3"), start + 4min));
  CHECK(h.gate.could_enter(guest("192.0.2.3"), start + 6min));
  CHECK(h.all.size() == 2); // asking ends nothing
  CHECK(h.enters(guest("192.0.2.3"), start + 6min));
  CHECK_FALSE(h.has(1));
  CHECK(h.has(2));
}

TEST_CASE("a peer that waits for us to unchoke it is not idle") {
  house h(1);
  REQUIRE(h.enters(guest("192.0.2.1"), start));
  h.all[0].seen.waits_for_us = true;
  CHECK_FALSE(h.enters(guest("192.0.2.2"), start + 10min));
}

TEST_CASE("a crowd at few addresses gives way to a newcomer from another one") {
  house h(8);
  int came = 0;
  for (int round = 0; round < 8; ++round)
    for (char const* from : {"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"})
      if (h.enters(guest(from), start)) ++came;
  REQUIRE(came == 8);
  for (auto& c : h.all) c.seen.waits_for_us = true;      // they may all look busy
  CHECK_FALSE(h.enters(guest("192.0.2.9"), start + 5s)); // each has time to prove its use
  CHECK(h.enters(guest("192.0.2.9"), start + 11s));
  CHECK(h.all.size() == 8);
}

TEST_CASE("a crowd that trades blocks stays") {
  house h(4);
  for (int i = 0; i < 4; ++i) h.enters(guest(i < 2 ? "192.0.2.1" : "192.0.2.2"), start);
  REQUIRE(h.all.size() == 4);
  for (auto& c : h.all) c.seen.last_block = start + 18s;
  CHECK_FALSE(h.enters(guest("192.0.2.3"), start + 20s));
}

TEST_CASE("the crowd cannot take the newcomer's place back") {
  house h(4);
  for (int i = 0; i < 4; ++i) h.enters(guest(i < 2 ? "192.0.2.1" : "192.0.2.2"), start);
  REQUIRE(h.enters(guest("192.0.2.3"), start + 20s));
  CHECK_FALSE(h.enters(guest("192.0.2.1"), start + 60s));
  CHECK(h.has(5));
}

TEST_CASE(
    "an idle peer of one torrent makes room for another torrent's in a full session") {
  struct everything : session::admission::host {
    std::vector<house*> torrents;
    std::vector<session::admission::member> members() const override {
      std::vector<session::admission::member> all;
      for (house* h : torrents) std::ranges::copy(h->members(), std::back_inserter(all));
      return all;
    }
    void make_room(peer_key key) override {
      for (house* h : torrents) h->make_room(key);
    }
  } session;
  session::admission gate({2, 8, 5min}, session);
  house full(2, &gate), empty(2, &gate);
  empty.last = 100; // a connection's key is never used twice in a session
  session.torrents = {&full, &empty};
  REQUIRE(full.enters(guest("192.0.2.1"), start));
  REQUIRE(full.enters(guest("192.0.2.2"), start));
  CHECK_FALSE(empty.enters(guest("192.0.2.3"), start + 1min));
  CHECK(empty.enters(guest("192.0.2.3"), start + 6min));
  CHECK(full.all.size() == 1);
}

TEST_CASE("a dial ends no connection unless room is asked for") {
  house h(1);
  REQUIRE(h.enters(guest("192.0.2.1"), start));
  CHECK_FALSE(h.gate.may_dial(dialled("192.0.2.2").from));
  CHECK_FALSE(h.gate.may_enter(dialled("192.0.2.2"), start + 1min));
  CHECK(h.gate.may_enter(dialled("192.0.2.2"), start + 6min));
  CHECK(h.gate.may_dial(dialled("192.0.2.2").from));
}

TEST_CASE("dials under way have a limit of their own") {
  house h(80);
  std::vector<session::place> dials;
  for (std::uint32_t i = 0; i < 8; ++i) {
    auto const to = ip_address::v4(0x0a000001 + i);
    REQUIRE(h.gate.may_dial(to));
    dials.push_back(h.gate.take_dial(to));
  }
  CHECK_FALSE(h.gate.may_dial(ip_address::v4(0x0b000001)));
  CHECK_FALSE(h.gate.none_dialling());
  dials.clear();
  CHECK(h.gate.none_dialling());
}
