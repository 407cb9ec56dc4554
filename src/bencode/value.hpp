// A light view of one decoded value: two pointers, into the node array of a document and
// into the received bytes. It copies nothing, and must not outlive either of them.
#pragma once
#include "base/bytes.hpp"
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace cotorra::bencode {

// One per value, in the order of the bytes. A list or dictionary is followed by its
// elements and by one node for its 'e'. So every value ends where the next node begins.
struct node {
  std::uint32_t begin; // offset of the first byte, which tells the type: i l d or a digit
  std::uint32_t more;  // list, dictionary: how many nodes to step over it;
                       // string: offset of its content
};

// A value that is not there (what find() gives for a missing key) is false, is of no
// type, and has no bytes. An accessor of the wrong type throws
// protocol_error{malformed_bencode} and says at which byte: what a peer sent may be used
// without checking first.
class value {
public:
  value() = default;
  value(node const* n, std::byte const* data) : node_(n), data_(data) {}

  explicit operator bool() const { return node_ != nullptr; }
  bool is_integer() const { return node_ && first() == 'i'; }
  bool is_list() const { return node_ && first() == 'l'; }
  bool is_dictionary() const { return node_ && first() == 'd'; }
  bool is_string() const { return node_ && first() <= '9'; }

  std::int64_t integer() const;
  // The same, but an integer beyond 64 bits, where decode() let it pass, is the nearest
  // one that fits; integer() refuses it.
  std::int64_t clamped() const;
  bytes string() const {
    if (!is_string()) wrong_type("a string");
    return {data_ + node_->more, data_ + node_[1].begin};
  }
  std::string_view text() const { return as_text(string()); }

  // Of a list: how many values. Of a dictionary: how many keys. Walks over them.
  std::size_t size() const;

  // The value of a key of this dictionary; false when it is missing, or this is no
  // dictionary. The first one, if the key is there twice.
  value find(std::string_view key) const;
  // The same, but a missing key is a protocol_error.
  value at(std::string_view key) const;

  // for (value v : list.elements()), for (auto [key, v] : dictionary.entries()):
  // in the order of the bytes.
  class elements_range;
  class entries_range;
  elements_range elements() const;
  entries_range entries() const;

  // This value as it was received, and where: an info_hash is taken over these bytes.
  bytes raw() const {
    if (!node_) return {};
    return {data_ + node_->begin, data_ + next()->begin};
  }
  std::size_t offset() const { return node_ ? node_->begin : 0; }

private:
  char first() const { return static_cast<char>(data_[node_->begin]); }
  node const* next() const {
    return node_ + (first() > '9' && first() != 'i' ? node_->more : 1);
  }
  [[noreturn]] void wrong_type(char const* wanted) const;

  node const* node_ = nullptr;
  std::byte const* data_ = nullptr;
};

class value::elements_range {
public:
  class iterator {
  public:
    explicit iterator(value v) : at_(v) {}
    value operator*() const { return at_; }
    iterator& operator++() {
      at_.node_ = at_.next();
      return *this;
    }
    bool operator==(iterator const& o) const { return at_.node_ == o.at_.node_; }

  private:
    value at_;
  };

  elements_range(value first, value last) : first_(first), last_(last) {}
  iterator begin() const { return iterator(first_); }
  iterator end() const { return iterator(last_); }

private:
  value first_, last_;
};

class value::entries_range {
public:
  class iterator {
  public:
    explicit iterator(value key) : key_(key) {}
    std::pair<std::string_view, value> operator*() const {
      return {key_.text(), value(key_.node_ + 1, key_.data_)};
    }
    iterator& operator++() {
      key_.node_ = value(key_.node_ + 1, key_.data_).next();
      return *this;
    }
    bool operator==(iterator const& o) const { return key_.node_ == o.key_.node_; }

  private:
    value key_;
  };

  entries_range(value first, value last) : first_(first), last_(last) {}
  iterator begin() const { return iterator(first_); }
  iterator end() const { return iterator(last_); }

private:
  value first_, last_;
};

inline value::elements_range value::elements() const {
  if (!is_list()) wrong_type("a list");
  return {value(node_ + 1, data_), value(node_ + node_->more - 1, data_)};
}

inline value::entries_range value::entries() const {
  if (!is_dictionary()) wrong_type("a dictionary");
  return {value(node_ + 1, data_), value(node_ + node_->more - 1, data_)};
}

} // namespace cotorra::bencode
