#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/base/time.h"
#include "sim/network/countdowns.h"

namespace nym::sim {

/// What a disk does with commits and reads while faults come and go; each fault that begins ends with the opposite
/// call.
class Disk {
 public:
  struct Commit {
    std::optional<std::string> error;
    Duration takes;
  };
  /// One commit, now.
  Commit commit();
  bool can_read() const { return errors_ == 0; }

  void begin_full() { ++full_; }
  void end_full() { --full_; }
  void begin_error() { ++errors_; }
  void end_error() { --errors_; }
  void begin_slow(Duration commit) { slow_.push_back(commit); }
  void end_slow(Duration commit);
  /// The n-th commit from now on fails.
  void fail(std::uint64_t n) { failing_.add(n); }

 private:
  int full_ = 0;
  int errors_ = 0;
  std::vector<Duration> slow_;
  Countdowns failing_;
};

}  // namespace nym::sim
