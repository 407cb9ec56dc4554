// The module `cotorra` for Python, room by room.
#include "python/bindings.hpp"

namespace {

// One class of errors, a ValueError that is one sentence, with what we call it in .code.
void raise_as_value_error(std::exception_ptr e) {
  namespace py = pybind11;
  try {
    if (e) std::rethrow_exception(e);
  } catch (cotorra::protocol_error const& broken) {
    py::object error =
        py::module_::import("cotorra").attr("protocol_error")(broken.what());
    error.attr("code") = std::string(name(broken.code()));
    PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(error.ptr())), error.ptr());
  } catch (cotorra::input_error const& wrong) {
    PyErr_SetString(PyExc_ValueError, wrong.what());
  }
}

} // namespace

PYBIND11_MODULE(cotorra, m) {
  using namespace cotorra::python;
  m.doc() =
      "BitTorrent for teaching: the formats, a session under libtorrent's names, and "
      "swarms of real nodes in virtual time.";
  m.attr("__version__") = "0.1.0";
  m.attr("protocol_error") = py::reinterpret_steal<py::object>(
      PyErr_NewException("cotorra.protocol_error", PyExc_ValueError, nullptr));
  py::register_exception_translator(raise_as_value_error);
  bind_bencode(m);
  bind_metainfo(m);
  bind_create(m);
  bind_handshake(m);
  bind_messages(m);
  bind_peers(m);
  bind_session(m);
  bind_swarm(m);
}
