// What each file of this room adds to the module.
#pragma once
#include "base/bytes.hpp"
#include "base/error.hpp"
#include "metainfo/metainfo_wire.hpp"
#include <memory>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>
#include <string>

namespace cotorra::python {

namespace py = pybind11;

void bind_bencode(py::module_&);
void bind_metainfo(py::module_&);
void bind_create(py::module_&);
void bind_peers(py::module_&);
void bind_handshake(py::module_&);
void bind_messages(py::module_&);
void bind_session(py::module_&);
void bind_swarm(py::module_&);

// The bytes of a Python object of the type bytes, as long as it lives. (A bytearray is
// refused: it may change.)
inline bytes view(py::bytes const& b) { return as_bytes(std::string_view(b)); }
inline py::bytes to_python(bytes b) {
  return py::bytes(b.data() ? as_text(b).data() : "", b.size());
}

// The bencoding of a Python value; throws type_error or value_error.
buffer to_bencode(py::handle value);

// Python knows a metainfo by a pointer that torrents may share; it is never changed.
using shared_metainfo = std::shared_ptr<metainfo::metainfo>;

} // namespace cotorra::python
