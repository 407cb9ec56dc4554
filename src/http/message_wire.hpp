// The heads of HTTP/1.1 messages (RFC 9112): the first line and the fields after it.
#pragma once
#include "base/bytes.hpp"
#include "http/url_wire.hpp"
#include <optional>
#include <string>
#include <vector>

namespace cotorra::http {

constexpr std::size_t largest_head = 16 * 1024; // of a request
constexpr std::size_t largest_answer_head = 64 * 1024;
constexpr std::size_t most_fields = 100; // of a request; an answer is limited in bytes

bool same_word(std::string_view, std::string_view); // ignores case

struct field {
  std::string name, value;
};

class header_fields {
public:
  void add(std::string name, std::string value);
  void append_to_last(std::string_view); // there must be one
  // The value of the first field with that name, ignoring case.
  std::optional<std::string_view> find(std::string_view name) const;
  // The comma-separated values of all fields with that name.
  std::vector<std::string_view> words(std::string_view name) const;
  // Is this word one of them?
  bool has_word(std::string_view name, std::string_view word) const;
  std::vector<field> const& all() const { return fields_; }

private:
  std::vector<field> fields_;
};

struct response_head {
  int status = 0;
  std::string reason;
  header_fields fields;
};

struct request_head {
  std::string method;
  std::string target; // path and query, still percent-coded
  header_fields fields;
  bool keep_alive = true; // the client may send more requests on this connection

  std::string_view path() const;  // the target up to the '?'
  std::string_view query() const; // the rest, after the '?'
  bool has_body() const;
};

// Size of the head at the front of `in`, with its empty line; nullopt while it is
// incomplete. `scanned` bytes of `in` were there at an earlier call and hold no end: a
// peer that sends byte by byte must not make us look at each of them again and again.
// Throws protocol_error{limit_exceeded} past `limit`.
std::optional<std::size_t> head_size(bytes in, std::size_t limit = largest_head,
                                     std::size_t scanned = 0);

// Both throw protocol_error{malformed_http}; a request with more than most_fields throws
// {limit_exceeded}. Answers are read leniently: malformed fields are skipped, folded
// lines joined, and control characters in a value become spaces (RFC 9112, section 5;
// RFC 9110, section 5.5). Requests are read strictly: if two servers read one
// differently, a second request could hide in it.
response_head decode_response_head(bytes head);
request_head decode_request_head(bytes head);

// A GET that asks for plain bytes, and for the server to close the connection afterwards.
// The URL's user goes into an Authorization field (RFC 7617).
std::string encode_request_head(url const&);
// The head of an answer with a body of that many bytes.
std::string encode_response_head(int status, header_fields const&, std::size_t body_size,
                                 bool keep_alive);
std::string_view reason_phrase(int status);

} // namespace cotorra::http
