#pragma once

#include <memory>

#include "sim/grammar/error.h"
#include "sim/record/observer.h"

/// A run, written down while it happens. docs/simulator.md describes both forms.
namespace nym::sim {

class Trace : public Observer {
 public:
  /// Once, when the run is over: the file appears under its name. Error: cannot_write.
  virtual Result<void> finish() = 0;
};

/// By the end of its name: `.jsonl` has everything that is told of a run, `.pcapng` what is on its links. Error:
/// bad_text for other names; cannot_write.
Result<std::unique_ptr<Trace>> open_trace(const std::string& path);

}  // namespace nym::sim
