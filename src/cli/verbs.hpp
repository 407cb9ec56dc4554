// The verbs of the program, each in verb_NAME.cpp. Each function adds a sub-command; when
// that runs, it stores its exit status in `status`, which must outlive the app.
#pragma once
#include <CLI/CLI.hpp>

namespace cotorra::cli {

void add_download(CLI::App&, int& status);
void add_seed(CLI::App&, int& status);
void add_create(CLI::App&, int& status);
void add_verify(CLI::App&, int& status);
void add_show(CLI::App&, int& status);
void add_magnet(CLI::App&, int& status);
void add_announce(CLI::App&, int& status);
void add_handshake(CLI::App&, int& status);
void add_tracker(CLI::App&, int& status);
void add_serve(CLI::App&, int& status);

} // namespace cotorra::cli
