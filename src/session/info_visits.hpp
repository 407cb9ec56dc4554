// All connections of a torrent that learns its info dictionary, and what they bring:
// extension::info_download decides what to ask each peer for.
#pragma once
#include "extension/info_download.hpp"
#include "io/task_group.hpp"
#include "session/info_visit.hpp"
#include <functional>
#include <list>

namespace cotorra::session {

class info_visits : private info_visit::host {
public:
  class host {
  public:
    virtual ~host() = default;
    virtual void visit_ended(info_visit const&) = 0;
    // The peer alone gave metadata that does not match the info_hash.
    virtual void lied(info_visit const&) = 0;
    virtual void peers_named(endpoint const& by, extension::pex_message const&) = 0;
  };

  // learned: called once, with the info dictionary that the info_hash proves.
  info_visits(host&, io::world const&, settings const&, info_hash const&,
              std::function<void(buffer)> learned);

  // A member of the group talks with the peer until one side ends it.
  void begin(io::task_group&, connected_peer,
             extension::peer_extensions::introduction ours);
  void close(std::string const& because);
  void tick(time_point now);

  bool empty() const { return all_.empty(); }
  std::size_t count() const { return all_.size(); }
  void add_members(std::vector<admission::member>&) const;
  void make_room(peer_key);
  void add_infos(std::vector<peer_info>&) const;
  extension::info_download const& got() const { return download_; }

private:
  using visit_list = std::list<std::unique_ptr<info_visit>>;
  task<> talk(visit_list::iterator);
  void ask(time_point now);
  info_visit* find(peer_key);

  // info_visit::host
  void metadata_offered(info_visit&, std::uint64_t size) override;
  void metadata_came(info_visit&, extension::metadata_message const&) override;
  void peers_named(endpoint const& by, extension::pex_message const& m) override {
    host_.peers_named(by, m);
  }
  void judge(info_visit&, extension::info_download::arrival);

  host& host_;
  io::world const& world_;
  settings const& settings_;
  std::function<void(buffer)> learned_;
  extension::info_download download_;
  visit_list all_;
};

} // namespace cotorra::session
