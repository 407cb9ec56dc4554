#include "cli/process.hpp"
#include "cli/program.hpp"

int main(int argc, char** argv) {
  cotorra::cli::process const ours;
  return cotorra::cli::run(argc, argv);
}
