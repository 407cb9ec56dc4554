// How Catch2 prints the errors of streams, so that a failure shows words and no numbers.
#pragma once
#include "support/print.hpp"
#include <asio/error.hpp>

namespace Catch {

template <> struct StringMaker<asio::error_code> {
  static std::string convert(asio::error_code const& e) { return e.message(); }
};
template <> struct StringMaker<asio::error::basic_errors> {
  static std::string convert(asio::error::basic_errors e) {
    return asio::error_code(e).message();
  }
};
template <> struct StringMaker<asio::error::netdb_errors> {
  static std::string convert(asio::error::netdb_errors e) {
    return asio::error_code(e).message();
  }
};

} // namespace Catch
