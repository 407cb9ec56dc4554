#include "bencode/read_talk.hpp"
#include "bencode/number.hpp"
#include <algorithm>

namespace cotorra::bencode {
namespace {

// The first byte of a value tells its kind; a list or dictionary holds values, so value()
// awaits itself. `out` is all that has been read so far.
class conversation {
public:
  conversation(io::reader& in, limits const& bounds) : in_(in), bounds_(bounds) {}

  task<std::byte> next() {
    if (out.size() >= bounds_.total_bytes)
      beyond_limit(out.size(), "the data is longer than we accept");
    bytes const one = co_await in_.take(1);
    out.push_back(one[0]);
    co_return one[0];
  }

  task<> value(std::byte first, unsigned depth) {
    count_item();
    char const type = static_cast<char>(first);
    if (type == 'i')
      co_await integer();
    else if (type == 'l')
      co_await list(depth);
    else if (type == 'd')
      co_await dictionary(depth);
    else
      co_await string(first, "no value starts with this byte");
  }

  buffer out;

private:
  task<> integer() {
    // hole 1.5: digits, byte after byte, until the e has come
    number n = number::integer();
    std::byte b = co_await next();
    while (!n.take(b, here())) b = co_await next();
    // end hole 1.5
  }

  task<> string(std::byte b, char const* if_none) {
    if (b < std::byte{'0'} || b > std::byte{'9'}) malformed(here(), if_none);
    number n = number::length();
    while (!n.take(b, here())) b = co_await next();
    auto left = static_cast<std::uint64_t>(n.value());
    if (left > bounds_.total_bytes - out.size())
      beyond_limit(out.size(), "the string is longer than we accept");
    while (left != 0) { // in parts: a length that lies must not cost us memory
      std::size_t const part = std::min<std::uint64_t>(left, 16 * 1024);
      bytes const content = co_await in_.take(part);
      append(out, content);
      left -= part;
    }
  }

  task<> list(unsigned depth) {
    check_depth(depth);
    std::byte b = co_await next();
    while (b != std::byte{'e'}) {
      co_await value(b, depth + 1);
      b = co_await next();
    }
    count_item();
  }

  task<> dictionary(unsigned depth) {
    check_depth(depth);
    std::byte b = co_await next();
    while (b != std::byte{'e'}) {
      count_item();
      co_await string(b, "a key must be a string");
      b = co_await next();
      if (b == std::byte{'e'}) malformed(here(), "the key has no value");
      co_await value(b, depth + 1);
      b = co_await next();
    }
    count_item();
  }

  void check_depth(unsigned depth) const {
    if (depth >= bounds_.depth) beyond_limit(here(), "nested deeper than we accept");
  }
  void count_item() {
    if (items_++ >= bounds_.items) beyond_limit(here(), "more values than we accept");
  }
  std::size_t here() const { return out.size() - 1; } // of the byte that came last

  io::reader& in_;
  limits const bounds_;
  std::size_t items_ = 0;
};

} // namespace

task<buffer> read(io::reader& in, limits bounds) {
  conversation talk(in, bounds);
  std::byte const first = co_await talk.next();
  co_await talk.value(first, 0);
  co_return std::move(talk.out);
}

} // namespace cotorra::bencode
