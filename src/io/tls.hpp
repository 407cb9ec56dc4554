// TLS over a stream, so that a tracker is the one that it says it is and only it hears
// what we ask. The protocol is Botan's; here it becomes one more stream, and a bad
// certificate becomes a sentence.
#pragma once
#include "io/stream.hpp"
#include <filesystem>
#include <memory>
#include <string>

namespace cotorra::io {

// The authorities that we believe when they vouch for a server.
class trust {
public:
  trust(); // those of the system
  // Those of the system and the ones in this file (PEM). Throws input_error.
  explicit trust(std::filesystem::path const& ca_file);

  struct store;
  store const& authorities() const { return *store_; }

private:
  std::shared_ptr<store> store_;
};

// What a server proves itself with.
class tls_identity {
public:
  // A certificate and those that vouch for it, and its key without a passphrase (PEM).
  // Throws input_error.
  tls_identity(std::filesystem::path const& certificates,
               std::filesystem::path const& key);

  struct papers;
  papers const& shown() const { return *papers_; }

private:
  std::shared_ptr<papers> papers_;
};

// Both return when the two sides have agreed on their keys, and throw
// protocol_error{insecure} when they cannot: TLS 1.2 is the oldest that we speak. What
// comes later, a broken record say, throws that, too.

// The side that dialled. host: the name or address that we wanted to reach; the
// certificate must be for it, valid today, and vouched for by an authority that we trust,
// with no weak key and no broken hash on the way.
task<std::unique_ptr<stream>> secure(std::unique_ptr<stream>, std::string host,
                                     trust const&);
// The side that was dialled.
task<std::unique_ptr<stream>> secure(std::unique_ptr<stream>, tls_identity const&);

} // namespace cotorra::io
