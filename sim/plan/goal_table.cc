#include "sim/plan/codecs.h"
#include "sim/plan/plan_tables.h"

namespace nym::sim {
namespace {

Table<Plan> measure_table() {
  using T = Plan;
  return {{
      make_key<T>("metrics", NYM_AT(measure.metrics), metric_lists(), "what is measured"),
      make_key<T>("warm_up", NYM_AT(measure.warm_up), durations(), "what happens before is not counted"),
      make_key<T>("window", NYM_AT(measure.window), durations(Duration::milliseconds(1)), "of figures over time"),
      make_key<T>("sample", NYM_AT(measure.sample), durations(Duration::milliseconds(1)),
                  "time between two looks at queues and stocks"),
  }};
}

Table<Plan> expect_table() {
  using T = Plan;
  constexpr std::int64_t kMost = 1'000'000'000;
  return {{
      make_key<T>("all_outcomes", NYM_AT(expect.all_outcomes), switches(),
                  "every message is acknowledged or reported as failed"),
      make_key<T>("delivered", NYM_AT(expect.delivered), fractions(), "at least, of messages and replies"),
      make_key<T>("acknowledged", NYM_AT(expect.acknowledged), fractions(), "at least, of messages and replies"),
      make_key<T>("max_replays", NYM_AT(expect.max_replays), maybe(counts<std::uint64_t>(0, kMost)),
                  "packets that nodes refused because they had seen them"),
      make_key<T>("latency_p50", NYM_AT(expect.latency_p50), maybe(durations()), "at most, of whole messages"),
      make_key<T>("latency_p95", NYM_AT(expect.latency_p95), maybe(durations()), "likewise"),
      make_key<T>("latency_p99", NYM_AT(expect.latency_p99), maybe(durations()), "likewise"),
      make_key<T>("cover_rate_within", NYM_AT(expect.cover_rate_within), maybe(fractions()),
                  "cover is sent at the configured rate, give or take"),
      make_key<T>("max_overhead", NYM_AT(expect.max_overhead_thousandths), maybe(decimals(3, 0, kMost)),
                  "bytes sent for each byte delivered"),
      make_key<T>("min_entropy", NYM_AT(expect.min_entropy_thousandths), maybe(decimals(3, 0, 1'000'000)),
                  "bits, of who sent the messages that are followed"),
      make_key<T>("min_anonymity_set", NYM_AT(expect.min_anonymity_set_thousandths), maybe(decimals(3, 0, kMost)),
                  "two to the entropy"),
      make_key<T>("max_corrupt_routes", NYM_AT(expect.max_corrupt_routes), maybe(fractions()),
                  "share of packets all of whose mixnodes are corrupt"),
      make_key<T>("max_linked", NYM_AT(expect.max_linked), maybe(fractions()),
                  "share of the messages followed that an adversary links"),
      make_key<T>("loop_loss_noticed_within", NYM_AT(expect.loop_loss_noticed_within), maybe(durations()),
                  "a node that drops packets is noticed by lost loops"),
  }};
}

}  // namespace

std::vector<Key<Plan>> goal_keys() {
  return {section("measure", measure_table(), "what is measured"),
          section("expect", expect_table(), "what must hold, or the run fails; none: anything may be")};
}

}  // namespace nym::sim
