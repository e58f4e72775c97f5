#include "sim/plan/codecs.h"
#include "sim/plan/plan_tables.h"

namespace nym::sim {
namespace {

constexpr std::uint64_t kMostMessages = 1'000'000'000;
constexpr std::uint32_t kMostSurbsOfMessage = 1'000;
constexpr std::uint64_t kLargestMessage = std::uint64_t{1} << 30U;
constexpr std::uint64_t kLargestFile = std::uint64_t{1} << 40U;

using WorkloadKeys = std::vector<Key<Workload>>;

#define NYM_WORKLOAD(Kind, member) NYM_IN(Kind, kind, member)

template <class Kind>
Alternative<Workload> kind_of_workload(std::string name, std::string meaning, WorkloadKeys keys) {
  return {std::move(name), std::move(meaning), std::move(keys),
          [](Workload& workload) { workload.kind.emplace<Kind>(); },
          [](const Workload& workload) { return std::holds_alternative<Kind>(workload.kind); }};
}

/// What workloads without a list of messages have.
WorkloadKeys how_long() {
  using T = Workload;
  return {make_key<T>("start", NYM_AT(start), durations(), "when it begins; clients register first"),
          make_key<T>("count", NYM_AT(count), maybe(counts<std::uint64_t>(1, kMostMessages)),
                      "messages in all; none: as many as come in time"),
          make_key<T>("length", NYM_AT(length), maybe(durations(Duration::milliseconds(1))),
                      "time in which they come; none: until all are sent")};
}

template <class Kind>
WorkloadKeys senders_and_receivers() {
  using T = Workload;
  return {make_key<T>("from", NYM_WORKLOAD(Kind, from), node_sets(), "senders; one is drawn for each message"),
          make_key<T>("to", NYM_WORKLOAD(Kind, to), node_sets(), "receivers; one other than the sender is drawn"),
          make_key<T>("arrivals", NYM_WORKLOAD(Kind, arrivals), arrival_processes(),
                      "when messages come, of all senders together"),
          make_key<T>("sizes", NYM_WORKLOAD(Kind, sizes), size_distributions(), "their sizes")};
}

WorkloadKeys joined(WorkloadKeys first, const WorkloadKeys& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

Alternative<Workload> messages() {
  using T = Workload;
  WorkloadKeys own = {make_key<T>("reply_surbs", NYM_WORKLOAD(MessageWorkload, reply_surbs),
                                  counts<std::uint32_t>(0, kMostSurbsOfMessage),
                                  "reply SURBs sent along; with any the message is anonymous")};
  return kind_of_workload<MessageWorkload>("messages", "messages that are not answered",
                                           joined(joined(senders_and_receivers<MessageWorkload>(), own), how_long()));
}

Alternative<Workload> request_reply() {
  using T = Workload;
  using Kind = RequestReplyWorkload;
  WorkloadKeys own = {
      make_key<T>("reply_sizes", NYM_WORKLOAD(Kind, reply_sizes), size_distributions(), "sizes of the replies"),
      make_key<T>("reply_surbs", NYM_WORKLOAD(Kind, reply_surbs), counts<std::uint32_t>(1, kMostSurbsOfMessage),
                  "reply SURBs sent along")};
  return kind_of_workload<Kind>("request-reply", "anonymous requests, answered through reply SURBs",
                                joined(joined(senders_and_receivers<Kind>(), own), how_long()));
}

Alternative<Workload> group() {
  using T = Workload;
  using Kind = GroupWorkload;
  WorkloadKeys own = {
      make_key<T>("from", NYM_WORKLOAD(Kind, from), node_sets(), "senders; one is drawn for each message"),
      make_key<T>("members", NYM_WORKLOAD(Kind, members), node_sets(), "each message goes to all but its sender"),
      make_key<T>("arrivals", NYM_WORKLOAD(Kind, arrivals), arrival_processes(), "when messages come"),
      make_key<T>("sizes", NYM_WORKLOAD(Kind, sizes), size_distributions(), "their sizes"),
  };
  return kind_of_workload<Kind>("group", "messages to all members of a group", joined(std::move(own), how_long()));
}

Alternative<Workload> file_transfer() {
  using T = Workload;
  using Kind = FileWorkload;
  return kind_of_workload<Kind>(
      "file", "one file from each sender to a receiver",
      {make_key<T>("from", NYM_WORKLOAD(Kind, from), node_sets(), "senders"),
       make_key<T>("to", NYM_WORKLOAD(Kind, to), node_sets(), "receivers, dealt in turn"),
       make_key<T>("size", NYM_WORKLOAD(Kind, size), sizes(1, kLargestFile), "of the file"),
       make_key<T>("chunk", NYM_WORKLOAD(Kind, chunk), sizes(1, kLargestMessage), "of the messages it is cut into"),
       make_key<T>("start", NYM_AT(start), durations(), "when it begins")});
}

Alternative<Workload> trace() {
  using T = Workload;
  return kind_of_workload<TraceWorkload>(
      "trace", "messages from a CSV file",
      {make_key<T>("file", NYM_WORKLOAD(TraceWorkload, file), texts(),
                   "lines of time,from,to,bytes; bare times are seconds"),
       make_key<T>("start", NYM_AT(start), durations(), "when the trace's time zero is")});
}

Codec<std::vector<PlannedMessage>> planned_messages() {
  using T = PlannedMessage;
  Table<T> table;
  table.keys = {
      make_key<T>("at", NYM_AT(at), durations(), "when it is sent"),
      make_key<T>("from", NYM_AT(from), client_names(), "who sends it"),
      make_key<T>("to", NYM_AT(to), client_names(), "who gets it"),
      make_key<T>("text", NYM_AT(text), texts(), "what it says"),
      make_key<T>("bytes", NYM_AT(bytes), sizes(0, kLargestMessage), "its size when it has no text"),
      make_key<T>("reply_surbs", NYM_AT(reply_surbs), counts<std::uint32_t>(0, kMostSurbsOfMessage),
                  "reply SURBs sent along; with any it is anonymous"),
      make_key<T>("reply", NYM_AT(reply), maybe(texts()), "what its receiver answers"),
  };
  return lists(table_codec(std::move(table)));
}

Alternative<Workload> schedule() {
  return kind_of_workload<ScheduleWorkload>(
      "schedule", "the messages of a list",
      {make_key<Workload>("messages", NYM_WORKLOAD(ScheduleWorkload, messages), planned_messages(), "the list")});
}

}  // namespace

Key<Plan> workloads_key() {
  Table<Workload> table;
  table.keys = {make_key<Workload>("name", NYM_AT(name), texts(), "for reports")};
  table.alternatives = {messages(), request_reply(), group(), file_transfer(), trace(), schedule()};
  return make_key<Plan>("workload", NYM_AT(workloads), lists(table_codec(std::move(table))), "what is sent");
}

}  // namespace nym::sim
