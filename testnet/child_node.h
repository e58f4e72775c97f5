#pragma once

#include "testnet/child_process.h"
#include "testnet/control.h"
#include "testnet/node.h"

namespace nym::testnet {

/// A mixnode or gateway in a process of its own: `nym-testnet mixnode|gateway`, controlled over its socket.
class ChildNode final : public Node {
 public:
  struct Setup {
    NodePlan plan;
    std::filesystem::path folder;  ///< of its keys, its database and its socket
    std::filesystem::path log;
    std::string announce;
  };
  ChildNode(net::Runtime& runtime, Setup setup) : runtime_(runtime), setup_(std::move(setup)) {}

  void start(Done done) override;
  void kill() override;
  void stop() override;
  void pause() override;
  void resume() override;
  void look() override;
  NodeState state() const override;
  std::string why() const override { return why_; }
  std::optional<int> pid() const override;
  void set_detours(const net::Detours& detours, Done done) override;
  void set_known_hops(const KnownHops& addresses) override;
  void watch(const ByteArray<32>& begin, Seen seen) override;

 private:
  std::vector<std::string> command() const;
  void connect();
  void finish_start(Result<void> result);
  void send_detours(Done done);
  void send_known_hops();

  net::Runtime& runtime_;
  Setup setup_;
  std::optional<ChildProcess> process_;
  std::unique_ptr<ControlLink> control_;
  net::Detours detours_;
  KnownHops known_hops_;
  Done on_started_;
  TimePoint started_at_;
  bool is_paused_ = false;
  std::string why_ = "not started";
};

}  // namespace nym::testnet
