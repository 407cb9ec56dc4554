// A program of another project: what is in a .torrent?
#include <cotorra/base/error.hpp>
#include <cotorra/metainfo/metainfo_wire.hpp>
#include <fstream>
#include <iostream>
#include <iterator>

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  std::ifstream file(argv[1], std::ios::binary);
  std::string const text{std::istreambuf_iterator<char>(file), {}};
  try {
    auto const torrent = cotorra::metainfo::decode(cotorra::as_bytes(text));
    std::cout << torrent.name << '\n' << cotorra::to_hex(torrent.hash.view()) << '\n';
  } catch (cotorra::input_error const& e) {
    std::cerr << e.what() << '\n';
    return 1;
  }
}
