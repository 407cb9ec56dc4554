// The one line of tests/support in which two test programs differ.
#include "support/planted_bugs.hpp"

std::string cotorra::test::tested_chapter() { return COTORRA_CHAPTER; }
