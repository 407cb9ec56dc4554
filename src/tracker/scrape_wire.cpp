#include "tracker/scrape_wire.hpp"
#include "base/error.hpp"
#include "bencode/encode_wire.hpp"
#include "tracker/lenient.hpp"
#include <algorithm>
#include <map>

namespace cotorra::tracker {
namespace {

using bencode::value;
constexpr std::size_t most_files = 20'000;
constexpr std::string_view announce_word = "announce", scrape_word = "scrape";

swarm_counts read_counts(value v, scrape_answer& out) {
  auto const read = [&](char const* key) {
    value const n = v.find(key);
    out.passed_over += n && !number_in(n);
    return count_in(n);
  };
  return {read("complete"), read("incomplete"), read("downloaded")};
}

void read_files(value files, scrape_answer& out) {
  for (auto const& [key, v] : files.entries()) {
    bool const good = key.size() == info_hash::size && v.is_dictionary();
    if (good && out.files.size() < most_files)
      out.files.emplace_back(info_hash::from(as_bytes(key)), read_counts(v, out));
    else
      ++out.passed_over;
  }
}

void write_number(bencode::writer& w, char const* key, std::optional<std::uint32_t> n) {
  if (!n) return;
  w.key(key);
  w.integer(*n);
}

} // namespace

swarm_counts const* scrape_answer::find(cotorra::info_hash const& hash) const {
  auto const at = std::ranges::find(files, hash, [](auto const& f) { return f.first; });
  return at == files.end() ? nullptr : &at->second;
}

std::optional<std::string> scrape_url(std::string_view tracker,
                                      std::vector<cotorra::info_hash> const& hashes) {
  std::string out(tracker.substr(0, tracker.find('#')));
  std::size_t const query = std::min(out.find('?'), out.size());
  std::size_t const authority = out.find("://");
  std::size_t const slash = out.rfind('/', query);
  if (authority == out.npos || slash < authority + 3) return std::nullopt;
  std::string_view const last = std::string_view(out).substr(slash + 1);
  bool const scrapes = last.starts_with(scrape_word);
  if (!scrapes && !last.starts_with(announce_word)) return std::nullopt;
  char mark = query == out.size() ? '?' : '&';
  if (out.back() == '?' || out.back() == '&') mark = '\0';
  if (!scrapes) out.replace(slash + 1, announce_word.size(), scrape_word);
  for (cotorra::info_hash const& hash : hashes) {
    if (mark) out += mark;
    out += "info_hash=" + percent_encode(hash.view());
    mark = '&';
  }
  return out;
}

scrape_answer decode_scrape(bytes body) {
  bencode::document const doc = read_answer(body);
  value const reason = doc.root().find("failure reason");
  value const files = doc.root().find("files");
  scrape_answer out;
  if (files.is_dictionary())
    read_files(files, out);
  else if (reason.is_string())
    out.failure_reason = words_of(reason.text());
  else
    throw protocol_error(errc::malformed_answer,
                         "the tracker's answer has no dictionary \"files\"");
  return out;
}

std::vector<cotorra::info_hash> decode_scrape_query(std::string_view query) {
  constexpr std::string_view name = "info_hash=";
  std::vector<cotorra::info_hash> all;
  while (!query.empty()) {
    std::size_t const end = std::min(query.find('&'), query.size());
    std::string_view const part = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (!part.starts_with(name)) continue;
    auto const hash = percent_decode(part.substr(name.size()));
    if (!hash || hash->size() != info_hash::size)
      throw protocol_error(errc::malformed_message,
                           "info_hash is not 20 bytes, percent-coded");
    all.push_back(info_hash::from(as_bytes(*hash)));
  }
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

buffer encode(scrape_answer const& a) {
  buffer out;
  bencode::writer w(out);
  w.dictionary();
  if (a.failure_reason) {
    w.key("failure reason");
    w.string(*a.failure_reason);
    w.end();
    return out;
  }
  w.key("files");
  w.dictionary();
  for (auto const& [hash, counts] : std::map(a.files.begin(), a.files.end())) {
    w.key(as_text(hash.view()));
    w.dictionary();
    write_number(w, "complete", counts.complete);
    write_number(w, "downloaded", counts.downloaded);
    write_number(w, "incomplete", counts.incomplete);
    w.end();
  }
  w.end();
  w.end();
  return out;
}

} // namespace cotorra::tracker
