#include <algorithm>
#include <deque>
#include <numeric>

#include "engine/base/check.h"
#include "engine/base/overloaded.h"
#include "sim/plan/nodes.h"
#include "sim/workload/arrival_clock.h"
#include "sim/workload/work.h"

namespace nym::sim {
namespace {

std::vector<std::uint32_t> clients_in(const Plan& plan, const NodeSet& set) {
  auto clients = resolve(plan, set, NodeKind::client);
  NYM_CHECK(clients);
  return *clients;
}

std::uint64_t draw_size(RandomSource& random, const SizeDistribution& sizes) {
  auto exponential = [&](const ExponentialSize& size) {
    auto drawn = draw_exponential(random, Duration::nanoseconds(static_cast<std::int64_t>(size.mean)));
    return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(drawn.ns()));
  };
  return std::visit(Overloaded{
                        [](const FixedSize& size) { return size.bytes; },
                        [&](const UniformSize& size) { return size.min + draw_below(random, size.max - size.min + 1); },
                        exponential,
                        [&](const SizeList& list) { return list.sizes[draw_below(random, list.sizes.size())]; },
                    },
                    sizes);
}

/// Who writes to whom: both drawn, never one as both.
class Pairs {
 public:
  Pairs(const Plan& plan, const NodeSet& from, const NodeSet& to)
      : senders_(clients_in(plan, from)), receivers_(clients_in(plan, to)) {}

  std::pair<std::uint32_t, std::uint32_t> draw(RandomSource& random) const {
    while (true) {
      auto from = senders_[draw_below(random, senders_.size())];
      auto to = receivers_[draw_below(random, receivers_.size())];
      if (from != to) return {from, to};
    }
  }

 private:
  std::vector<std::uint32_t> senders_;
  std::vector<std::uint32_t> receivers_;
};

/// Until there were enough, or the time is over.
class Turns {
 public:
  Turns(const Workload& workload, const Arrivals& arrivals, RandomSource& random)
      : workload_(workload), clock_(arrivals, random) {}

  std::optional<Duration> next() {
    if (workload_.count && taken_ == *workload_.count) return std::nullopt;
    auto at = clock_.next();
    if (workload_.length && at > *workload_.length) return std::nullopt;
    ++taken_;
    return workload_.start + at;
  }

 private:
  const Workload& workload_;
  ArrivalClock clock_;
  std::uint64_t taken_ = 0;
};

/// Messages between drawn pairs, with a reply where there are sizes for it.
template <class Kind>
class PairSource final : public WorkSource {
 public:
  PairSource(const Plan& plan, const Workload& workload, const Kind& kind, std::unique_ptr<RandomSource> random)
      : kind_(kind),
        random_(std::move(random)),
        turns_(workload, kind.arrivals, *random_),
        pairs_(plan, kind.from, kind.to) {}

  std::optional<Work> next() override {
    auto at = turns_.next();
    if (!at) return std::nullopt;
    auto [from, to] = pairs_.draw(*random_);
    Work work{*at, from, to, {{}, draw_size(*random_, kind_.sizes)}, kind_.reply_surbs};
    if constexpr (requires { kind_.reply_sizes; }) work.reply = Content{{}, draw_size(*random_, kind_.reply_sizes)};
    return work;
  }

 private:
  const Kind& kind_;
  std::unique_ptr<RandomSource> random_;
  Turns turns_;
  Pairs pairs_;
};

class GroupSource final : public WorkSource {
 public:
  GroupSource(const Plan& plan, const Workload& workload, const GroupWorkload& kind,
              std::unique_ptr<RandomSource> random)
      : kind_(kind),
        random_(std::move(random)),
        turns_(workload, kind.arrivals, *random_),
        senders_(clients_in(plan, kind.from)),
        members_(clients_in(plan, kind.members)) {}

