#include "http/body.hpp"
#include "base/error.hpp"
#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace cotorra::http {
namespace {

constexpr std::size_t longest_line = 256; // a chunk size with its extensions
constexpr std::size_t longest_trailer = largest_head;

[[noreturn]] void malformed(std::string const& clause) {
  throw protocol_error(errc::malformed_http, clause);
}

// The number that fills all of `digits`; the largest one if it does not fit into 64 bits.
std::optional<std::size_t> number(std::string_view digits, int base) {
  std::size_t n = 0;
  char const* const end = digits.data() + digits.size();
  auto const [stop, error] = std::from_chars(digits.data(), end, n, base);
  if (stop != end || digits.empty()) return std::nullopt;
  if (error == std::errc::result_out_of_range) return std::size_t(-1);
  return n;
}

} // namespace

body_decoder::body_decoder(response_head const& head, std::size_t limit) : limit_(limit) {
  auto lengths = head.fields.words("Content-Length");
  std::erase(lengths, ""); // as if it were not there
  if (head.status < 200 || head.status == 204 || head.status == 304) {
    state_ = state::done;
  } else if (head.fields.has_word("Transfer-Encoding", "chunked")) {
    state_ = state::chunk_size;
  } else if (!lengths.empty()) {
    expect_length(lengths.front());
    for (std::string_view one : lengths) // repeating the same length is harmless
      if (one != lengths.front()) malformed("the answer has two lengths");
  }
}

void body_decoder::expect_length(std::string_view digits) {
  auto const n = number(digits, 10);
  if (!n) malformed("Content-Length is not a number");
  if (*n > limit_)
    throw protocol_error(
        errc::limit_exceeded,
        fmt::format("the answer has {} bytes, more than {}", digits, limit_));
  left_ = *n;
  state_ = left_ == 0 ? state::done : state::length;
}

std::size_t body_decoder::take(bytes in, buffer& out) {
  std::size_t used = 0;
  while (used < in.size() && !done()) {
    bool const data = state_ == state::length || state_ == state::until_closed ||
                      state_ == state::chunk_data;
    if (data)
      used += take_data(in.subspan(used), out);
    else
      take_line_byte(static_cast<char>(in[used++]));
  }
  return used;
}

std::size_t body_decoder::take_data(bytes in, buffer& out) {
  if (state_ != state::until_closed) in = in.first(std::min(in.size(), left_));
  if (out.size() + in.size() > limit_)
    throw protocol_error(errc::limit_exceeded,
                         fmt::format("the answer has more than {} bytes", limit_));
  append(out, in);
  if (state_ == state::until_closed) return in.size();
  left_ -= in.size();
  if (left_ == 0) state_ = state_ == state::length ? state::done : state::chunk_end;
  return in.size();
}

void body_decoder::take_line_byte(char c) {
  if (c == '\n') return end_line();
  line_ += c;
  ++line_bytes_;
  if (state_ == state::trailer ? line_bytes_ > longest_trailer
                               : line_.size() > longest_line)
    throw protocol_error(errc::limit_exceeded, "a line between the chunks is too long");
}

void body_decoder::end_line() {
  if (!line_.empty() && line_.back() == '\r') line_.pop_back();
  if (state_ == state::chunk_size) {
    begin_chunk();
  } else if (state_ == state::chunk_end) {
    if (!line_.empty()) malformed("a chunk is longer than it says");
    state_ = state::chunk_size;
  } else if (line_.empty()) { // the end of the trailer, whose fields we ignore
    state_ = state::done;
  }
  line_.clear();
}

void body_decoder::begin_chunk() {
  std::string_view digits = std::string_view(line_).substr(0, line_.find(';'));
  while (!digits.empty() && (digits.back() == ' ' || digits.back() == '\t'))
    digits.remove_suffix(1);
  // hole 3.3: begin a chunk, or the trailer
  auto const n = number(digits, 16);
  if (!n) malformed("a chunk has no size");
  left_ = *n;
  line_bytes_ = 0;
  state_ = left_ == 0 ? state::trailer : state::chunk_data;
  // end hole 3.3
}

bool body_decoder::ends_here() {
  // In the trailer, the last chunk is here and only the final empty line is missing.
  bool const all_came = state_ == state::until_closed || state_ == state::trailer;
  if (all_came) state_ = state::done;
  return done();
}

void body_decoder::stream_ended() {
  if (!ends_here())
    throw protocol_error(errc::end_of_stream,
                         "the connection ended in the middle of the answer");
}

} // namespace cotorra::http
