#include "io/tls_parts.hpp"
#include "base/error.hpp"
#include <botan/certstor_system.h>
#include <botan/data_src.h>
#include <botan/tls_exceptn.h>
#include <botan/x509path.h>
#include <fmt/format.h>

namespace cotorra::io {
namespace {

using status = Botan::Certificate_Status_Code;

constexpr std::size_t least_strength = 110; // bits: 2,048 of RSA, 224 of a curve

std::vector<Botan::X509_Certificate> certificates_in(std::filesystem::path const& file) {
  std::vector<Botan::X509_Certificate> all;
  try {
    Botan::DataSource_Stream from(file.string());
    while (!from.end_of_data()) {
      try {
        all.emplace_back(from);
      } catch (std::exception const&) { // what stands behind the last one
        if (all.empty()) throw;
        break;
      }
    }
  } catch (std::exception const&) {
    throw input_error(fmt::format("{}: there is no certificate in it that can be read "
                                  "(PEM, \"-----BEGIN CERTIFICATE-----\")",
                                  file.string()));
  }
  return all;
}

bool is_strong(Botan::X509_Certificate const& c) {
  std::unique_ptr<Botan::Public_Key> const key(c.subject_public_key());
  return key->estimated_strength() >= least_strength;
}

bool is_for_address(Botan::X509_Certificate const& c, std::string const& address) {
#if BOTAN_VERSION_MAJOR >= 3
  return c.matches_dns_name(address);
#else // it compares names only
  auto const all = c.subject_alt_name().get_attribute("IP");
  return std::find(all.begin(), all.end(), address) != all.end();
#endif
}

std::string sentence(status code, Botan::X509_Certificate const& its,
                     std::string const& host) {
  switch (code) {
  case status::CERT_HAS_EXPIRED:
    return fmt::format("its certificate, or one that vouches for it, has expired (its "
                       "own is valid until {})",
                       its.not_after().readable_string());
  case status::CERT_NOT_YET_VALID:
    return fmt::format("its certificate, or one that vouches for it, is not valid yet "
                       "(its own begins at {}; is this machine's clock right?)",
                       its.not_before().readable_string());
  case status::CERT_NAME_NOMATCH:
    return fmt::format("its certificate is not for {}", host);
  case status::UNTRUSTED_HASH:
    return "its certificate is signed with a hash that can be forged (SHA-1, say)";
  case status::SIGNATURE_METHOD_TOO_WEAK:
    return "the key of its certificate, or of one that vouches for it, is too short";
  case status::CERT_ISSUER_NOT_FOUND:
  case status::CANNOT_ESTABLISH_TRUST:
  case status::CHAIN_LACKS_TRUST_ROOT:
    return its.is_self_signed()
               ? "its certificate is signed by itself alone; if it is yours, name it "
                 "with "
                 "--ca FILE"
               : "its certificate is signed by no authority that we trust; if there is "
                 "one of your own, name it with --ca FILE";
  default:
    return fmt::format("its certificate is not good ({})", Botan::to_string(code));
  }
}

} // namespace

trust::trust() : store_(std::make_shared<store>()) {
  try {
    store_->all.push_back(std::make_shared<Botan::System_Certificate_Store>());
  } catch (std::exception const&) { // no ca-certificates here: nothing is trusted
  }
}

trust::trust(std::filesystem::path const& ca_file) : trust() {
  auto mine = std::make_shared<Botan::Certificate_Store_In_Memory>();
  for (auto const& c : certificates_in(ca_file)) mine->add_certificate(c);
  store_->all.push_back(mine);
}

tls_identity::tls_identity(std::filesystem::path const& certificates,
                           std::filesystem::path const& key)
    : papers_(std::make_shared<papers>()) {
  papers_->chain = certificates_in(certificates);
  try {
    Botan::DataSource_Stream from(key.string());
#if BOTAN_VERSION_MAJOR >= 3
    papers_->key = Botan::PKCS8::load_key(from);
#else
    Botan::AutoSeeded_RNG random;
    papers_->key.reset(Botan::PKCS8::load_key(from, random));
#endif
  } catch (std::exception const&) {
    throw input_error(fmt::format("{}: there is no key in it that can be read (PEM, "
                                  "PKCS #8, without a passphrase)",
                                  key.string()));
  }
}

std::vector<Botan::Certificate_Store*>
tls_credentials::trusted_certificate_authorities(std::string const&, std::string const&) {
  std::vector<Botan::Certificate_Store*> all;
  for (auto const& each : trust_.all) all.push_back(each.get());
  return all;
}

std::vector<Botan::X509_Certificate>
tls_credentials::chain_for(std::vector<std::string> const& key_types) const {
  if (!ours_.key) return {};
  auto const type = ours_.key->algo_name();
  bool const fits =
      std::find(key_types.begin(), key_types.end(), type) != key_types.end();
  return fits ? ours_.chain : std::vector<Botan::X509_Certificate>{};
}

#if BOTAN_VERSION_MAJOR >= 3
std::vector<Botan::X509_Certificate>
tls_credentials::find_cert_chain(std::vector<std::string> const& key_types,
                                 std::vector<Botan::AlgorithmIdentifier> const&,
                                 std::vector<Botan::X509_DN> const&, std::string const&,
                                 std::string const&) {
  return chain_for(key_types);
}
std::shared_ptr<Botan::Private_Key>
tls_credentials::private_key_for(Botan::X509_Certificate const&, std::string const&,
                                 std::string const&) {
  return ours_.key;
}
#else
std::vector<Botan::X509_Certificate>
tls_credentials::find_cert_chain(std::vector<std::string> const& key_types,
                                 std::vector<Botan::X509_DN> const&, std::string const&,
                                 std::string const&) {
  return chain_for(key_types);
}
Botan::Private_Key* tls_credentials::private_key_for(Botan::X509_Certificate const&,
                                                     std::string const&,
                                                     std::string const&) {
  return ours_.key.get();
}
#endif

void tls_policy::check_peer_key_acceptable(Botan::Public_Key const& key) const {
  try {
    Policy::check_peer_key_acceptable(key);
  } catch (std::exception const&) {
    throw protocol_error(errc::insecure,
                         fmt::format("its key is too short ({} bits of {})",
                                     key.key_length(), key.algo_name()));
  }
}

void tls_ends::judge(std::vector<Botan::X509_Certificate> const& chain,
                     std::vector<Botan::Certificate_Store*> const& trusted,
                     Botan::Usage_Type usage) {
  if (chain.empty()) throw Botan::Invalid_Argument("no certificate");
  constexpr std::size_t most = 8; // Botan tries certificates of one name in every order
  if (chain.size() > most) {
    verdict = fmt::format("it shows {} certificates, more than {}", chain.size(), most);
    throw Botan::TLS::TLS_Exception(bad_certificate, verdict);
  }
  auto const& its = chain.front();
  bool const is_address = ip_address::parse(host_).has_value();
  Botan::Path_Validation_Restrictions const rules(false, least_strength);
  auto const found =
      Botan::x509_path_validate(chain, rules, trusted, is_address ? "" : host_, usage);
  status code = found.result();
  bool const good = found.successful_validation();
  if (good && is_address && !is_for_address(its, host_)) code = status::CERT_NAME_NOMATCH;
  if (good && !is_strong(its)) code = status::SIGNATURE_METHOD_TOO_WEAK;
  if (good && code == found.result()) return;
  verdict = sentence(code, its, host_);
  throw Botan::TLS::TLS_Exception(bad_certificate, verdict);
}

} // namespace cotorra::io
