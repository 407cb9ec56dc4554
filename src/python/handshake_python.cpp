// The 68 bytes, as a value of Python.
#include "handshake/handshake_wire.hpp"
#include "python/bindings.hpp"
#include <pybind11/operators.h>

namespace cotorra::python {
namespace {

template <class Id> Id identifier_of(py::bytes const& from, char const* name) {
  if (view(from).size() != Id::size)
    throw py::value_error(std::string("the ") + name +
                          " must have 20 bytes; this one has " +
                          std::to_string(view(from).size()));
  return Id::from(view(from));
}

handshake::handshake make(py::bytes const& hash, py::bytes const& id,
                          py::bytes const& reserved) {
  handshake::handshake h;
  if (view(reserved).size() != handshake::reserved_bits::size)
    throw py::value_error("there are 8 reserved bytes");
  std::copy_n(view(reserved).begin(), handshake::reserved_bits::size,
              h.reserved.value.begin());
  h.hash = identifier_of<info_hash>(hash, "info_hash");
  h.id = identifier_of<peer_id>(id, "peer_id");
  return h;
}

} // namespace

void bind_handshake(py::module_& m) {
  py::class_<handshake::handshake>(m, "handshake",
                                   "The first 68 bytes of a conversation (BEP 3).")
      .def(py::init(&make), py::arg("info_hash"), py::arg("peer_id"),
           py::arg("reserved") =
               py::bytes(std::string(handshake::reserved_bits::size, '\0')))
      .def_static(
          "decode", [](py::bytes const& data) { return handshake::decode(view(data)); },
          py::arg("data"))
      .def("encode",
           [](handshake::handshake const& h) { return to_python(handshake::encode(h)); })
      .def_property_readonly(
          "info_hash",
          [](handshake::handshake const& h) { return to_python(h.hash.view()); })
      .def_property_readonly(
          "peer_id", [](handshake::handshake const& h) { return to_python(h.id.view()); })
      .def_property_readonly(
          "reserved",
          [](handshake::handshake const& h) { return to_python(h.reserved.value); })
      .def_property_readonly(
          "supports_fast",
          [](handshake::handshake const& h) { return h.reserved.supports_fast(); })
      .def_property_readonly(
          "supports_extensions",
          [](handshake::handshake const& h) { return h.reserved.supports_extensions(); })
      .def_property_readonly(
          "supports_dht",
          [](handshake::handshake const& h) { return h.reserved.supports_dht(); })
      .def(py::self == py::self);
}

} // namespace cotorra::python
