// Bencode (BEP 3): values -> bytes, written one after another:
//   buffer out;
//   writer w(out);
//   w.dictionary();
//   w.key("interval"); w.integer(1800);
//   w.key("peers");    w.string(compact);
//   w.end();
#pragma once
#include "base/bytes.hpp"

namespace cotorra::bencode {

// Writes only what BEP 3 allows: keys sorted and unique, a value for each key, every list
// and dictionary ended. A call that would break this is a bug of ours, and throws
// std::logic_error.
class writer {
public:
  explicit writer(buffer& out) : out_(out) {} // appends

  void dictionary();
  void list();
  void end(); // of the innermost list or dictionary

  void key(std::string_view); // by raw bytes, after the one before
  void integer(std::int64_t);
  void string(bytes);
  void string(std::string_view text) { string(as_bytes(text)); }
  void raw(bytes encoded); // one value that is bencoded already

  // One whole value has been written.
  bool done() const { return done_; }

private:
  struct level {
    bool dictionary;
    bool key_waits = false;                      // for its value
    std::size_t last_key = 0, last_key_size = 0; // where it is in out_
  };
  void open(bool dictionary, char type);
  void before_value();
  void after_value() { done_ = open_.empty(); }
  void put_number(std::int64_t);

  buffer& out_;
  std::vector<level> open_;
  bool done_ = false;
};

} // namespace cotorra::bencode
