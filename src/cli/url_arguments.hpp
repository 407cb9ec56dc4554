// URLs on the command line that are written into a .torrent. It is for other programs
// too, so any scheme will do; what is no URL at all is a usage_error.
#pragma once
#include <string>
#include <vector>

namespace cotorra::cli {

// Each text is a tier; in a tier the URLs are separated by commas. Blanks around them go.
std::vector<std::vector<std::string>> tiers_of(std::vector<std::string> const& given);

// Blanks around them go. Web seeds (BEP 19) are fetched over HTTP or FTP.
void trim_web_seeds(std::vector<std::string>& urls);

// Why this program cannot ask this tracker; empty when it can.
std::string unspoken(std::string const& url);

} // namespace cotorra::cli
