#include <fmt/format.h>

#include <algorithm>

#include "sim/check/checkers.h"
#include "sim/plan/nodes.h"

namespace nym::sim {
namespace {

/// What a crash leaves of its stock is a client's own affair: those that crashed are not looked at any more.
class SurbCheck final : public Observer {
 public:
  SurbCheck(const Plan& plan, Complaints& complaints)
      : complaints_(complaints), clients_(std::min(client_count(plan), kCheckedClients)) {}

  bool wants(Frequent what) const override { return what == Frequent::client_event; }
  void on_client_event(TimePoint, std::uint32_t client, const client::Event& event) override {
    if (client >= clients_.size()) return;
    auto& its = clients_[client];
    if (const auto* created = std::get_if<client::SurbsCreated>(&event)) its.created += created->count;
    if (const auto* received = std::get_if<client::SurbsReceived>(&event)) its.received += received->count;
    if (const auto* used = std::get_if<client::SurbsUsed>(&event)) its.used += used->count;
  }
  void on_message(TimePoint, const MessageMoved& moved) override {
    bool is_reply = moved.step == MessageStep::delivered && moved.message.part == MessageRef::Part::reply;
    if (is_reply && moved.to < clients_.size()) ++clients_[moved.to].replies;
  }
  void on_node_state(TimePoint, NodeName node, NodeState state) override {
    bool has_crashed = node.kind == NodeKind::client && state == NodeState::down;
    if (has_crashed && node.index < clients_.size()) clients_[node.index].has_crashed = true;
  }

  void on_sample(TimePoint now, const NetworkView& network) override {
    for (std::uint32_t i = 0; i < clients_.size(); ++i) {
      const auto& its = clients_[i];
      if (its.has_crashed || its.created + its.received == 0) continue;
      auto status = network.client_status(i);
      if (status) compare(now, i, its, *status);
    }
  }

 private:
  struct Client {
    bool has_crashed = false;
    std::uint64_t created = 0;  ///< SURBs for others to answer on
    std::uint64_t replies = 0;  ///< that came on them, each on one at least
    std::uint64_t received = 0;
    std::uint64_t used = 0;
  };

  void compare(TimePoint now, std::uint32_t client, const Client& its, const client::Status& status) {
    if (status.surbs + its.used > its.received) {
      complaints_.add(now, Verdict::safety,
                      fmt::format("c{} received {} reply SURBs, has used {} and still holds {}", client + 1,
                                  its.received, its.used, status.surbs));
    }
    if (status.reply_keys + its.replies > its.created) {
      complaints_.add(now, Verdict::safety,
                      fmt::format("c{} made {} reply SURBs, got {} replies and still keeps {} keys", client + 1,
                                  its.created, its.replies, status.reply_keys));
    }
  }

  Complaints& complaints_;
  std::vector<Client> clients_;
};

}  // namespace

std::unique_ptr<Observer> make_surb_check(const Plan& plan, Complaints& complaints) {
  return std::make_unique<SurbCheck>(plan, complaints);
}

}  // namespace nym::sim
