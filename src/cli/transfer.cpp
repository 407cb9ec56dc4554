#include "cli/transfer.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include "session/session.hpp"
#include <algorithm>
#include <fmt/format.h>

namespace cotorra::cli {
namespace {

json end_facts(session::torrent_status const& s, std::vector<party> const& all) {
  return {{"name", s.name},
          {"bytes", s.total_wanted},
          {"downloaded", s.total_payload_download},
          {"uploaded", s.total_payload_upload},
          {"failed_bytes", s.total_failed_bytes},
          {"redundant_bytes", s.total_redundant_bytes},
          {"pieces", s.num_pieces},
          {"pieces_believed", s.num_pieces_believed},
          {"peers", parties_json(all)}};
}

// What is known of a magnet link before its metadata is here.
std::shared_ptr<metainfo::metainfo const> known_of(session::add_torrent_params const& p) {
  auto known = std::make_shared<metainfo::metainfo>();
  known->hash = p.hash();
  known->name = p.name;
  known->url_list = p.url_seeds;
  return known;
}

} // namespace

transfer::transfer(transfer_desk const& desk, session::add_torrent_params const& p)
    : desk_(desk), info_(p.ti ? p.ti : known_of(p)), asked_(p.peers),
      begun_(desk.clock.now()) {
  if (p.ti) tell_start();
  if (p.ti || desk_.reports.wanted()) return;
  std::size_t const trackers = p.trackers.size() + p.user_trackers.size();
  bool const dht = uses_dht(desk_.options);
  say(fmt::format("{}: magnet link, info_hash {}; asks {}{} {}{} for the metadata",
                  sanitise(p.name), p.hash().hex(), count_of(trackers, "tracker"),
                  dht ? "," : " and", count_of(asked_.size(), "peer"),
                  dht ? " and the DHT" : ""));
  flush();
}

void transfer::learned(std::shared_ptr<metainfo::metainfo const> info) {
  info_ = std::move(info);
  tell_start();
}

void transfer::tell_start() const {
  metainfo::metainfo const& t = *info_;
  if (desk_.reports.wanted()) {
    desk_.reports.tell("started", t.hash,
                       {{"name", t.name},
                        {"info_hash", t.hash.hex()},
                        {"bytes", t.total_length},
                        {"pieces", t.pieces.size()},
                        {"files", t.files.size()}});
    return;
  }
  say(fmt::format("{}: {} in {}, {}, info_hash {}", sanitise(t.name),
                  human_size(t.total_length), count_of(t.files.size(), "file"),
                  count_of(t.pieces.size(), "piece"), t.hash.hex()));
  flush();
}

bool transfer::look(bool alone) {
  if (cancelled_) return false;
  session::torrent_status const s = torrent_.status();
  desk_.reports.look(s);
  tell_error(s, alone);
  tell_search(s);
  bool const now_complete = s.is_finished && !finished_;
  if (now_complete) {
    finished_ = desk_.clock.now();
    tell_complete(s);
  }
  over_ = finished_ ? !desk_.options.seed || shared_enough(s) : !s.error.empty();
  return now_complete;
}

bool transfer::shared_enough(session::torrent_status const& s) const {
  return desk_.options.goal.is_met(s, desk_.clock.now() - *finished_);
}

std::string words_on_bad_piece(piece_index i, std::optional<endpoint> const& banned) {
  if (banned)
    return fmt::format("peer {} sent a bad part of piece {}, and is banned",
                       banned->text(), i);
  return fmt::format("piece {} does not match its hash: it is fetched again, to find out "
                     "which of its senders is to blame",
                     i);
}

// With --json, the events "piece" and "peer" say it.
void transfer::bad_piece(piece_index i, std::optional<endpoint> const& banned) {
  std::string const words = words_on_bad_piece(i, banned);
  if (desk_.reports.wanted() || !bad_pieces_.is_news("", words, desk_.clock.now()))
    return;
  warn(fmt::format("{}: {}", sanitise(info_->name), words));
}

// alone: it is the only torrent, so the follower prints the error and waits for the key
// r.
void transfer::tell_error(session::torrent_status const& s, bool alone) {
  if (s.error == error_) return;
  error_ = s.error;
  if (alone || error_.empty()) return;
  warn(fmt::format("{}: {}", sanitise(info_->name), error_));
}

void transfer::tell_search(session::torrent_status const& s) {
  time_point const now = desk_.clock.now();
  bool const nothing_to_ask = s.trackers.empty() && asked_.empty() && !s.dht_nodes;
  if (!search_.is_due(s, nothing_to_ask, now)) return;
  search_facts const facts{*info_, asked_, desk_.listen_port};
  search_report const report = report_of(facts, s, torrent_.past_peers(), now);
  if (!search_.is_news(report)) return;
  if (desk_.reports.wanted())
    return desk_.reports.tell("searching", info_->hash,
                              {{"tried", report.tried}, {"next", report.next}});
  warn(fmt::format("{}: {}", sanitise(info_->name), report.text()));
}

void transfer::tell_complete(session::torrent_status const& s) const {
  double const took = seconds(*finished_ - begun_);
  auto const all = parties(torrent_);
  std::uint64_t const came = s.total_payload_download;
  if (desk_.reports.wanted()) {
    json facts{{"info_hash", s.info_hash.hex()}, {"seconds", took}};
    facts.update(end_facts(s, all));
    return desk_.reports.tell("complete", s.info_hash, facts);
  }
  if (s.total_wanted == 0)
    say(fmt::format("complete: what is wanted of {} is empty, so there was nothing to "
                    "fetch",
                    sanitise(s.name)));
  else if (came == 0)
    say(fmt::format("complete: {} was here already, {}", sanitise(s.name), how_sure(s)));
  else
    say(fmt::format("complete: {} in {} ({}), {}", human_size(came), human_duration(took),
                    human_rate(static_cast<double>(came) / std::max(took, 1e-3)),
                    how_sure(s)));
  say_parties(all);
  flush();
}

void transfer::rest(torrents& all) const {
  if (has_failed()) return torrent_.pause();
  all.retire(torrent_);
}

void transfer::cancel(session::session& s) {
  if (cancelled_) return;
  warn(fmt::format("{}: cancelled at {}; the pieces that are here stay on the disk",
                   sanitise(info_->name), human_percent(torrent_.status().progress)));
  if (desk_.reports.wanted()) tell_end();
  over_ = cancelled_ = true;
  s.remove_torrent(torrent_);
}

void transfer::tell_end() const {
  if (cancelled_) return;
  session::torrent_status const s = torrent_.status();
  if (!finished_) desk_.reports.look(s);
  bool const shared = finished_ && desk_.options.seed;
  if (finished_ && !shared) return; // tell_complete() has said it all
  auto const all = parties(torrent_);
  if (desk_.reports.wanted()) {
    json facts = end_facts(s, all);
    facts["progress"] = s.progress;
    facts["bytes"] = s.total_wanted_done;
    return desk_.reports.tell("stopped", s.info_hash, facts);
  }
  if (!shared && (has_failed() || !s.error.empty())) return;
  if (!shared)
    return warn(fmt::format("stopped at {}; the same command goes on from there",
                            human_percent(s.progress)));
  say(fmt::format("shared: {} of {}", human_size(s.total_payload_upload),
                  sanitise(s.name)));
  say_parties(all);
}

} // namespace cotorra::cli
