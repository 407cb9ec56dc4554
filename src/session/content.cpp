#include "session/content.hpp"
#include "io/offload.hpp"
#include "piece/resume_file.hpp"
#include "piece/torrent_files.hpp"

namespace cotorra::session {

content::content(io::world const& w, settings const& s, shared_disk& disk,
                 add_torrent_params const& p, download::host& told)
    : world_(w), params_(p), layout_(p.ti->total_length, p.ti->piece_length),
      storage_(p.save_path, files_of(p)), disk_(disk),
      download_(w, s, *p.ti, layout_, storage_, disk, told),
      resume_(w, p.ti->hash, storage_, layout_, disk.lane) {
  download_.picker().set_sequential(p.sequential_download);
  storage_.use_part_file(piece::part_file_name(p.ti->hash));
  storage_.use_part_names(p.part_names);
  storage_.set_overwrite(p.overwrite);
  want_selected_files();
}

piece::file_map content::files_of(add_torrent_params const& params) {
  return piece::file_map(params.files.empty() ? piece::files_of(*params.ti)
                                              : params.files);
}

void content::want_selected_files() {
  auto const& wanted = params_.wanted_files;
  total_wanted_ = layout_.total_length();
  if (wanted.empty()) return;
  bitfield const pieces = piece::wanted_pieces(storage_.files(), layout_, wanted);
  for (piece_index i = 0; i < layout_.piece_count(); ++i) {
    download_.picker().set_wanted(i, pieces[i]);
    if (!pieces[i]) total_wanted_ -= layout_.size(i);
  }
  for (std::size_t f = 0; f < wanted.size(); ++f) storage_.set_wanted(f, wanted[f]);
}

// A piece that is not here cannot be offered; when it comes, it can.
void content::offer_share() {
  if (!params_.share) return;
  shared_ = *params_.share;
  for (piece_index i = 0; i < layout_.piece_count(); ++i)
    if (!download_.have()[i]) shared_.reset(i);
}

void content::verified(piece_index i) {
  if (params_.share && (*params_.share)[i]) shared_.set(i);
  settled_ = false;
}

task<std::error_code> content::check() {
  storage_.close(); // files may have been replaced meanwhile: open them anew by name
  std::error_code error = co_await make_files();
  if (error) co_return error;
  piece::resume_plan plan = co_await resume_.begin(params_.check_files);
  believed_ = plan.believed.count();
  to_check_ = plan.to_check.count();
  piece::on_check_progress told = [this](piece::check_progress const& p) {
    checked_ = double(p.checked) / double(p.total);
  };
  bitfield const found = co_await check_until_quiet(plan.to_check, told);
  for (piece_index i = 0; i < found.size(); ++i)
    if (found[i] || plan.believed[i])
      download_.picker().mark_have(i);
    else
      download_.picker().lost(i);
  if (ours_) plan.known.assign(plan.known.size(), true);
  error = co_await try_what_lacks(plan.known);
  if (error) co_return error;
  ours_ = true;
  settled_ = true;
  storage_.rest();
  offer_share();
  co_return error;
}

// A check may take an hour. If another program writes to a file meanwhile, what was
// hashed is not what is there: it is checked again.
task<bitfield> content::check_until_quiet(bitfield const& which,
                                          piece::on_check_progress const& told) {
  auto look = [this] { return piece::stamp_files(storage_); };
  for (int changed = 0;; ++changed) {
    piece::file_stamps const before = co_await io::offload(world_.workers, look);
    bitfield found = co_await piece::check_pieces(world_.workers, storage_, layout_,
                                                  download_.hashes(), which, told);
    piece::file_stamps const after = co_await io::offload(world_.workers, look);
    if (before == after) co_return found;
    if (changed < most_times_changed) continue;
    times_changed_ = most_times_changed + 1;
    co_return bitfield(found.size());
  }
}

task<std::error_code> content::make_files() {
  auto make = [this] { return storage_.prepare(); };
  std::error_code error;
  if (!params_.upload_mode) error = co_await io::offload(world_.workers, make);
  co_return error;
}

std::vector<bool> content::lacking_files() const {
  std::vector<bool> lacking(storage_.files().size());
  for (piece_index i = 0; i < layout_.piece_count(); ++i) {
    if (!wants(i)) continue;
    auto const files = storage_.files().files_of(i, layout_);
    for (std::size_t f = files.first; f != files.end; ++f) lacking[f] = true;
  }
  return lacking;
}

// A user without the right to write there learns it now, and not with the first piece.
task<std::error_code> content::try_what_lacks(std::vector<bool> const& known) {
  std::vector<bool> const lacking = lacking_files();
  auto may_write = [this, &lacking, &known] {
    for (std::size_t f = 0; f < lacking.size(); ++f)
      if (lacking[f])
        if (std::error_code const e = storage_.may_write(f)) return e;
    return params_.upload_mode ? std::error_code()
                               : storage_.begin(layout_, download_.have(), known);
  };
  std::error_code const error = co_await io::offload(world_.workers, may_write);
  co_return error;
}

task<bool> content::look_again() {
  auto look = [this] {
    for (std::size_t f = 0; f < storage_.files().size(); ++f)
      if (!storage_.untouched(f)) return false;
    return true;
  };
  settled_ = co_await io::offload(world_.workers, look);
  if (!settled_) ++times_changed_;
  co_return settled_;
}

task<> content::keep_saving() {
  if (params_.upload_mode) co_return;
  bool more_comes = true;
  while (more_comes) {
    co_await world_.clock.sleep_for(resume_keeper::interval);
    more_comes = !wanted_are_here();
    bitfield now = download_.have();
    co_await resume_.save(std::move(now), false);
  }
}

task<> content::keep(bool leaving) {
  if (params_.upload_mode) co_return;
  try {
    bitfield here = download_.have();
    if (here.none() || (leaving && is_complete()))
      co_await resume_.remove(leaving && is_complete());
    else
      co_await resume_.save(std::move(here), true);
  } catch (std::exception const&) {
    // without it the next start checks everything: slower, and just as right
  }
}

} // namespace cotorra::session
