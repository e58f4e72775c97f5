#pragma once

#include <optional>

#include "sim/record/start.h"
#include "sim/record/verdict.h"

namespace nym::sim {

/// Where checkers say what does not hold. The first complaint ends the run.
class Complaints {
 public:
  void add(TimePoint now, Verdict kind, std::string text) {
    if (!first_) first_ = Violation{kind, now - kRunStart, std::move(text)};
  }
  const std::optional<Violation>& first() const { return first_; }

 private:
  std::optional<Violation> first_;
};

}  // namespace nym::sim
