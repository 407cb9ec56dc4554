// What a stranger asks of our tracker's server.
#include "fuzz/fuzz.hpp"
#include "http/message_wire.hpp"

namespace cotorra::fuzz {

void target(bytes input) {
  auto const size = unless_refused([&] { return http::head_size(input); });
  if (!size || !*size) return;
  demand(**size <= input.size() && **size <= http::largest_head, "a head has its limit");
  for (std::size_t n = **size - std::min<std::size_t>(**size, 8); n < **size; ++n)
    demand(!http::head_size(input.first(n)), "a head ends at its empty line, not before");
  bytes const head = input.first(**size);
  auto const request = unless_refused([&] { return http::decode_request_head(head); });
  if (!request) return;
  demand(!request->method.empty() && !request->target.empty(), "something is asked");
  demand(request->fields.all().size() <= http::most_fields, "and not endlessly much");
  for (http::field const& f : request->fields.all())
    for (char c : f.name + f.value) demand(c != '\r' && c != '\n', "a field is one line");
  for (char c : request->target)
    demand(static_cast<unsigned char>(c) > ' ', "a target has no blanks");
  std::string const both =
      std::string(request->path()) + '?' + std::string(request->query());
  bool const has_query = request->target.find('?') != std::string::npos;
  demand(both == request->target + (has_query ? "" : "?"), "path and query make it up");
}

} // namespace cotorra::fuzz
