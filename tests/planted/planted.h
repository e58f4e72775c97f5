#pragma once

#include <string_view>

/// Bugs of tests/planted/bugs.py in nym-sim-planted. Product code never asks.
namespace nym::planted {

/// Whether this is the bug that the environment variable NYM_PLANT names. Without it none is on; a name that does not
/// exist ends the program.
bool is_on(std::string_view bug);

}  // namespace nym::planted
