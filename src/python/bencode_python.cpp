// bdecode() and bencode(): strings are bytes, as on the wire.
#include "bencode/decode_wire.hpp"
#include "bencode/encode_wire.hpp"
#include "python/bindings.hpp"
#include <map>

namespace cotorra::python {
namespace {

py::object value_of(bencode::value v) {
  if (v.is_integer()) return py::int_(v.integer());
  if (v.is_string()) return to_python(v.string());
  if (v.is_list()) {
    py::list all;
    for (bencode::value each : v.elements()) all.append(value_of(each));
    return all;
  }
  py::dict all;
  for (auto const& [key, each] : v.entries())
    all[py::bytes(key.data(), key.size())] = value_of(each);
  return all;
}

py::object bdecode(py::bytes const& data) {
  bencode::document const all = bencode::decode(view(data));
  all.require_order(); // or bencode(bdecode(data)) would be other bytes, and another
                       // torrent
  return value_of(all.root());
}

std::string bytes_of(py::handle text) {
  if (py::isinstance<py::bytes>(text)) return text.cast<py::bytes>();
  return text.cast<std::string>(); // UTF-8
}

bool is_text(py::handle v) {
  return py::isinstance<py::bytes>(v) || py::isinstance<py::str>(v);
}

[[noreturn]] void refuse(py::handle v, char const* wanted) {
  throw py::type_error(std::string(Py_TYPE(v.ptr())->tp_name) + " is not " + wanted);
}

std::int64_t integer_of(py::handle v) {
  int overflow = 0;
  long long const n = PyLong_AsLongLongAndOverflow(v.ptr(), &overflow);
  if (overflow != 0) throw py::value_error("the integer does not fit into 64 bits");
  return n;
}

void write(bencode::writer& out, py::handle v, unsigned depth);

void write_dictionary(bencode::writer& out, py::dict const& all, unsigned depth) {
  std::map<std::string, py::handle> sorted; // by raw bytes, as BEP 3 wants them
  for (auto const& [key, each] : all) {
    if (!is_text(key)) refuse(key, "a key of bencode: bytes or str");
    if (!sorted.emplace(bytes_of(key), each).second)
      throw py::value_error("the key " + bytes_of(key) +
                            " is there twice, as bytes and as str");
  }
  out.dictionary();
  for (auto const& [key, each] : sorted) {
    out.key(key);
    write(out, each, depth);
  }
  out.end();
}

// A list may contain itself.
void check_depth(unsigned depth) {
  unsigned const most = bencode::limits().depth;
  if (depth >= most)
    throw py::value_error("there are more than " + std::to_string(most) +
                          " lists and dictionaries inside each other");
}

void write(bencode::writer& out, py::handle v, unsigned depth) {
  if (py::isinstance<py::bool_>(v)) refuse(v, "a value of bencode: write 0 or 1");
  if (py::isinstance<py::int_>(v)) return out.integer(integer_of(v));
  if (is_text(v)) return out.string(bytes_of(v));
  bool const dictionary = py::isinstance<py::dict>(v);
  if (!dictionary && !py::isinstance<py::list>(v) && !py::isinstance<py::tuple>(v))
    refuse(v, "a value of bencode: int, bytes, str, list or dict");
  check_depth(depth);
  if (dictionary)
    return write_dictionary(out, py::reinterpret_borrow<py::dict>(v), depth + 1);
  out.list();
  for (py::handle each : v) write(out, each, depth + 1);
  out.end();
}

} // namespace

buffer to_bencode(py::handle value) {
  buffer out;
  bencode::writer to(out);
  write(to, value, 0);
  return out;
}

void bind_bencode(py::module_& m) {
  m.def(
      "bdecode", &bdecode, py::arg("data"),
      "The value that these bytes encode (BEP 3); strings and keys are bytes. Strict: a "
      "ValueError tells the first byte that breaks a rule.");
  m.def(
      "bencode", [](py::object const& value) { return to_python(to_bencode(value)); },
      py::arg("value"), "The one encoding of an int, bytes, str, list or dict (BEP 3).");
}

} // namespace cotorra::python
