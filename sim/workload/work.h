#pragma once

#include "sim/plan/plan.h"

namespace nym::sim {

/// What a message says: a text, or so many bytes of filler that name the message.
struct Content {
  std::string text{};
  std::uint64_t bytes = 0;
};

/// One message that an application is to send.
struct Work {
  Duration at;  ///< since the start
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  Content content;
  std::uint32_t reply_surbs = 0;  ///< more than none: it is sent anonymously
  std::optional<Content> reply{};
};

/// The messages of one workload, in the order of their times.
class WorkSource {
 public:
  WorkSource() = default;
  WorkSource(const WorkSource&) = delete;
  WorkSource& operator=(const WorkSource&) = delete;
  virtual ~WorkSource() = default;
  /// Nothing: that was all.
  virtual std::optional<Work> next() = 0;
};

/// The plan outlives it; draws from a stream of its own.
std::unique_ptr<WorkSource> make_work_source(const Plan& plan, const Workload& workload, RandomSource& random);

}  // namespace nym::sim
