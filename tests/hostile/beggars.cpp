// Peers that ask for too much.
#include "hostile/zoo.hpp"

namespace cotorra::hostile {
namespace {

template <class Message> task<> beg(visit& v, Message m, int times) {
  co_await v.answer();
  v.put(message::interested{});
  for (int i = 0; i < times; ++i) v.put(m);
  co_await v.flush();
}

task<> request_flood(visit& v) {
  message::request const first{0, 0, 16 * 1024};
  co_await beg(v, first, 100'000);
  co_await v.rest();
}

task<> deaf_flood(visit& v) {
  message::request const first{0, 0, 16 * 1024};
  int const times = v.number == 0 ? 250'000 : 0;
  co_await beg(v, first, times);
  co_await v.be_deaf();
}

task<> cancel_storm(visit& v) {
  message::cancel const first{0, 0, 16 * 1024};
  co_await beg(v, first, 100'000);
  co_await v.rest();
}

task<> moody(visit& v) {
  co_await v.answer();
  for (int i = 0; i < 10'000; ++i) {
    v.put(message::interested{});
    v.put(message::not_interested{});
  }
  co_await v.flush();
  co_await v.rest();
}

task<> asks_for_the_lacking(visit& v) {
  co_await v.answer();
  v.put(message::interested{});
  for (piece_index i = 0; i < v.self.info.pieces.size() - 1; ++i)
    v.put(message::request{i, 0, 16 * 1024});
  co_await v.flush();
  co_await v.rest();
}

task<> asks_outside(visit& v) {
  co_await v.answer();
  auto const count = static_cast<piece_index>(v.self.info.pieces.size());
  v.put(message::request{count, 0, 16 * 1024});
  co_await v.flush();
  co_await v.rest();
}

task<> asks_for_much(visit& v) {
  co_await v.answer();
  v.put(message::request{0, 0, v.self.info.piece_length + 1});
  co_await v.flush();
  co_await v.rest();
}

species const all[] = {
    {"request flood", "asks 100,000 times", request_flood, errc::flooding, true},
    {"deaf flood", "asks 250,000 times and never reads", deaf_flood, errc::flooding,
     true},
    {"cancel storm", "cancels 100,000 times what it never asked", cancel_storm,
     errc::flooding, true},
    {"moody", "is interested and is not, 10,000 times", moody, errc::flooding},
    {"asks for the lacking", "asks for pieces that no peer offered", asks_for_the_lacking,
     std::nullopt, true},
    {"asks outside", "asks for a piece past the last", asks_outside, errc::bad_index},
    {"asks for much", "asks for more than a piece", asks_for_much, errc::bad_index},
};

} // namespace

std::span<species const> beggars() { return all; }

} // namespace cotorra::hostile