  std::optional<Work> next() override {
    while (copies_.empty()) {
      auto at = turns_.next();
      if (!at) return std::nullopt;
      auto from = senders_[draw_below(*random_, senders_.size())];
      auto size = draw_size(*random_, kind_.sizes);
      for (auto to : members_) {
        if (to != from) copies_.push_back({*at, from, to, {{}, size}});
      }
    }
    auto work = std::move(copies_.front());
    copies_.pop_front();
    return work;
  }

 private:
  const GroupWorkload& kind_;
  std::unique_ptr<RandomSource> random_;
  Turns turns_;
  std::vector<std::uint32_t> senders_;
  std::vector<std::uint32_t> members_;
  std::deque<Work> copies_;
};

/// The files of all senders at once, each to the first receiver that is not its sender.
class FileSource final : public WorkSource {
 public:
  FileSource(const Plan& plan, const Workload& workload, const FileWorkload& kind)
      : workload_(workload),
        kind_(kind),
        senders_(clients_in(plan, kind.from)),
        receivers_(clients_in(plan, kind.to)) {}

  std::optional<Work> next() override {
    if (sender_ == senders_.size()) return std::nullopt;
    auto from = senders_[sender_];
    auto to = *std::find_if(receivers_.begin(), receivers_.end(), [&](auto one) { return one != from; });
    auto size = std::min(kind_.chunk, kind_.size - sent_);
    sent_ += size;
    if (sent_ == kind_.size) {
      sent_ = 0;
      ++sender_;
    }
    return Work{workload_.start, from, to, {{}, size}};
  }

 private:
  const Workload& workload_;
  const FileWorkload& kind_;
  std::vector<std::uint32_t> senders_;
  std::vector<std::uint32_t> receivers_;
  std::size_t sender_ = 0;
  std::uint64_t sent_ = 0;
};

/// Given messages, earliest first.
class ListSource final : public WorkSource {
 public:
  explicit ListSource(const std::vector<PlannedMessage>& messages) : messages_(messages), order_(messages.size()) {
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) {
      return std::pair(messages[a].at, a) < std::pair(messages[b].at, b);
    });
  }

  std::optional<Work> next() override {
    if (next_ == order_.size()) return std::nullopt;
    const auto& message = messages_[order_[next_++]];
    Work work{message.at,
              static_cast<std::uint32_t>(message.from),
              static_cast<std::uint32_t>(message.to),
              {message.text, message.bytes},
              message.reply_surbs};
    if (message.reply) work.reply = Content{*message.reply, 0};
    return work;
  }

 private:
  const std::vector<PlannedMessage>& messages_;
  std::vector<std::size_t> order_;
  std::size_t next_ = 0;
};

}  // namespace

std::unique_ptr<WorkSource> make_work_source(const Plan& plan, const Workload& workload, RandomSource& random) {
  auto own = random.fork("workload");
  return std::visit(Overloaded{
                        [&](const MessageWorkload& kind) -> std::unique_ptr<WorkSource> {
                          return std::make_unique<PairSource<MessageWorkload>>(plan, workload, kind, std::move(own));
                        },
                        [&](const RequestReplyWorkload& kind) -> std::unique_ptr<WorkSource> {
                          return std::make_unique<PairSource<RequestReplyWorkload>>(plan, workload, kind,
                                                                                    std::move(own));
                        },
                        [&](const GroupWorkload& kind) -> std::unique_ptr<WorkSource> {
                          return std::make_unique<GroupSource>(plan, workload, kind, std::move(own));
                        },
                        [&](const FileWorkload& kind) -> std::unique_ptr<WorkSource> {
                          return std::make_unique<FileSource>(plan, workload, kind);
                        },
                        [&](const TraceWorkload& kind) -> std::unique_ptr<WorkSource> {
                          return std::make_unique<ListSource>(kind.messages);
                        },
                        [&](const ScheduleWorkload& kind) -> std::unique_ptr<WorkSource> {
                          return std::make_unique<ListSource>(kind.messages);
                        },
                    },
                    workload.kind);
}

}  // namespace nym::sim
