#pragma once

#include <map>
#include <optional>
#include <string>

#include "sim/plan/plan.h"

namespace nym::sim {

/// Every planned text, and every planned reply, arrives at its one client exactly once and unchanged.
class DeliveryChecker {
 public:
  void expect(std::size_t client, const std::string& text) { ++outstanding_[{client, text}]; }
  void on_delivered(std::size_t client, const std::string& text);

  bool all_delivered() const { return outstanding_.empty(); }
  /// The first thing that must not happen and did, in domain words.
  const std::optional<std::string>& violation() const { return violation_; }
  bool is_missing(std::size_t client, const std::string& text) const { return outstanding_.contains({client, text}); }
  /// What is still missing, one line.
  std::string missing() const;

 private:
  std::map<std::pair<std::size_t, std::string>, int> outstanding_;
  std::optional<std::string> violation_;
};

}  // namespace nym::sim
