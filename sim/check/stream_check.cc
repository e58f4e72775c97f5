#include <fmt/format.h>

#include <algorithm>

#include "sim/check/checkers.h"
#include "sim/plan/nodes.h"

namespace nym::sim {
namespace {

/// A Poisson stream that runs pauses so long once in 10^10 times.
constexpr std::int64_t kLongestGap = 25;
/// The main stream's clock runs up to so many times slower when its gateway link is full.
constexpr std::int64_t kSlowest = 6;
/// Of the 32 frames that may wait for the gateway's socket: with more of them the streams wait too.
constexpr std::size_t kFreeEnough = 8;

/// Counts the time in which a client could send, as it looks at each sample, since it last did.
class StreamCheck final : public Observer {
 public:
  StreamCheck(const Plan& plan, Complaints& complaints) : complaints_(complaints) {
    auto count = std::min(client_count(plan), kCheckedClients);
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto& traffic = group_of(plan, i).options.traffic;
      Client client;
      if (traffic.main_poisson_stream == client::Switch::on) {
        client.main.longest = traffic.message_sending_average_delay * (kLongestGap * kSlowest);
      }
      if (traffic.loop_cover_stream == client::Switch::on) {
        client.loops.longest = traffic.loop_cover_average_delay * kLongestGap;
      }
      clients_.push_back(client);
    }
  }

  bool wants(Frequent what) const override { return what == Frequent::client_event; }
  void on_client_event(TimePoint now, std::uint32_t client, const client::Event& event) override {
    if (client >= clients_.size()) return;
    auto& its = clients_[client];
    const auto* sent = std::get_if<client::PacketSent>(&event);
    if (sent != nullptr) return on_sent(now, its, sent->kind);
    bool is_new_start = std::holds_alternative<client::GatewayStateChanged>(event) ||
                        std::holds_alternative<client::TopologyChanged>(event);
    if (is_new_start) its.restart(now);
  }

  void on_node_state(TimePoint, NodeName node, NodeState state) override {
    bool is_checked = node.kind == NodeKind::client && node.index < clients_.size();
    if (is_checked) clients_[node.index].is_running = state == NodeState::up;
  }

  void on_sample(TimePoint now, const NetworkView& network) override {
    for (std::uint32_t i = 0; i < clients_.size(); ++i) {
      auto& its = clients_[i];
      auto status = network.client_status(i);
      bool can_send = its.is_running && status && status->ready() && status->gateway_frames < kFreeEnough;
      if (!can_send) {
        its.restart(now);
        continue;
      }
      look_at(now, i, its.main, "of its main stream");
      look_at(now, i, its.loops, "of loop cover");
    }
  }

 private:
  struct Stream {
    std::optional<Duration> longest;  ///< none: it is off
    TimePoint since;
  };
  struct Client {
    bool is_running = true;
    Stream main;
    Stream loops;
    void restart(TimePoint now) { main.since = loops.since = now; }
  };

  static void on_sent(TimePoint now, Client& client, client::PacketKind kind) {
    switch (kind) {
      case client::PacketKind::real:
      case client::PacketKind::retransmission:
      case client::PacketKind::main_cover:
        client.main.since = now;
        break;
      case client::PacketKind::loop_cover:
        client.loops.since = now;
        break;
      case client::PacketKind::drop_cover:
        break;
    }
  }
  void look_at(TimePoint now, std::uint32_t client, const Stream& stream, const char* what) {
    if (!stream.longest || now - stream.since <= *stream.longest) return;
    complaints_.add(now, Verdict::liveness,
                    fmt::format("c{} can send, and for {} s no packet {} has left", client + 1,
                                (now - stream.since).whole_seconds(), what));
  }

  Complaints& complaints_;
  std::vector<Client> clients_;
};

}  // namespace

std::unique_ptr<Observer> make_stream_check(const Plan& plan, Complaints& complaints) {
  return std::make_unique<StreamCheck>(plan, complaints);
}

}  // namespace nym::sim
