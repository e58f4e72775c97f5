#include <gtest/gtest.h>

#include <fstream>

#include "engine/base/limits.h"
#include "sim/network/simulation.h"
#include "tests/scenario/plans.h"

namespace nym::sim {
namespace {

/// Of this process, in bytes.
std::size_t resident_memory() {
  constexpr std::size_t kPage = 4'096;
  std::ifstream statm("/proc/self/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  statm >> total >> resident;
  return resident * kPage;
}

/// A message every five seconds for `hours`, every third with reply SURBs and an answer, every hundredth a large one.
Plan mixed_load(std::int64_t hours) {
  Plan plan = *find_builtin_plan("hello");
  messages_of(plan).clear();
  plan.time_limit = Duration::hours(hours + 1);
  // The nodes' memory of packets has bounds and tests of its own, and would hide all the rest.
  plan.mix.replay_detection = client::Switch::off;
  for (std::int64_t i = 0; i < hours * 720; ++i) {
    auto from = static_cast<std::size_t>(i % 2);
    PlannedMessage message{Duration::seconds(2 + 5 * i),   from, 1 - from,
                           "message " + std::to_string(i), 0,    std::nullopt};
    if (i % 3 == 0) {
      message.reply_surbs = 12;
      message.reply = "reply to " + std::to_string(i);
    }
    if (i % 100 == 99) message.text += std::string(50'000, 'x');
    messages_of(plan).push_back(std::move(message));
  }
  return plan;
}

// Unused reply SURBs are forgotten after twelve hours; from then on nothing grows.
TEST(SlowEndurance, ADayOfMixedLoadKeepsMemoryFlat) {
  Plan plan = mixed_load(24);
  Simulation simulation(plan, {});
  std::map<std::int64_t, std::size_t> memory;
  for (std::int64_t hour : {12, 14, 16, 18, 20, 22, 24}) {
    simulation.world().schedule_action(TimePoint::at(Duration::hours(hour)),
                                       [&memory, hour] { memory[hour] = resident_memory(); });
  }
  simulation.run();
  EXPECT_TRUE(simulation.violations().empty()) << simulation.violations().front().text;
  for (const auto& [hour, bytes] : memory) {
    std::printf("hour %lld: %zu kB\n", static_cast<long long>(hour), bytes / 1'024);
    EXPECT_LE(bytes, memory.at(12) + memory.at(12) / 10) << "hour " << hour;
  }
  for (std::size_t i = 0; i < 2; ++i) {
    auto status = simulation.client(i).client()->status();
    EXPECT_LE(status.surbs, limits::kSurbsPerSender);
    EXPECT_EQ(status.open_messages, 0U);
    EXPECT_EQ(status.reassembly_sets, 0U);
  }
}

}  // namespace
}  // namespace nym::sim
