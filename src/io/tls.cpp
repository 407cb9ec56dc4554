#include "io/tls.hpp"
#include "base/error.hpp"
#include "io/tls_parts.hpp"
#include <botan/tls_client.h>
#include <botan/tls_server.h>
#include <utility>

namespace cotorra::io {
namespace {

namespace tls = Botan::TLS;

// Botan 3 shares what Botan 2 refers to.
#if BOTAN_VERSION_MAJOR >= 3
template <class T> std::shared_ptr<T> const& given(std::shared_ptr<T> const& p) {
  return p;
}
#else
template <class T> T& given(std::shared_ptr<T> const& p) { return *p; }
#endif

class tls_stream : public stream {
public:
  tls_stream(std::unique_ptr<stream> inner, std::shared_ptr<tls_ends> ends)
      : inner_(std::move(inner)), ends_(std::move(ends)) {}

  void begin(std::string const& host) {
    channel_ = std::make_unique<tls::Client>(
        given(ends_), given(sessions_), given(ends_->credentials), given(policy_),
        given(random_), tls::Server_Information(host, inner_->remote().port));
  }
  void begin() {
    channel_ = std::make_unique<tls::Server>(given(ends_), given(sessions_),
                                             given(ends_->credentials), given(policy_),
                                             given(random_));
  }

  task<> agree() {
    co_await flush(); // the first words of the side that dialled
    while (!channel_->is_active()) {
      bool const more = co_await receive();
      if (!more)
        throw protocol_error(errc::insecure,
                             "the other side left before the connection was secure");
    }
  }

  task<std::size_t> read_some(mutable_bytes into) override {
    while (ends_->plain.size() == taken_) {
      ends_->plain.clear();
      taken_ = 0;
      bool const more = co_await receive();
      if (!more) co_return 0;
    }
    std::size_t const n = std::min(into.size(), ends_->plain.size() - taken_);
    std::memcpy(into.data(), ends_->plain.data() + taken_, n);
    taken_ += n;
    co_return n;
  }

  task<> write(std::span<bytes const> buffers) override {
    for (bytes const b : buffers) in_words([&] { channel_->send(raw(b), b.size()); });
    co_await flush();
  }

  void close() override { inner_->close(); }
  endpoint local() const override { return inner_->local(); }
  endpoint remote() const override { return inner_->remote(); }

private:
  static std::uint8_t const* raw(bytes b) {
    return reinterpret_cast<std::uint8_t const*>(b.data());
  }

  // Takes what came; false when nothing more will. A farewell that is missing is no
  // error: many servers just close, and each protocol above knows when it has all.
  task<bool> receive() {
    if (ends_->farewell) co_return false;
    std::size_t const n = co_await inner_->read_some(in_);
    if (n == 0) co_return false;
    std::exception_ptr trouble;
    try {
      in_words([&] { channel_->received_data(raw(in_), n); });
    } catch (protocol_error const&) {
      trouble = std::current_exception();
    }
    try {
      co_await flush(); // the other side is told why, too
    } catch (std::system_error const&) {
      if (!trouble) throw;
    }
    if (trouble) std::rethrow_exception(trouble);
    co_return true;
  }

  // The reader answers some records, so it writes, too: one of them at a time.
  task<> flush() {
    if (flushing_) co_return;
    flushing_ = true;
    while (!ends_->out.empty()) {
      buffer const now = std::exchange(ends_->out, {});
      co_await io::write(*inner_, now);
    }
    flushing_ = false;
  }

  // Botan's own words are for programmers; what the certificate lacked is in ours.
  template <class Work> void in_words(Work work) {
    try {
      work();
    } catch (protocol_error const&) {
      throw;
    } catch (std::exception const& e) {
      if (!ends_->verdict.empty()) throw protocol_error(errc::insecure, ends_->verdict);
      throw protocol_error(errc::insecure,
                           std::string("no secure connection came about: ") + e.what());
    }
  }

  std::unique_ptr<stream> inner_;
  std::shared_ptr<tls_ends> const ends_;
  std::shared_ptr<tls::Session_Manager> const sessions_ =
      std::make_shared<tls::Session_Manager_Noop>();
  std::shared_ptr<tls::Policy const> const policy_ = std::make_shared<tls_policy>();
  std::shared_ptr<Botan::RandomNumberGenerator> const random_ =
      std::make_shared<Botan::AutoSeeded_RNG>();
  std::unique_ptr<tls::Channel> channel_;
  std::array<std::byte, 16 * 1024> in_;
  std::size_t taken_ = 0; // of ends_->plain
  bool flushing_ = false;
};

} // namespace

task<std::unique_ptr<stream>> secure(std::unique_ptr<stream> inner, std::string host,
                                     trust const& t) {
  auto ends = std::make_shared<tls_ends>(host, t.authorities());
  auto made = std::make_unique<tls_stream>(std::move(inner), std::move(ends));
  made->begin(host);
  co_await made->agree();
  co_return made;
}

task<std::unique_ptr<stream>> secure(std::unique_ptr<stream> inner,
                                     tls_identity const& ours) {
  auto ends = std::make_shared<tls_ends>(ours.shown());
  auto made = std::make_unique<tls_stream>(std::move(inner), std::move(ends));
  made->begin();
  co_await made->agree();
  co_return made;
}

} // namespace cotorra::io
