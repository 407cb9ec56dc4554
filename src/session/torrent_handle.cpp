#include "session/torrent_handle.hpp"
#include "session/session.hpp"
#include "session/torrent.hpp"
#include <stdexcept>

namespace cotorra::session {

bool torrent_handle::is_valid() const { return session_ && session_->find(hash_); }

torrent& torrent_handle::find() const {
  torrent* t = session_ ? session_->find(hash_) : nullptr;
  if (!t) throw std::logic_error("this torrent_handle is not valid (any more)");
  return *t;
}

torrent_status torrent_handle::status() const { return find().status(); }
std::vector<peer_info> torrent_handle::get_peer_info() const {
  return find().peers().now();
}
std::vector<peer_info> torrent_handle::past_peers() const {
  return find().peers().past();
}
void torrent_handle::pause() const { find().pause(); }
void torrent_handle::resume() const { find().resume(); }
void torrent_handle::connect_peer(endpoint e) const {
  find().peers().found(peer_source::user, std::span(&e, 1));
}
void torrent_handle::set_sequential_download(bool on) const { find().set_sequential(on); }

} // namespace cotorra::session
