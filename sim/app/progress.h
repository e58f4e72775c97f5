#pragma once

#include <memory>

#include "sim/record/observer.h"

namespace nym::sim {

/// How far a run is, on the terminal that standard error is; nothing where it is none. Its line is wiped when it ends.
std::unique_ptr<Observer> make_progress(Duration limit);

}  // namespace nym::sim
