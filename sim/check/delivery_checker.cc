#include "sim/check/delivery_checker.h"

#include <fmt/format.h>

namespace nym::sim {

void DeliveryChecker::on_delivered(std::size_t client, const std::string& text) {
  auto found = outstanding_.find({client, text});
  if (found == outstanding_.end()) {
    if (!violation_) {
      violation_ = fmt::format("client {} received a message of {} bytes that nobody sent it, or for a second time",
                               client + 1, text.size());
    }
    return;
  }
  if (--found->second == 0) outstanding_.erase(found);
}

std::string DeliveryChecker::missing() const {
  if (outstanding_.empty()) return {};
  const auto& [client, text] = outstanding_.begin()->first;
  return fmt::format("{} deliveries are missing, the first: {} bytes to client {}", outstanding_.size(), text.size(),
                     client + 1);
}

}  // namespace nym::sim
