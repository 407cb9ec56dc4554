// What peers say, as dictionaries: {"name": "request", "piece": 0, "begin": 0, ...}.
#include "message/framing.hpp"
#include "message/message_wire.hpp"
#include "python/bindings.hpp"

namespace cotorra::python {
namespace {

// Calls f(name, field) for each field of a message; most messages have none.
template <class Message, class Function> void for_each_field(Message& m, Function&& f) {
  if constexpr (std::is_same_v<std::remove_const_t<Message>, message::unknown>)
    f("id", m.id);
  if constexpr (requires { m.piece; }) f("piece", m.piece);
  if constexpr (requires { m.begin; }) f("begin", m.begin);
  if constexpr (requires { m.length; }) f("length", m.length);
  if constexpr (requires { m.bits; }) f("bits", m.bits);
  if constexpr (requires { m.block; }) f("block", m.block);
  if constexpr (requires { m.number; }) f("number", m.number);
  if constexpr (requires { m.extension; }) f("extension", m.extension);
  if constexpr (requires { m.payload; }) f("payload", m.payload);
}

struct to_dictionary {
  py::dict out;
  void operator()(char const* field, bytes b) const { out[field] = to_python(b); }
  template <class Number> void operator()(char const* field, Number n) const {
    out[field] = n;
  }
};

struct from_dictionary {
  py::dict const& in;
  std::size_t used = 0;

  py::handle at(char const* field) {
    if (!in.contains(field))
      throw py::type_error(std::string("this message needs ") + field + "=");
    ++used;
    return py::handle(in[field]);
  }
  void operator()(char const* field, bytes& b) {
    if (!py::isinstance<py::bytes>(at(field)))
      throw py::type_error(std::string(field) + "= must be bytes");
    b = as_bytes(std::string_view(py::reinterpret_borrow<py::bytes>(in[field])));
  }
  template <class Number> void operator()(char const* field, Number& n) {
    try {
      n = at(field).cast<Number>();
    } catch (py::cast_error const&) {
      throw py::value_error(std::string(field) + "= must be a number of " +
                            std::to_string(8 * sizeof n) + " bits");
    }
  }
};

py::dict dictionary_of(message::any const& m) {
  to_dictionary to;
  to.out["name"] = std::string(name(m));
  std::visit([&](auto const& each) { for_each_field(each, to); }, m);
  return std::move(to.out);
}

// The alternative of message::any that has this name, filled in.
template <std::size_t N = 0>
message::any make(std::string const& wanted, py::dict const& with) {
  if constexpr (N == std::variant_size_v<message::any>) {
    throw py::value_error("there is no message \"" + wanted + "\"");
  } else {
    std::variant_alternative_t<N, message::any> m;
    if (name(message::any(m)) != wanted) return make<N + 1>(wanted, with);
    from_dictionary from{with};
    for_each_field(m, from);
    if (from.used != with.size())
      throw py::type_error("\"" + wanted + "\" has no such field");
    return m;
  }
}

py::bytes encode_message(std::string const& name, py::kwargs const& with) {
  buffer out;
  encode(out, make(name, with));
  return to_python(out);
}

py::tuple decode_messages(py::bytes const& stream) {
  py::list all;
  bytes rest = view(stream);
  while (auto const frame = message::first_frame(rest, message::default_limit)) {
    all.append(dictionary_of(message::decode(*frame)));
    rest = rest.subspan(message::length_size + frame->size());
  }
  return py::make_tuple(all, to_python(rest));
}

} // namespace

void bind_messages(py::module_& m) {
  m.def(
      "encode_message", &encode_message, py::arg("name"),
      "A message with its length in front: encode_message(\"have\", piece=7). The names "
      "are those of the BEPs.");
  m.def(
      "decode_messages", &decode_messages, py::arg("stream"),
      "All whole messages in these bytes, as dictionaries, and the bytes that are left: "
      "a pair. A ValueError tells which message is malformed.");
}

} // namespace cotorra::python
