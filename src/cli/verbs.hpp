// The verbs of the program, each in verb_NAME.cpp.
#pragma once
#include "cli/command_line.hpp"

namespace cotorra::cli {

void add_download(command_line&);
void add_seed(command_line&);
void add_create(command_line&);
void add_verify(command_line&);
void add_show(command_line&);
void add_magnet(command_line&);
void add_metadata(command_line&);
void add_announce(command_line&);
void add_scrape(command_line&);
void add_handshake(command_line&);
void add_tracker(command_line&);
void add_dht(command_line&);
void add_serve(command_line&);
void add_manual(command_line&);
void add_completion(command_line&);

} // namespace cotorra::cli
