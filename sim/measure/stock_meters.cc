#include <algorithm>
#include <functional>

#include "sim/measure/kinds.h"
#include "sim/measure/limits.h"
#include "sim/measure/series.h"
#include "sim/measure/timed_meter.h"
#include "sim/plan/nodes.h"

namespace nym::sim {
namespace {

double number(std::size_t count) {
  return static_cast<double>(count);
}

double queued_fragments(const client::Status& status) {
  const auto& queued = status.queued;
  return number(queued.general + queued.surb_requests + queued.additional_surbs + queued.retransmissions + queued.apps);
}

/// One number of every client that is up: of the first ones by itself, of more of them their sum.
class ClientStock {
 public:
  ClientStock(std::uint32_t clients, std::size_t points, std::function<double(const client::Status&)> look)
      : sampled_(std::min<std::size_t>(clients, kSampledClients)),
        each_(std::min<std::size_t>(clients, kFollowedClients), Samplings(points)),
        all_(points),
        look_(std::move(look)) {}

  void sample(Duration at, std::size_t client, const client::Status& status) {
    double value = look_(status);
    sum_ += value;
    if (client < each_.size()) each_[client].add(at, value);
  }
  void finish_sample(Duration at) {
    all_.add(at, sum_);
    sum_ = 0;
  }
  std::size_t sampled() const { return sampled_; }

  void add_to(Measurements& measurements, Metric metric, const std::string& name) const {
    all_.add_to(measurements, metric, name + ".clients", "");
    for (std::uint32_t i = 0; i < each_.size(); ++i) {
      each_[i].add_to(measurements, metric, name + "." + to_text(NodeName{NodeKind::client, i}), "");
    }
  }

 private:
  std::size_t sampled_;
  std::vector<Samplings> each_;
  Samplings all_;
  double sum_ = 0;
  std::function<double(const client::Status&)> look_;
};

std::size_t followed(const Plan& plan) {
  return std::min<std::size_t>(client_count(plan), kFollowedClients);
}

/// Packets that mixnodes hold, messages in inboxes, fragments that wait in clients.
class QueueDepthMeter : public TimedMeter {
 public:
  explicit QueueDepthMeter(const Plan& plan)
      : TimedMeter(plan.measure),
        points_(points_each(followed(plan) + 1 + plan.network.mixnodes + plan.network.gateways)),
        held_(plan.network.mixnodes, Samplings(points_)),
        inboxes_(plan.network.gateways, Samplings(points_)),
        queued_(client_count(plan), points_, queued_fragments) {}

  void on_sample(TimePoint now, const NetworkView& view) override {
    auto at = touch(now);
    if (!at) return;
    for (std::uint32_t i = 0; i < held_.size(); ++i) {
      if (auto held = view.held_packets(i)) held_[i].add(*at, number(*held));
    }
    for (std::uint32_t i = 0; i < inboxes_.size(); ++i) inboxes_[i].add(*at, number(view.inbox_messages(i)));
    for (std::uint32_t i = 0; i < queued_.sampled(); ++i) {
      if (auto status = view.client_status(i)) queued_.sample(*at, i, *status);
    }
    queued_.finish_sample(*at);
  }

  void add_to(Measurements& measurements) const override {
    for (std::uint32_t i = 0; i < held_.size(); ++i) {
      held_[i].add_to(measurements, Metric::queue_depth, "held." + to_text(NodeName{NodeKind::mixnode, i}), "");
    }
    for (std::uint32_t i = 0; i < inboxes_.size(); ++i) {
      inboxes_[i].add_to(measurements, Metric::queue_depth, "inbox." + to_text(NodeName{NodeKind::gateway, i}), "");
    }
    queued_.add_to(measurements, Metric::queue_depth, "queued");
  }

 private:
  std::size_t points_;
  std::vector<Samplings> held_;
  std::vector<Samplings> inboxes_;
  ClientStock queued_;
};

/// Reply SURBs: what clients have of each other's, what they know of their own, and what became of them.
class SurbStockMeter : public TimedMeter {
 public:
  explicit SurbStockMeter(const Plan& plan)
      : TimedMeter(plan.measure),
        surbs_(client_count(plan), points_each(followed(plan) + 2),
               [](const auto& status) { return number(status.surbs); }),
        reply_keys_(points_each(followed(plan) + 2)) {}

  void on_sample(TimePoint now, const NetworkView& view) override {
    auto at = touch(now);
    if (!at) return;
    double keys = 0;
    for (std::uint32_t i = 0; i < surbs_.sampled(); ++i) {
      auto status = view.client_status(i);
      if (!status) continue;
      surbs_.sample(*at, i, *status);
      keys += number(status->reply_keys);
    }
    surbs_.finish_sample(*at);
    reply_keys_.add(*at, keys);
  }
  void on_client_event(TimePoint now, std::uint32_t, const client::Event& event) override {
    if (!touch(now)) return;
    if (const auto* made = std::get_if<client::SurbsCreated>(&event)) created_ += number(made->count);
    if (const auto* came = std::get_if<client::SurbsReceived>(&event)) received_ += number(came->count);
    if (const auto* used = std::get_if<client::SurbsUsed>(&event)) used_ += number(used->count);
    if (const auto* wanted = std::get_if<client::SurbsRequested>(&event)) requested_ += number(wanted->count);
  }

  void add_to(Measurements& measurements) const override {
    auto& figures = measurements.figures;
    figures.push_back({Metric::surb_stock, "surbs_created", "", created_});
    figures.push_back({Metric::surb_stock, "surbs_received", "", received_});
    figures.push_back({Metric::surb_stock, "surbs_used", "", used_});
    figures.push_back({Metric::surb_stock, "surbs_requested", "", requested_});
    surbs_.add_to(measurements, Metric::surb_stock, "surbs");
    reply_keys_.add_to(measurements, Metric::surb_stock, "reply_keys.clients", "");
  }

 private:
  ClientStock surbs_;
  Samplings reply_keys_;
  double created_ = 0;
  double received_ = 0;
  double used_ = 0;
  double requested_ = 0;
};

}  // namespace

std::unique_ptr<Meter> make_queue_depth_meter(const Plan& plan) {
  return std::make_unique<QueueDepthMeter>(plan);
}
std::unique_ptr<Meter> make_surb_stock_meter(const Plan& plan) {
  return std::make_unique<SurbStockMeter>(plan);
}

}  // namespace nym::sim
