// URLs on the command line that go into a .torrent. Other programs will read them too, so
// any scheme is allowed. Text that is not a URL is a usage_error.
#pragma once
#include <string>
#include <vector>

namespace cotorra::cli {

// Each text is a tier: URLs separated by commas. Blanks around the URLs are removed.
std::vector<std::vector<std::string>> tiers_of(std::vector<std::string> const& given);

// Removes the blanks around web seeds (BEP 19), which must be HTTP or FTP URLs.
void trim_web_seeds(std::vector<std::string>& urls);

// Why cotorra cannot ask this tracker; empty when it can.
std::string unspoken(std::string const& url);

} // namespace cotorra::cli
