#include "bencode/decode_wire.hpp"
#include "bencode/number.hpp"
#include <algorithm>

namespace cotorra::bencode {

// Goes through the bytes once, from left to right, one function per type of value.
class decoder {
public:
  decoder(bytes in, limits const& bounds, number::rule numbers)
      : data_(in.data()), at_(in.data()), end_(in.data() + in.size()), bounds_(bounds),
        numbers_(numbers) {
    std::size_t const most = std::min<std::size_t>(bounds.total_bytes, 0xFFFF'FFFE);
    if (in.size() > most) beyond_limit(most, "the data is longer than we accept");
    bounds_.items = std::min<std::size_t>(bounds.items, 0xFFFF'FFFE);
    nodes_.reserve(std::min<std::size_t>({in.size() + 1, 64, bounds_.items + 1}));
  }

  document run() && {
    any(0);
    push(at_, 0);
    document out;
    out.nodes_ = std::move(nodes_);
    out.data_ = data_;
    out.disorder_ = disorder_;
    out.idle_zero_ = idle_zero_;
    out.wide_ = wide_;
    return out;
  }

private:
  void any(unsigned depth) {
    switch (static_cast<char>(peek())) {
    case 'i':
      return integer();
    case 'l':
      return list(depth);
    case 'd':
      return dictionary(depth);
    default:
      string("no value starts with this byte");
    }
  }

  void integer() {
    push(at_++, 0);
    take_number(number::integer(numbers_));
  }

  std::string_view string(char const* if_none) {
    if (!is_digit(peek())) malformed(offset(), if_none);
    std::byte const* const begin = at_;
    auto const length = static_cast<std::uint64_t>(take_number(number::length(numbers_)));
    // hole 1.1: a string is as long as it says, if that many bytes are there
    if (length > static_cast<std::size_t>(end_ - at_))
      malformed(static_cast<std::size_t>(begin - data_),
                "the string is longer than the data");
    push(begin, static_cast<std::uint32_t>(at_ - data_));
    at_ += length;
    // end hole 1.1
    return as_text({at_ - length, at_});
  }

  void list(unsigned depth) {
    std::size_t const self = open(depth);
    // hole 1.2: the elements of a list, up to its end
    while (peek() != std::byte{'e'}) any(depth + 1);
    // end hole 1.2
    close(self);
  }

  void dictionary(unsigned depth) {
    std::size_t const self = open(depth);
    std::string_view previous;
    for (bool first = true; peek() != std::byte{'e'}; first = false) {
      std::size_t const key_offset = offset();
      std::string_view const key = string("a key must be a string");
      // hole 1.3: note the first key that is not behind the one before it
      if (!first && !disorder_ && previous >= key)
        disorder_ = {key_offset, previous == key};
      previous = key;
      // end hole 1.3
      if (peek() == std::byte{'e'}) malformed(offset(), "the key has no value");
      any(depth + 1);
    }
    close(self);
  }

  std::size_t open(unsigned depth) {
    if (depth >= bounds_.depth) beyond_limit(offset(), "nested deeper than we accept");
    push(at_++, 0);
    return nodes_.size() - 1;
  }

  void close(std::size_t container) {
    push(at_++, 0);
    nodes_[container].more = static_cast<std::uint32_t>(nodes_.size() - container);
  }

  std::int64_t take_number(number n) {
    while (!n.take(peek(), offset())) ++at_;
    if (n.has_idle_zero() && !idle_zero_) idle_zero_ = offset();
    if (n.is_wide() && !wide_) wide_ = offset();
    ++at_;
    return n.value();
  }

  void push(std::byte const* begin, std::uint32_t more) {
    if (nodes_.size() == nodes_.capacity()) grow();
    nodes_.push_back({static_cast<std::uint32_t>(begin - data_), more});
  }

  // Makes room for as many nodes as the bytes to come should need, if they are like those
  // so far: a copy or two of the array instead of a dozen.
  void grow() {
    std::size_t const now = nodes_.size();
    if (now > bounds_.items) beyond_limit(offset(), "more values than we accept");
    auto const all = static_cast<std::size_t>(end_ - data_);
    std::size_t const expected = now * (all / std::max<std::size_t>(offset(), 1) + 1);
    std::size_t const room = std::clamp(expected, 2 * now, 16 * now);
    nodes_.reserve(std::min(room, bounds_.items + 1));
  }

  static bool is_digit(std::byte b) { return b >= std::byte{'0'} && b <= std::byte{'9'}; }
  std::byte peek() const {
    if (at_ == end_) malformed(offset(), "the data ends inside a value");
    return *at_;
  }
  std::size_t offset() const { return static_cast<std::size_t>(at_ - data_); }

  std::byte const* const data_;
  std::byte const* at_;
  std::byte const* const end_;
  limits bounds_;
  number::rule const numbers_;
  std::vector<node> nodes_;
  std::optional<disorder> disorder_;
  std::optional<std::size_t> idle_zero_, wide_;
};

void document::require_order() const {
  if (disorder_)
    malformed(disorder_->offset, disorder_->duplicate ? "the key stands here twice"
                                                      : "the key is not in sorted order");
}

document decode(bytes in, limits const& bounds, leniency allowed) {
  auto const numbers = allowed.numbers ? number::rule::lenient : number::rule::strict;
  document out = decoder(in, bounds, numbers).run();
  if (out.size() != in.size() && !allowed.rest)
    malformed(out.size(), "more data behind the end");
  return out;
}

document decode(bytes in, limits const& bounds) { return decode(in, bounds, {}); }

document decode_prefix(bytes in, limits const& bounds) {
  return decode(in, bounds, {.numbers = false, .rest = true});
}

} // namespace cotorra::bencode
