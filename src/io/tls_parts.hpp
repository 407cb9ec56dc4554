// What Botan's TLS asks of its user: where bytes go, which authorities count, which
// certificate to show. For tls.cpp alone.
#pragma once
#include "base/bytes.hpp"
#include "io/tls.hpp"
#include <botan/auto_rng.h>
#include <botan/certstor.h>
#include <botan/credentials_manager.h>
#include <botan/pkcs8.h>
#include <botan/tls_callbacks.h>
#include <botan/tls_policy.h>
#include <botan/tls_session_manager.h>
#include <botan/version.h>
#include <botan/x509cert.h>
#if BOTAN_VERSION_MAJOR >= 3
#include <botan/tls_session_manager_noop.h>
#endif

namespace cotorra::io {

#if BOTAN_VERSION_MAJOR >= 3
using tls_alert_type = Botan::TLS::AlertType;
inline constexpr auto close_notify = tls_alert_type::CloseNotify,
                      bad_certificate = tls_alert_type::BadCertificate;
#else
using tls_alert_type = Botan::TLS::Alert::Type;
inline constexpr auto close_notify = tls_alert_type::CLOSE_NOTIFY,
                      bad_certificate = tls_alert_type::BAD_CERTIFICATE;
#endif

struct trust::store {
  std::vector<std::shared_ptr<Botan::Certificate_Store>> all;
};

struct tls_identity::papers {
  std::vector<Botan::X509_Certificate> chain; // ours first
  std::shared_ptr<Botan::Private_Key> key;
};

// Which certificates count, and which one we show.
class tls_credentials : public Botan::Credentials_Manager {
public:
  explicit tls_credentials(trust::store const& s) : trust_(s) {}
  explicit tls_credentials(tls_identity::papers const& p) : ours_(p) {}

  std::vector<Botan::Certificate_Store*>
  trusted_certificate_authorities(std::string const&, std::string const&) override;
#if BOTAN_VERSION_MAJOR >= 3
  std::vector<Botan::X509_Certificate>
  find_cert_chain(std::vector<std::string> const& key_types,
                  std::vector<Botan::AlgorithmIdentifier> const&,
                  std::vector<Botan::X509_DN> const&, std::string const&,
                  std::string const&) override;
  std::shared_ptr<Botan::Private_Key> private_key_for(Botan::X509_Certificate const&,
                                                      std::string const&,
                                                      std::string const&) override;
#else
  std::vector<Botan::X509_Certificate>
  find_cert_chain(std::vector<std::string> const& key_types,
                  std::vector<Botan::X509_DN> const&, std::string const&,
                  std::string const&) override;
  Botan::Private_Key* private_key_for(Botan::X509_Certificate const&, std::string const&,
                                      std::string const&) override;
#endif

private:
  std::vector<Botan::X509_Certificate>
  chain_for(std::vector<std::string> const& key_types) const;

  trust::store trust_;
  tls_identity::papers ours_;
};

// A server's numbers cost time of the network thread before they are judged: no groups
// of the server's own making, and no chain larger than honest ones.
class tls_policy : public Botan::TLS::Policy {
public:
  std::vector<std::string> allowed_key_exchange_methods() const override {
    return {"ECDH"};
  }
  std::size_t maximum_certificate_chain_size() const override { return 12 * 1024; }
  void check_peer_key_acceptable(Botan::Public_Key const&) const override;
#if BOTAN_VERSION_MAJOR < 3
  bool allow_tls10() const override { return false; }
  bool allow_tls11() const override { return false; }
#endif
};

// Both ends of Botan's channel: the bytes that it has for the other side, and for us.
class tls_ends : public Botan::TLS::Callbacks {
public:
  tls_ends(std::string host, trust::store const& s)
      : credentials(std::make_shared<tls_credentials>(s)), host_(std::move(host)) {}
  explicit tls_ends(tls_identity::papers const& p)
      : credentials(std::make_shared<tls_credentials>(p)) {}

  std::shared_ptr<tls_credentials> const credentials;
  buffer out, plain;
  bool farewell = false; // the other side has finished
  std::string verdict;   // about its certificate, when it is bad

#if BOTAN_VERSION_MAJOR >= 3
  void tls_emit_data(std::span<std::uint8_t const> b) override {
    append(out, std::as_bytes(b));
  }
  void tls_record_received(std::uint64_t, std::span<std::uint8_t const> b) override {
    append(plain, std::as_bytes(b));
  }
  void tls_verify_cert_chain(std::vector<Botan::X509_Certificate> const& chain,
                             std::vector<std::optional<Botan::OCSP::Response>> const&,
                             std::vector<Botan::Certificate_Store*> const& trusted,
                             Botan::Usage_Type usage, std::string_view,
                             Botan::TLS::Policy const&) override {
    judge(chain, trusted, usage);
  }
#else
  void tls_emit_data(std::uint8_t const data[], std::size_t n) override {
    append(out, std::as_bytes(std::span(data, n)));
  }
  void tls_record_received(std::uint64_t, std::uint8_t const data[],
                           std::size_t n) override {
    append(plain, std::as_bytes(std::span(data, n)));
  }
  bool tls_session_established(Botan::TLS::Session const&) override {
    return false; // not to be kept for the next connection
  }
  void
  tls_verify_cert_chain(std::vector<Botan::X509_Certificate> const& chain,
                        std::vector<std::shared_ptr<Botan::OCSP::Response const>> const&,
                        std::vector<Botan::Certificate_Store*> const& trusted,
                        Botan::Usage_Type usage, std::string const&,
                        Botan::TLS::Policy const&) override {
    judge(chain, trusted, usage);
  }
#endif
  void tls_alert(Botan::TLS::Alert a) override {
    farewell = farewell || a.type() == close_notify;
  }

private:
  // Throws when the certificate is not good, and leaves the reason in `verdict`.
  void judge(std::vector<Botan::X509_Certificate> const& chain,
             std::vector<Botan::Certificate_Store*> const& trusted, Botan::Usage_Type);

  std::string const host_;
};

} // namespace cotorra::io
