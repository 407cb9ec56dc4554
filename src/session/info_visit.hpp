// A connection with one peer while we know no more of the torrent than its info_hash: we
// ask it for pieces of the info dictionary (BEP 9), and have nothing to give. When the
// torrent has learned what it is, the peer is dialled again.
#pragma once
#include "extension/peer_extensions.hpp"
#include "session/admission.hpp"
#include "session/conversation.hpp"
#include "session/nuisance.hpp"
#include "session/torrent_status.hpp"

namespace cotorra::session {

class info_visit : private conversation::listener,
                   private extension::peer_extensions::host {
public:
  class host {
  public:
    virtual ~host() = default;
    // The peer gives metadata of that size. It may say so again.
    virtual void metadata_offered(info_visit&, std::uint64_t size) = 0;
    virtual void metadata_came(info_visit&, extension::metadata_message const&) = 0;
    virtual void peers_named(endpoint const& by, extension::pex_message const&) = 0;
  };

  // All must outlive it.
  info_visit(host&, io::world const&, settings const&, connected_peer,
             extension::peer_extensions::introduction ours);

  task<> run(); // never throws: end() has the reason
  void disconnect(errc why, std::string because) {
    talk_.disconnect(why, std::move(because));
  }
  void give_up_place() { talk_.give_up_place(); }
  void ask(std::uint32_t piece);
  void tick(time_point now);

  connected_peer const& peer() const { return talk_.peer(); }
  peer_key key() const { return peer().key; }
  bool ended() const { return talk_.ended(); }
  errc end() const { return talk_.end().value_or(errc::end_of_stream); }
  time_point now() const { return talk_.now(); }
  endpoint listens_at() const { return {peer().at.address, listen_port_}; }
  admission::member as_member() const;
  peer_info info() const;

private:
  // conversation::listener
  void greet() override { extensions_.greet(); }
  void heard(message::any const&) override;
  task<> caught_up() override { co_return; }
  task<> serve() override { co_return; }

  // extension::peer_extensions::host
  void send(message::extended const& m) override { talk_.out().send(m); }
  void introduced(extension::extended_handshake const&) override;
  void metadata_came(extension::metadata_message const&) override;
  void peers_named(extension::pex_message const& m) override {
    host_.peers_named(peer().at, m);
  }

  // For a peer that offers nothing, while others may.
  static constexpr duration patience = 30s;
  static constexpr std::size_t most_pieces = 5'000'000; // whose bitfield we let pass

  host& host_;
  conversation talk_;
  extension::peer_extensions extensions_;
  nuisance nuisance_;
  time_point useful_; // when it last gave or offered something
  bool offers_ = false;
  std::uint16_t listen_port_;
};

} // namespace cotorra::session
