#pragma once

#include "net/http_client.h"
#include "testnet/child_process.h"
#include "testnet/node.h"

namespace nym::testnet {

/// A `nym-client` process, registered with a gateway when it starts for the first time. It reaches the gateway through
/// the network's relay, if it has one, whose address it takes for the gateway's: nothing else could be changed under it
/// while it runs.
class ClientNode final : public Node {
 public:
  struct Setup {
    NodePlan plan;
    std::filesystem::path program;
    std::filesystem::path folder;  ///< its home
    std::filesystem::path log;
    std::string gateway;  ///< identity key
    std::vector<std::string> run_options{};
  };
  ClientNode(net::Runtime& runtime, Setup setup) : setup_(std::move(setup)), http_(runtime) {}

  /// Where it finds the network; before start.
  void set_directory(std::string url) { directory_url_ = std::move(url); }
  void start(Done done) override;
  void kill() override;
  void stop() override;
  void pause() override;
  void resume() override;
  void look() override;
  NodeState state() const override;
  std::string why() const override;
  std::optional<int> pid() const override;
  void set_detours(const net::Detours&, Done done) override { done({}); }  // it has the relay
  void set_known_hops(const KnownHops&) override {}                        // it sends to its gateway only
  void watch(const ByteArray<32>&, Seen) override {}                       // no frames of mixnodes arrive here

  /// Its nym address; empty until it is registered.
  const std::string& address() const { return address_; }
  std::string websocket_url() const;

 private:
  enum class Step : std::uint8_t { idle, registering, running };
  ChildProcess::Options options(ChildProcess::Write write) const;
  void register_it();
  Result<void> on_registered(int code);
  Result<void> point_at_relay() const;
  void run();
  void on_exit(int code);
  void ask_health();
  void on_health(const Result<net::HttpResponse>& response);
  void fail_start(const std::string& what);

  Setup setup_;
  net::HttpClient http_;
  std::string directory_url_;
  Step step_ = Step::idle;
  std::optional<ChildProcess> process_;
  Done on_started_;
  std::string address_;
  bool is_ready_ = false;
  bool was_ready_ = false;
  bool is_paused_ = false;
  bool is_asking_ = false;
  TimePoint asked_at_;
  TimePoint started_at_;
  std::string why_ = "not started";
};

/// The environment that makes any unmodified client use a directory (04 §1.3).
std::map<std::string, std::string> network_environment(const std::string& directory_url);

}  // namespace nym::testnet
