// The simulated world for notebooks: swarm(), its nodes, and their series for plots.
#include "python/bindings.hpp"
#include "python/simulated_swarm.hpp"

namespace cotorra::python {
namespace {

// Between two looks at the nodes: has the user pressed Ctrl-C?
void heed_signals() {
  if (PyErr_CheckSignals() != 0) throw py::error_already_set();
}

std::unique_ptr<simulated_swarm> make(std::uint64_t seed, std::uint32_t pieces,
                                      std::uint32_t piece_length) {
  if (pieces == 0 || piece_length == 0)
    throw py::value_error("a torrent has at least one piece of one byte");
  return std::make_unique<simulated_swarm>(swarm_options{seed, pieces, piece_length});
}

template <node& (simulated_swarm::*add)(node_options const&)>
void def_add(py::class_<simulated_swarm>& c, char const* name, char const* doc) {
  node_options const usual;
  c.def(
      name,
      [](simulated_swarm& s, std::uint64_t up, std::uint64_t down, double latency,
         std::size_t unchoke_slots, std::size_t request_depth, bool in_order, bool shares,
         bool leaves) -> node& {
        return (s.*add)(
            {up, down, latency, unchoke_slots, request_depth, in_order, shares, leaves});
      },
      py::kw_only(), py::arg("up") = usual.up, py::arg("down") = usual.down,
      py::arg("latency") = usual.latency, py::arg("unchoke_slots") = usual.unchoke_slots,
      py::arg("request_depth") = usual.request_depth,
      py::arg("in_order") = usual.in_order, py::arg("shares") = usual.shares,
      py::arg("leaves") = usual.leaves, py::return_value_policy::reference_internal, doc);
}

// One series of a node: what each look saw.
template <class Field> auto series(Field sample::* field) {
  return [field](node const& n) {
    std::vector<Field> all;
    for (sample const& s : n.samples) all.push_back(s.*field);
    return all;
  };
}

void bind_node(py::module_& m) {
  py::class_<node>(m, "swarm_node", "A seeder or client of a simulated swarm.")
      .def_readonly("name", &node::name)
      .def_readonly("is_seeder", &node::is_seeder)
      .def_readonly("finished_at", &node::finished_at,
                    "The second in which it had everything, or None.")
      .def_property_readonly("is_here", &node::is_here)
      .def("status", &node::status)
      .def("leave", &node::leave, "Says goodbye, like a user who quits.")
      .def("downloaded_from", &node::downloaded_from, py::arg("other"), "Payload bytes.")
      .def_property_readonly("times", series(&sample::time), "Seconds; for plots.")
      .def_property_readonly("progress", series(&sample::progress),
                             "0 to 1, at these times.")
      .def_property_readonly("downloaded", series(&sample::downloaded),
                             "Bytes, at these times.")
      .def_property_readonly("uploaded", series(&sample::uploaded),
                             "Bytes, at these times.");
}

} // namespace

void bind_swarm(py::module_& m) {
  bind_node(m);
  py::class_<simulated_swarm> c(m, "swarm",
                                "A tracker and real nodes in virtual time: the same seed "
                                "gives the same numbers.");
  c.def(py::init(&make), py::kw_only(), py::arg("seed") = 1, py::arg("pieces") = 64,
        py::arg("piece_length") = 64 * 1024);
  def_add<&simulated_swarm::add_seeder>(
      c, "add_seeder",
      "A node that has everything. up, down: bytes per second, 0 for no limit; latency: "
      "seconds to the middle of the net; unchoke_slots: 0 for all peers.");
  def_add<&simulated_swarm::add_client>(
      c, "add_client",
      "A node that has nothing yet. request_depth: requests kept open with each peer, 0 "
      "for as many as the rate needs; in_order: first piece first; shares: False for a "
      "free rider; leaves: as soon as it has everything.");
  c.def(
       "run_for",
       [](simulated_swarm& s, double seconds, double every) {
         s.run_for(seconds, every, heed_signals);
       },
       py::arg("seconds"), py::arg("every") = 1.0)
      .def(
          "run_until_complete",
          [](simulated_swarm& s, double at_most, double every) {
            return s.run_until_complete(at_most, every, heed_signals);
          },
          py::arg("at_most") = 3600.0, py::arg("every") = 1.0,
          "True when every client that is here has everything.")
      .def("copies", &simulated_swarm::copies,
           "Of each piece, how many of the nodes that are here have it.")
      .def_property_readonly(
          "nodes",
          [](simulated_swarm const& all) {
            std::vector<node*> nodes;
            for (auto const& n : all.nodes()) nodes.push_back(n.get());
            return nodes;
          },
          py::return_value_policy::reference_internal)
      .def_property_readonly("time", &simulated_swarm::time, "Seconds since the start.")
      .def_property_readonly("size", &simulated_swarm::size, "Bytes of the torrent.")
      .def_property_readonly("trace", &simulated_swarm::trace,
                             "A hash of all that went over the wires.");
}

} // namespace cotorra::python
