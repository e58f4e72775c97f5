#include "engine/mixnode/holding.h"

#include <deque>
#include <queue>

#include "engine/base/check.h"
#include "engine/base/overloaded.h"

namespace nym::mixnode {
namespace {

class StopAndGoHolding final : public Holding {
 public:
  bool keeps(Duration delay) const override { return delay > Duration(); }

  void add(Duration delay, HeldPacket packet) override {
    auto release = packet.arrived + delay;
    waiting_.push({release, sequence_++, keep(std::move(packet))});
  }

  std::vector<HeldPacket> take(TimePoint now) override {
    std::vector<HeldPacket> due;
    for (; !waiting_.empty() && waiting_.top().release <= now; waiting_.pop()) {
      auto place = waiting_.top().place;
      due.push_back(std::move(packets_[place]));
      free_.push_back(place);
    }
    return due;
  }

  std::optional<TimePoint> next_deadline() const override {
    if (waiting_.empty()) return std::nullopt;
    return waiting_.top().release;
  }
  std::size_t size() const override { return waiting_.size(); }

 private:
  struct Waiting {
    TimePoint release;
    std::uint64_t sequence = 0;  ///< arrival order among equals
    std::uint32_t place = 0;     ///< of the packet, which stays there
    friend bool operator>(const Waiting& a, const Waiting& b) {
      return a.release != b.release ? a.release > b.release : a.sequence > b.sequence;
    }
  };

  std::uint32_t keep(HeldPacket packet) {
    if (free_.empty()) {
      packets_.push_back(std::move(packet));
      return static_cast<std::uint32_t>(packets_.size() - 1);
    }
    auto place = free_.back();
    free_.pop_back();
    packets_[place] = std::move(packet);
    return place;
  }

  std::priority_queue<Waiting, std::vector<Waiting>, std::greater<>> waiting_;
  std::deque<HeldPacket> packets_;  ///< grows without a copy of all
  std::vector<std::uint32_t> free_;
  std::uint64_t sequence_ = 0;
};

class Batch : public Holding {
 public:
  bool keeps(Duration) const final { return true; }
  std::size_t size() const final { return packets_.size(); }

 protected:
  explicit Batch(std::unique_ptr<RandomSource> random) : random_(std::move(random)) {}

  void insert(HeldPacket packet) { packets_.push_back(std::move(packet)); }
  RandomSource& random() { return *random_; }
  /// All but `keep` of them, drawn evenly, in a drawn order.
  std::vector<HeldPacket> draw_all_but(std::size_t keep) {
    std::vector<HeldPacket> drawn;
    while (packets_.size() > keep) {
      std::swap(packets_[draw_below(*random_, packets_.size())], packets_.back());
      drawn.push_back(std::move(packets_.back()));
      packets_.pop_back();
    }
    return drawn;
  }

 private:
  std::unique_ptr<RandomSource> random_;
  std::vector<HeldPacket> packets_;
};

class ThresholdHolding final : public Batch {
 public:
  ThresholdHolding(std::size_t packets, std::unique_ptr<RandomSource> random)
      : Batch(std::move(random)), threshold_(packets) {
    NYM_CHECK(packets >= 1);
  }
  void add(Duration, HeldPacket packet) override { insert(std::move(packet)); }
  bool is_full() const override { return size() >= threshold_; }
  std::vector<HeldPacket> take(TimePoint) override { return is_full() ? draw_all_but(0) : std::vector<HeldPacket>(); }
  std::optional<TimePoint> next_deadline() const override { return std::nullopt; }

 private:
  std::size_t threshold_;
};

/// A timed mix is a pool that keeps nothing.
class PoolHolding final : public Batch {
 public:
  PoolHolding(std::size_t keep, Duration interval, std::unique_ptr<RandomSource> random)
      : Batch(std::move(random)), keep_(keep), interval_(interval) {
    NYM_CHECK(interval > Duration());
    phase_ = Duration::nanoseconds(
        static_cast<std::int64_t>(draw_below(this->random(), static_cast<std::uint64_t>(interval.ns()))));
  }
  void add(Duration, HeldPacket packet) override {
    if (!due_) due_ = next_tick(packet.arrived);
    insert(std::move(packet));
  }
  std::vector<HeldPacket> take(TimePoint now) override {
    if (!due_ || *due_ > now) return {};
    due_.reset();
    return draw_all_but(keep_);
  }
  std::optional<TimePoint> next_deadline() const override { return due_; }

 private:
  TimePoint next_tick(TimePoint now) const {
    auto since = (now.since_origin() - phase_).ns() % interval_.ns();
    if (since < 0) since += interval_.ns();
    return now + (interval_ - Duration::nanoseconds(since));
  }

  std::size_t keep_;
  Duration interval_;
  Duration phase_;
  std::optional<TimePoint> due_;  ///< set while something came since the last time
};

}  // namespace

std::unique_ptr<Holding> make_holding(const Strategy& strategy, std::unique_ptr<RandomSource> random) {
  using Made = std::unique_ptr<Holding>;
  return std::visit(Overloaded{
                        [](const StopAndGo&) -> Made { return std::make_unique<StopAndGoHolding>(); },
                        [&](const Timed& timed) -> Made {
                          return std::make_unique<PoolHolding>(0, timed.interval, std::move(random));
                        },
                        [&](const Threshold& threshold) -> Made {
                          return std::make_unique<ThresholdHolding>(threshold.packets, std::move(random));
                        },
                        [&](const Pool& pool) -> Made {
                          return std::make_unique<PoolHolding>(pool.keep, pool.interval, std::move(random));
                        },
                    },
                    strategy);
}

}  // namespace nym::mixnode
