#include "python/alerts_python.hpp"
#include "http/url_wire.hpp"
#include <array>
#include <utility>

namespace cotorra::python {
namespace {

constexpr std::array names{"state_changed",   "torrent_finished", "torrent_paused",
                           "torrent_resumed", "torrent_error",    "piece_finished",
                           "hash_failed",     "peer_ban",         "tracker_error",
                           "tracker_reply"};
// That wait for a call of pop_alerts(), as libtorrent's alert_queue_size has it. Liars
// can send any number of bad pieces: where 1000 alerts wait, those are told no more.
constexpr std::size_t most_alerts = 2000, most_for_bad_pieces = 1000;

template <std::size_t Kind> struct alert_of : alert {
  explicit alert_of(alert a) : alert(std::move(a)) {}
};

template <std::size_t... Kind>
std::shared_ptr<alert> typed(alert a, std::index_sequence<Kind...>) {
  std::shared_ptr<alert> out;
  ((static_cast<std::size_t>(a.kind) == Kind
        ? void(out = std::make_shared<alert_of<Kind>>(a))
        : void()),
   ...);
  return out;
}

template <std::size_t... Kind>
void bind_kinds(py::module_& m, std::index_sequence<Kind...>) {
  (py::class_<alert_of<Kind>, alert, std::shared_ptr<alert_of<Kind>>>(
       m, (std::string(names[Kind]) + "_alert").c_str()),
   ...);
}

constexpr std::make_index_sequence<names.size()> all_kinds;

} // namespace

std::string alert::what() const { return names[static_cast<std::size_t>(kind)]; }

std::string alert::message() const {
  std::string out = torrent_name + " " + what();
  if (kind == alert_kind::piece_finished || kind == alert_kind::hash_failed)
    out += ": piece " + std::to_string(piece);
  if (kind == alert_kind::peer_ban) out += ": " + ip.text();
  if (!url.empty()) out += ": " + url;
  return text.empty() ? out : out + ": " + text;
}

std::shared_ptr<alert> typed(alert a) { return typed(std::move(a), all_kinds); }

void alert_log::add(alert_kind kind, session::torrent_status const& s, alert with) {
  with.kind = kind;
  with.hash = s.info_hash;
  with.torrent_name = s.name;
  add(std::move(with));
}

void alert_log::add(alert a) {
  if (waiting_.size() < most_alerts) waiting_.push_back(std::move(a));
}

void alert_log::look(session::torrent_status const& now) {
  using enum alert_kind;
  auto const found = seen_.find(now.info_hash);
  if (found == seen_.end()) return;
  seen& known = found->second;
  session::torrent_status const& before = known.status;
  bool const is_new = before.name.empty();
  if (known.checked)
    for (std::size_t i = 0; i < now.pieces.size(); ++i)
      if (now.pieces[i] && !before.pieces[i]) {
        alert a;
        a.piece = static_cast<piece_index>(i);
        add(piece_finished, now, std::move(a));
      }
  if (now.state != before.state) {
    alert a;
    a.before = state_of(before);
    a.now = state_of(now);
    add(state_changed, now, std::move(a));
  }
  look_at_trackers(before, now);
  if (now.is_finished && !before.is_finished) add(torrent_finished, now);
  if (now.error != before.error && !now.error.empty()) {
    alert a;
    a.text = now.error;
    add(torrent_error, now, std::move(a));
  }
  if (now.paused && !before.paused) add(torrent_paused, now);
  if (!is_new && !now.paused && before.paused) add(torrent_resumed, now);
  bool const checked = now.state != session::torrent_status::state_t::checking_files;
  known = {checked, now};
}

void alert_log::look_at_trackers(session::torrent_status const& before,
                                 session::torrent_status const& now) {
  for (tracker::tracker_status const& t : now.trackers) {
    auto const old =
        std::ranges::find(before.trackers, t.url, &tracker::tracker_status::url);
    bool const is_known = old != before.trackers.end();
    bool const answered = t.state == tracker::tracker_state::working;
    bool const is_same = is_known && old->state == t.state;
    bool const failed = t.failures > (is_known ? old->failures : 0) ||
                        (!is_same && t.state == tracker::tracker_state::unusable);
    if (is_same && !failed) continue;
    alert a;
    a.url = http::printable(t.url);
    a.text = t.message;
    if (failed)
      add(alert_kind::tracker_error, now, std::move(a));
    else if (answered)
      add(alert_kind::tracker_reply, now, std::move(a));
  }
}

void alert_log::bad_piece(metainfo::metainfo const& ti, piece_index i,
                          std::optional<endpoint> const& banned) {
  if (waiting_.size() >= most_for_bad_pieces || !seen_.contains(ti.hash)) return;
  alert a;
  a.kind = banned ? alert_kind::peer_ban : alert_kind::hash_failed;
  a.hash = ti.hash;
  a.torrent_name = ti.name;
  a.piece = i;
  if (banned) a.ip = *banned;
  add(std::move(a));
}

std::vector<alert> alert_log::take() { return std::exchange(waiting_, {}); }

void bind_alerts(py::module_& m) {
  py::class_<alert, std::shared_ptr<alert>>(m, "alert", "What happened to a torrent.")
      .def("what", &alert::what, "As torrent_finished.")
      .def("message", &alert::message)
      .def("error_message", [](alert const& a) { return a.text; })
      .def_readonly("handle", &alert::handle)
      .def_readonly("torrent_name", &alert::torrent_name)
      .def_readonly("piece_index", &alert::piece)
      .def_readonly("url", &alert::url)
      .def_readonly("state", &alert::now)
      .def_readonly("prev_state", &alert::before)
      .def_property_readonly(
          "ip", [](alert const& a) { return address(a.ip.address.text(), a.ip.port); })
      .def("__repr__", [](alert const& a) { return "<" + a.message() + ">"; });
  bind_kinds(m, all_kinds);
}

} // namespace cotorra::python
