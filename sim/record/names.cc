#include <array>
#include <cstddef>

#include "sim/record/observer.h"
#include "sim/record/verdict.h"

namespace nym::sim {
namespace {

template <class Enum, std::size_t N>
const char* name_of(Enum value, const std::array<const char*, N>& names) {
  return names.at(static_cast<std::size_t>(value));
}

}  // namespace

const char* to_string(Verdict verdict) {
  return name_of(verdict, std::array{"pass", "safety", "liveness"});
}
const char* to_string(MessageStep step) {
  return name_of(step, std::array{"submitted", "accepted", "delivered", "acknowledged", "failed", "cancelled"});
}
const char* to_string(FrameKind kind) {
  return name_of(kind, std::array{"packet", "upload", "push", "control"});
}
const char* to_string(LossReason reason) {
  return name_of(reason, std::array{"loss", "partition", "silence", "receiver_down", "link_closed", "adversary"});
}
const char* to_string(NodeState state) {
  return name_of(state, std::array{"up", "down", "paused"});
}
const char* to_string(Phase phase) {
  return name_of(phase, std::array{"work", "calm", "over"});
}

}  // namespace nym::sim
