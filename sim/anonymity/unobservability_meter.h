#pragma once

#include <map>

#include "sim/anonymity/corruption.h"
#include "sim/measure/measurements.h"

namespace nym::sim {

/// Whether the times of a client's uploads tell that it sends messages: half the sum of absolute differences between
/// two distributions of the time between one upload and the next, in bins: one while the client has messages without an
/// outcome, one while it has none. 0: nothing can be told; 1: everything. Times during which that changes do not count.
///
/// Clients of one group are taken together, since they are configured alike; the figures are the groups' means,
/// weighted by the number of times while sending. Bins are a fifth of a power of two wide, from a microsecond to a day.
///
/// Figures: `unobservability_distance`, and `unobservability_noise`, which is about what two samples of these sizes of
/// one distribution would show: half the sum over bins of sqrt(2 / pi * p (1 - p) (1/n + 1/m)). Without times of both
/// kinds there are none.
class UnobservabilityMeter final : public Meter {
 public:
  explicit UnobservabilityMeter(const Plan& plan);

  void on_frame_sent(TimePoint now, const FrameSent& frame) override;
  void on_message(TimePoint now, const MessageMoved& moved) override;
  void add_to(Measurements& measurements) const override;

 private:
  struct Sender {
    std::size_t group = 0;
    std::size_t open_messages = 0;
    std::optional<TimePoint> last_upload;  ///< none: what it sends changed since
  };
  struct Shape {
    std::map<int, std::size_t> bins;
    std::size_t times = 0;
  };
  struct Group {
    Shape sending;
    Shape idle;
  };
  struct Compared {
    double distance = 0;
    double noise = 0;
  };
  static Compared compare(const Group& group);
  Sender* find(std::uint32_t client);

  TimePoint from_;
  std::vector<Sender> senders_;
  std::vector<Group> groups_;
};

}  // namespace nym::sim
