#include "io/reader.hpp"
#include "base/error.hpp"
#include <algorithm>

namespace cotorra::io {
namespace {
constexpr std::size_t first_size = 4 * 1024;
}

reader::reader(stream& from, std::size_t largest) : from_(from), largest_(largest) {}

task<bytes> reader::take(std::size_t n, source_location where) {
  // hole 0.2: wait until there are n bytes
  while (end_ - begin_ < n) {
    bool const more = co_await fill(n - (end_ - begin_), where);
    if (!more)
      throw protocol_error(errc::end_of_stream, "the other side left in mid-message");
  }
  // end hole 0.2
  bytes const out = bytes(buffer_).subspan(begin_, n);
  begin_ += n;
  co_return out;
}

task<bool> reader::fill(std::size_t room, source_location where) {
  make_room(room);
  from_.awaited_at(where);
  mutable_bytes const free = mutable_bytes(buffer_).subspan(end_);
  std::size_t const got = co_await from_.read_some(free);
  end_ += got;
  grow_ = got == free.size();
  co_return got != 0;
}

void reader::make_room(std::size_t room) {
  std::size_t const kept = end_ - begin_;
  std::size_t wanted = std::max({first_size, kept + room, buffer_.size()});
  if (grow_ && buffer_.size() < largest_) wanted = std::max(wanted, buffer_.size() * 2);
  if (begin_ != 0 &&
      (kept == 0 || buffer_.size() - end_ < room || wanted > buffer_.size())) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, kept);
    begin_ = 0;
    end_ = kept;
  }
  if (wanted > buffer_.size()) buffer_.resize(wanted);
}

} // namespace cotorra::io
