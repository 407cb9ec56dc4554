#include "cli/program.hpp"

int main(int argc, char** argv) { return cotorra::cli::run(argc, argv); }
