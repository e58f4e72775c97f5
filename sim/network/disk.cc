#include "sim/network/disk.h"

#include <algorithm>

namespace nym::sim {
namespace {

/// How long a disk takes to commit.
constexpr Duration kCommit = Duration::microseconds(200);

}  // namespace

Disk::Commit Disk::commit() {
  bool fails = failing_.strike();
  auto takes = slow_.empty() ? kCommit : *std::max_element(slow_.begin(), slow_.end());
  if (full_ > 0) return {"no space left on the disk", takes};
  if (errors_ > 0 || fails) return {"input/output error", takes};
  return {std::nullopt, takes};
}

void Disk::end_slow(Duration commit) {
  auto found = std::find(slow_.begin(), slow_.end(), commit);
  if (found != slow_.end()) slow_.erase(found);
}

}  // namespace nym::sim
