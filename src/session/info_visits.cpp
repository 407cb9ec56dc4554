#include "session/info_visits.hpp"
#include <algorithm>
#include <fmt/format.h>

namespace cotorra::session {

using arrival = extension::info_download::arrival;

info_visits::info_visits(host& h, io::world const& w, settings const& s,
                         info_hash const& hash, std::function<void(buffer)> learned)
    : host_(h), world_(w), settings_(s), learned_(std::move(learned)), download_(hash) {}

void info_visits::begin(io::task_group& group, connected_peer p,
                        extension::peer_extensions::introduction ours) {
  info_visit::host& me = *this;
  auto fresh =
      std::make_unique<info_visit>(me, world_, settings_, std::move(p), std::move(ours));
  auto const self = all_.insert(all_.end(), std::move(fresh));
  group.spawn(talk(self), "visit");
}

task<> info_visits::talk(visit_list::iterator self) {
  info_visit& visit = **self;
  co_await visit.run();
  download_.remove_peer(visit.key());
  host_.visit_ended(visit);
  all_.erase(self);
  ask(world_.clock.now()); // another peer is to give what this one did not
}

void info_visits::close(std::string const& because) {
  for (auto const& v : all_) v->disconnect(errc::shut_down, because);
}

void info_visits::tick(time_point now) {
  for (auto const& v : all_) v->tick(now);
  ask(now);
}

void info_visits::ask(time_point now) {
  for (auto const& [key, piece] : download_.next(now))
    if (info_visit* const v = find(key)) v->ask(piece);
}

info_visit* info_visits::find(peer_key key) {
  auto const it = std::ranges::find(all_, key, [](auto const& v) { return v->key(); });
  return it == all_.end() || (*it)->ended() ? nullptr : it->get();
}

void info_visits::metadata_offered(info_visit& from, std::uint64_t size) {
  if (download_.done()) return;
  if (!download_.add_peer(from.key(), size))
    throw protocol_error(
        errc::limit_exceeded,
        fmt::format("the peer says that the metadata has {} bytes: no more than {} are "
                    "accepted, and no other size later",
                    size, extension::info_download::largest));
  ask(from.now());
}

void info_visits::metadata_came(info_visit& from, extension::metadata_message const& m) {
  if (m.msg_type == extension::metadata_message::type::reject)
    download_.rejected(from.key(), m.piece, from.now());
  else
    judge(from, download_.data(from.key(), m, from.now()));
  ask(from.now());
}

void info_visits::judge(info_visit& from, arrival what) {
  if (what == arrival::absurd)
    throw protocol_error(errc::malformed_message,
                         "the peer sent a piece of metadata of a wrong size");
  if (what == arrival::lied) {
    host_.lied(from);
    throw protocol_error(errc::bad_piece,
                         "the peer sent metadata that does not match the info_hash");
  }
  if (what == arrival::proven) learned_(download_.info());
}

void info_visits::add_members(std::vector<admission::member>& to) const {
  for (auto const& v : all_)
    if (!v->ended()) to.push_back(v->as_member());
}

void info_visits::make_room(peer_key key) {
  info_visit* const v = find(key);
  if (!v) return;
  v->disconnect(errc::idle_for_long, "it gave no metadata for long, and others may");
  v->give_up_place();
}

void info_visits::add_infos(std::vector<peer_info>& to) const {
  for (auto const& v : all_) to.push_back(v->info());
}

} // namespace cotorra::session
