#include "metainfo/links.hpp"
#include "metainfo/info_wire.hpp"
#include "metainfo/safe_name.hpp"
#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace cotorra::metainfo {
namespace {

using names = std::vector<std::string>;

// The torrent's files, folders and links, each a node with a number. A node is found by
// its folder's number and its own name, so that memory grows only with the total of
// names.
class tree {
public:
  explicit tree(std::vector<file_entry>& files) {
    for (file_entry& file : files)
      if (!file.padding) add(file);
  }

  // Resolves `symlink` of each link; clears it if the link leads nowhere.
  void resolve() {
    for (std::size_t i = 0; i < nodes_.size(); ++i)
      if (nodes_[i].link) follow(i);
  }

private:
  static constexpr std::size_t root = 0;
  static constexpr unsigned most_hops = 40; // as on Linux

  enum class state { unseen, followed_now, good, broken };
  struct node {
    std::size_t folder = root;
    std::string_view name;
    file_entry* link = nullptr;
    state seen = state::unseen;
    std::size_t leads_to = root;
  };
  struct found {
    std::size_t at;
    names path; // below the torrent's folder
  };

  using node_key = std::pair<std::size_t, std::string_view>; // folder, name

  void add(file_entry& file) {
    std::size_t at = root;
    for (std::size_t i = 1; i < file.path.size(); ++i) {
      auto const [entry, is_new] =
          numbers_.try_emplace(node_key(at, file.path[i]), nodes_.size());
      if (is_new) nodes_.push_back({at, file.path[i]});
      at = entry->second;
    }
    if (!file.symlink.empty()) nodes_[at].link = &file;
  }

  names path_of(std::size_t at) const {
    names out;
    for (; at != root; at = nodes_[at].folder) out.emplace_back(nodes_[at].name);
    std::reverse(out.begin(), out.end());
    return out;
  }

  // Where `target` leads, starting from that folder.
  std::optional<found> walk(std::size_t at, names const& target) {
    names path = path_of(at);
    for (std::string const& name : target) {
      if (name == ".") continue;
      if (name == "..") {
        if (at == root) return std::nullopt;
        at = nodes_[at].folder;
        path = path_of(at);
        continue;
      }
      auto const next = numbers_.find(node_key(at, name));
      if (next == numbers_.end()) return std::nullopt;
      at = next->second;
      path.push_back(name);
      if (!nodes_[at].link) continue;
      if (!follow(at)) return std::nullopt;
      at = nodes_[at].leads_to;
    }
    if (at == root) return std::nullopt;
    return found{at, std::move(path)};
  }

  bool follow(std::size_t index) {
    node& from = nodes_[index];
    if (from.seen != state::unseen) return from.seen == state::good;
    from.seen = state::followed_now; // if we meet it again now, it is a circle
    std::optional<found> to;
    ++hops_;
    if (hops_ <= most_hops) to = walk(root, from.link->symlink);
    if (hops_ <= most_hops && !to) to = walk(from.folder, from.link->symlink);
    --hops_;
    from.seen = to ? state::good : state::broken;
    from.link->symlink.clear();
    if (!to) return false;
    from.leads_to = to->at;
    from.link->symlink = std::move(to->path);
    from.link->symlink.insert(from.link->symlink.begin(), from.link->path.front());
    return true;
  }

  std::vector<node> nodes_ = std::vector<node>(1); // the first is the torrent's folder
  std::map<node_key, std::size_t> numbers_;
  unsigned hops_ = 0;
};

} // namespace

std::vector<std::string> decode_link_target(bencode::value symlink_path) {
  if (!symlink_path.is_list()) return {};
  names out;
  for (bencode::value v : symlink_path.elements()) {
    if (!v.is_string()) return {};
    bool const moves = v.text() == "." || v.text() == "..";
    out.push_back(moves ? std::string(v.text()) : safe_name(v.text()));
  }
  return out;
}

void resolve_links(metainfo& out) {
  std::vector<std::size_t> links;
  for (std::size_t i = 0; i < out.files.size(); ++i)
    if (!out.files[i].symlink.empty()) links.push_back(i);
  if (links.empty()) return;
  tree(out.files).resolve();
  for (std::size_t i : links) {
    file_entry& file = out.files[i];
    if (!file.symlink.empty()) continue;
    file.padding = true;
    warn(out, fmt::format("file {}: '{}' is a link to nothing in this torrent, and was "
                          "left out",
                          i + 1, file.path_text()));
  }
}

} // namespace cotorra::metainfo
