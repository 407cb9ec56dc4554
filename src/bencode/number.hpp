// The digits of one number, taken byte after byte, so that the same rules serve bytes in
// memory and bytes that are yet to arrive. BEP 3 allows one way to write each number: no
// leading zero, no "-0", no plus sign, no blank, and it fits in 64 bits. A lenient reader
// forgives the zeros, and replaces an integer that does not fit by the nearest that does.
#pragma once
#include "base/error.hpp"
#include <cstddef>
#include <cstdint>

namespace cotorra::bencode {

// protocol_error{malformed_bencode}: "byte 17: the integer has a leading zero".
[[noreturn]] void malformed(std::size_t offset, std::string_view what);
// protocol_error{limit_exceeded}, in the same form.
[[noreturn]] void beyond_limit(std::size_t offset, std::string_view what);

class number {
public:
  enum class rule { strict, lenient };
  // i-42e: may be negative
  static number integer(rule z = rule::strict) { return number('e', z); }
  // 4:spam
  static number length(rule z = rule::strict) { return number(':', z); }

  // Takes the next byte; `offset` says where it stands, for the error. True when it is
  // the one that ends the number. Throws protocol_error at the first wrong byte.
  bool take(std::byte next, std::size_t offset) {
    auto const c = std::to_integer<unsigned>(next);
    unsigned const digit = c - '0';
    if (digit <= 9) {
      if (magnitude_ == 0) check_zero(digit, offset);
      if (digits_ >= 18) check_range(digit, offset);
      magnitude_ = magnitude_ * 10 + digit;
      ++digits_;
      return false;
    }
    if (c == end_ && digits_ != 0) return true;
    take_sign(c, offset);
    return false;
  }

  // It had a leading zero, or is "-0": a lenient reader takes it.
  bool has_idle_zero() const { return idle_zero_; }
  // It does not fit in 64 bits: a lenient reader takes the nearest value that does.
  bool is_wide() const { return wide_; }
  std::int64_t value() const;

private:
  number(char end, rule z)
      : end_(static_cast<unsigned char>(end)), lenient_(z == rule::lenient) {}
  void check_zero(unsigned digit, std::size_t offset) {
    idle_zero_ = idle_zero_ || digits_ != 0 || (negative_ && digit == 0);
    if (lenient_) return;
    if (digits_ != 0) fail(offset, "has a leading zero");
    if (negative_ && digit == 0) fail(offset, "is a negative zero");
  }
  void take_sign(unsigned c, std::size_t offset);
  void check_range(unsigned digit, std::size_t offset);
  [[noreturn]] void fail(std::size_t offset, char const* what) const;

  std::uint64_t magnitude_ = 0;
  unsigned digits_ = 0;
  unsigned char end_;
  bool negative_ = false;
  bool lenient_, idle_zero_ = false, wide_ = false;
};

} // namespace cotorra::bencode
