#include "extension/info_server.hpp"
#include <algorithm>

namespace cotorra::extension {

info_server::info_server(bytes info)
    : info_(info), most_(2.0 * metadata_pieces(info.size())), left_(most_) {}

metadata_message info_server::answer(std::uint32_t piece, time_point now) {
  metadata_message m;
  m.piece = piece;
  std::uint32_t const length = metadata_length(info_.size(), piece);
  if (length == 0 || !may_have_one(now)) {
    m.msg_type = metadata_message::type::reject;
    return m;
  }
  m.msg_type = metadata_message::type::data;
  m.total_size = info_.size();
  m.block = info_.subspan(std::size_t{piece} * metadata_piece_size, length);
  return m;
}

// The metadata twice at once, and then a little each second.
bool info_server::may_have_one(time_point now) {
  // hole 8.6: twice at once, and then a little
  if (counted_)
    left_ = std::min(most_, left_ + pieces_per_second * seconds(now - *counted_));
  counted_ = now;
  if (left_ < 1) return false;
  left_ -= 1;
  return true;
  // end hole 8.6
}

} // namespace cotorra::extension
