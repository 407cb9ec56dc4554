// The zoo: peers that break the rules, bend them, or merely waste our time. Each
// lives on a simulated host of its own and is one short coroutine, in the file of its
// kind.
#pragma once
#include "12-downloader/swarm.hpp"
#include "handshake/handshake_wire.hpp"
#include "io/reader.hpp"
#include "message/message_talk.hpp"
#include <list>
#include <optional>
#include <span>
#include <utility>

namespace cotorra::hostile {

class visit;

struct species {
  char const* name;
  char const* habit; // what it does, in a sentence
  task<> (*life)(visit&);
  // The reason that must be on record for it; none if it commits no offence.
  std::optional<errc> end = std::nullopt;
  bool fast = false; // speaks the fast extension
};

std::span<species const> time_wasters(); // keep you waiting
std::span<species const> cheats();       // send wrong blocks
std::span<species const> beggars();      // ask for too much
std::span<species const> impostors();    // are not what they should be
std::span<species const> babblers();     // send wrong messages
std::span<species const> all_species();
species const& species_named(std::string_view);

// An animal at home: what it knows, and what it has seen.
struct den {
  species const& kind;
  io::host& host;
  metainfo::metainfo const& info;
  bytes content;
  peer_id id;
  endpoint victim;
  unsigned visits = 0;   // connections so far
  unsigned requests = 0; // received
  unsigned cancels = 0;  // heard by hear_cancels()
  unsigned kept = 0;     // connections that it opened and that said something to it

  endpoint at() const { return {host.address(), 6881}; }
};

// Accepts connections at port 6881, and treats them as its kind does.
task<> keep_open(den&);
// Dials its victim `times`, with the same peer_id, and stays; counts those that talk.
task<> come_again(den&, unsigned times);
// The same, each time with another peer_id.
task<> come_under_many_names(den&, unsigned times);

// One connection of an animal with its victim.
class visit {
public:
  visit(den&, std::unique_ptr<io::stream>);

  den& self;
  unsigned const number; // of the den's visits, from 0
  handshake::handshake theirs{};

  // The handshake::handshake, when the other side dialled.
  task<> hear_handshake();
  handshake::handshake own_handshake() const;
  task<> answer();
  task<> pose_as_seeder(); // answers, claims all and unchokes: with the next flush()

  // put() collects, flush() writes it all at once.
  template <class Message> void put(Message const& m) { message::encode(out_, m); }
  void put_raw(bytes b) { append(out_, b); }
  void put_all_pieces(); // claims every piece: "bitfield", or "have all"
  void put_block(message::request const&, bool right);
  buffer take() { return std::exchange(out_, {}); }
  task<> flush();
  task<> flush_byte_by_byte(duration between);

  // The next request; other messages are skipped. Throws when the other side has left.
  task<message::request> next_request();
  // Sends what was put, then rejects every request, until the other side leaves.
  task<> reject_all();
  // Hears everything and says nothing, until the other side leaves.
  task<> rest();
  // The same, and counts how often a request was cancelled.
  task<> hear_cancels();
  // Hears nothing.
  task<> be_deaf();

private:
  std::unique_ptr<io::stream> stream_;
  io::reader reader_;
  message::message_reader in_;
  buffer out_;
};

} // namespace cotorra::hostile
