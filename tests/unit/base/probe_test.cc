#include "engine/base/probe.h"

#include <gtest/gtest.h>

#include <set>

namespace nym {
namespace {

TEST(Probes, AreNotedOnlyWhileSomebodyAsks) {
  ProbeSet reached;
  reach(Probe::ack_retransmit_after_timeout);
  {
    ProbeScope scope(reached);
    reach(Probe::inbox_full);
    ProbeSet inner;
    {
      ProbeScope nested(inner);
      reach(Probe::mix_replayed);
    }
    reach(Probe::inbox_full);
    EXPECT_TRUE(inner.contains(Probe::mix_replayed));
  }
  reach(Probe::takeover_won);
  EXPECT_EQ(reached.size(), 1U);
  EXPECT_TRUE(reached.contains(Probe::inbox_full));
}

TEST(Probes, HaveNamesOfTheirOwnThatAreUnderstood) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kProbeCount; ++i) {
    auto probe = static_cast<Probe>(i);
    EXPECT_TRUE(names.insert(to_string(probe)).second) << to_string(probe);
    EXPECT_EQ(probe_from(to_string(probe)), probe);
  }
  EXPECT_EQ(probe_from("ack.retransmit.after_timeout"), Probe::ack_retransmit_after_timeout);
  EXPECT_FALSE(probe_from("no.such.probe"));
  EXPECT_EQ(kind_of(Probe::ack_retransmit_after_timeout), ProbeKind::expected);
  EXPECT_EQ(kind_of(Probe::apps_backlog_full), ProbeKind::rare);
}

}  // namespace
}  // namespace nym
