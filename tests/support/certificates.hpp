// An authority of a test's own, and certificates that it signs: good ones, and ones that
// break a rule.
#pragma once
#include "io/tls.hpp"
#include "support/temporary_folder.hpp"
#include <botan/auto_rng.h>
#include <botan/ecdsa.h>
#include <botan/pkcs10.h>
#include <botan/pkcs8.h>
#include <botan/rsa.h>
#include <botan/version.h>
#include <botan/x509_ca.h>
#include <botan/x509self.h>
#include <fstream>

namespace cotorra::test {

class certificates {
public:
  struct wish {
    std::string dns = "tracker.example", ip = "";
    int from_day = -1, to_day = 30; // of its validity, from today
    std::size_t rsa_bits = 0;       // 0: a key on a curve of 256 bits
    bool signed_by_itself = false;
  };

  certificates() : key_(curve_key()) {
    Botan::X509_Cert_Options about("Authority of a test");
    about.CA_key();
    authority_ = std::make_unique<Botan::X509_Certificate>(
        Botan::X509::create_self_signed_cert(about, *key_, "SHA-256", random_));
    save("ca.pem", authority_->PEM_encode());
  }

  std::filesystem::path ca_file() const { return folder.path() / "ca.pem"; }
  std::filesystem::path certificate_file() const { return folder.path() / "cert.pem"; }
  std::filesystem::path key_file() const { return folder.path() / "key.pem"; }

  // Written to the two files, too.
  io::tls_identity make() { return make(wish()); }
  io::tls_identity make(wish const& w) {
    auto const key = w.rsa_bits == 0 ? curve_key() : rsa_key(w.rsa_bits);
    Botan::X509_Cert_Options about(w.dns);
    about.dns = w.dns;
    about.ip = w.ip;
    about.start = day(w.from_day);
    about.end = day(w.to_day);
    save("key.pem", Botan::PKCS8::PEM_encode(*key));
    save("cert.pem", w.signed_by_itself ? Botan::X509::create_self_signed_cert(
                                              about, *key, "SHA-256", random_)
                                              .PEM_encode()
                                        : sign(about, *key, "SHA-256"));
    return io::tls_identity(certificate_file(), key_file());
  }

  temporary_folder folder;

private:
  std::unique_ptr<Botan::Private_Key> curve_key() {
#if BOTAN_VERSION_MAJOR >= 3
    auto const curve = Botan::EC_Group::from_name("secp256r1");
#else
    Botan::EC_Group const curve("secp256r1");
#endif
    return std::make_unique<Botan::ECDSA_PrivateKey>(random_, curve);
  }
  std::unique_ptr<Botan::Private_Key> rsa_key(std::size_t bits) {
    return std::make_unique<Botan::RSA_PrivateKey>(random_, bits);
  }
  std::string sign(Botan::X509_Cert_Options const& about, Botan::Private_Key const& key,
                   std::string const& hash) {
    auto const request = Botan::X509::create_cert_req(about, key, "SHA-256", random_);
    Botan::X509_CA const ca(*authority_, *key_, hash, random_);
    return ca.sign_request(request, random_, about.start, about.end).PEM_encode();
  }
  static Botan::X509_Time day(int n) {
    return Botan::X509_Time(std::chrono::system_clock::now() +
                            std::chrono::hours(24 * n));
  }
  void save(std::string const& name, std::string const& text) {
    std::ofstream(folder.path() / name) << text;
  }

  Botan::AutoSeeded_RNG random_;
  std::unique_ptr<Botan::Private_Key> key_;
  std::unique_ptr<Botan::X509_Certificate> authority_;
};

} // namespace cotorra::test
