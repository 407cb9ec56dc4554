#include "http/content_coding.hpp"
#include "base/error.hpp"
#include <algorithm>
#include <fmt/format.h>
#include <zlib.h>

namespace cotorra::http {
namespace {

constexpr int gzip_or_zlib = 15 + 32, bare_deflate = -15; // zlib's names for its formats
constexpr std::size_t most_codings = 4;                   // on top of each other
constexpr std::size_t portion = 64 * 1024;

unsigned byte_at(bytes in, std::size_t i) {
  return i < in.size() ? std::to_integer<unsigned>(in[i]) : 0;
}

bool begins_like_gzip(bytes in) {
  return byte_at(in, 0) == 0x1f && byte_at(in, 1) == 0x8b;
}

bool begins_like_zlib(bytes in) {
  return (byte_at(in, 0) & 0x0f) == 8 &&
         (byte_at(in, 0) * 256 + byte_at(in, 1)) % 31 == 0;
}

// One run of zlib over a complete body.
class inflater {
public:
  inflater(bytes in, int format) {
    stream_.next_in =
        reinterpret_cast<Bytef*>(const_cast<std::byte*>(in.data())); // zlib only reads
    stream_.avail_in = static_cast<uInt>(in.size());
    if (inflateInit2(&stream_, format) != Z_OK) throw std::bad_alloc();
  }
  ~inflater() { inflateEnd(&stream_); }
  inflater(inflater const&) = delete;

  // Appends at most `room` bytes. True when it is done.
  bool step(buffer& out, std::size_t room) {
    stream_.next_out = reinterpret_cast<Bytef*>(scratch_.data());
    stream_.avail_out = static_cast<uInt>(std::min(room, scratch_.size()));
    std::size_t const most = stream_.avail_out;
    status_ = ::inflate(&stream_, Z_NO_FLUSH);
    append(out, bytes(scratch_).first(most - stream_.avail_out));
    bool const another = status_ == Z_STREAM_END && stream_.avail_in > 1 &&
                         stream_.next_in[0] == 0x1f && stream_.next_in[1] == 0x8b;
    if (another) return inflateReset(&stream_) != Z_OK; // several gzip members in a row
    return status_ != Z_OK;
  }
  bool ended() const { return status_ == Z_STREAM_END; }
  bool ended_too_soon() const { return status_ == Z_BUF_ERROR; }

private:
  z_stream stream_{};
  int status_ = Z_OK;
  buffer scratch_ = buffer(portion); // a member: clearing it for each step would be slow
};

[[noreturn]] void damaged(std::string_view coding) {
  throw protocol_error(errc::malformed_http,
                       fmt::format("the answer is compressed ({}), and damaged", coding));
}

unpacked inflate(bytes in, int format, std::string_view coding, std::size_t limit) {
  unpacked out;
  inflater run(in, format);
  for (bool over = false; !over;) {
    over = run.step(out.body, std::min(portion, limit + 1 - out.body.size()));
    if (out.body.size() > limit)
      throw protocol_error(errc::limit_exceeded,
                           fmt::format("the answer has more than {} bytes", limit));
  }
  out.cut_off = run.ended_too_soon();
  if (!run.ended() && !out.cut_off) damaged(coding);
  return out;
}

unpacked undo(std::string_view coding, buffer in, std::size_t limit) {
  if (same_word(coding, "gzip") || same_word(coding, "x-gzip")) {
    if (begins_like_gzip(in)) return inflate(in, gzip_or_zlib, coding, limit);
  } else if (same_word(coding,
                       "deflate")) { // zlib's format, but many servers send it bare
    if (begins_like_gzip(in) || begins_like_zlib(in))
      return inflate(in, gzip_or_zlib, coding, limit);
    try {
      return inflate(in, bare_deflate, coding, limit);
    } catch (protocol_error const& e) {
      if (e.code() == errc::limit_exceeded) throw;
    }
  }
  return {std::move(in)};
}

} // namespace

unpacked unpack(header_fields const& fields, buffer body, std::size_t limit) {
  std::vector<std::string_view> codings = fields.words("Content-Encoding");
  for (std::string_view word : fields.words("Transfer-Encoding")) codings.push_back(word);
  if (codings.size() > most_codings)
    throw protocol_error(errc::limit_exceeded, "the answer is packed too many times");
  unpacked out{std::move(body)};
  for (auto coding = codings.rbegin(); coding != codings.rend(); ++coding) {
    bool const cut_off = out.cut_off;
    out = undo(*coding, std::move(out.body), limit);
    out.cut_off = out.cut_off || cut_off;
  }
  return out;
}

} // namespace cotorra::http
