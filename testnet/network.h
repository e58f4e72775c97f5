#pragma once

#include "net/files.h"
#include "net/metrics/metrics_server.h"
#include "testnet/client_node.h"
#include "testnet/directory_server.h"
#include "testnet/fault_book.h"
#include "testnet/node_keys.h"

namespace nym::testnet {

struct NetworkOptions {
  enum class Nodes : std::uint8_t { in_this_process, own_processes };
  Layout layout{};
  std::filesystem::path directory;  ///< of everything that outlives the network
  Nodes nodes = Nodes::in_this_process;
  std::filesystem::path client_program = "nym-client";
  std::vector<std::string> client_options{};  ///< of `nym-client run`
  enum class Forward : std::uint8_t { to_listed, anywhere };
  Forward forward = Forward::to_listed;  ///< to which addresses nodes send packets on
};

/// A private mixnet: its directory in this process, its mixnodes and gateways here or in processes of their own, its
/// clients in processes. Keys, ports and databases are in the network's directory: started there again it is the same.
class Network final : private FaultGround {
 public:
  /// Nodes in this process are ready when this returns, others some time later. Errors: cannot_listen, file_failed,
  /// locked.
  static Result<std::unique_ptr<Network>> start(net::Runtime& runtime, const NetworkOptions& options);
  /// Three mixnodes and two gateways in this process: ready.
  static Result<std::unique_ptr<Network>> start(net::Runtime& runtime, const std::filesystem::path& directory);
  ~Network();

  /// `done` comes once: when all nodes are ready, or one could not be started.
  void on_ready(Node::Done done);
  /// Everything ends in good order, within limits::kStop.
  void shut_down(std::function<void()> done);

  std::string directory_url() const { return directory_url_; }
  const std::vector<topology::MixnodeDetails>& mixnodes() const { return mixnode_list_; }
  const std::vector<topology::GatewayBond>& gateways() const { return gateway_list_; }
  const std::filesystem::path& folder() const { return options_.directory; }
  const NetworkOptions& options() const { return options_; }

  struct Member {
    NodePlan plan;
    std::unique_ptr<Node> node;
    std::optional<net::NodeKeys> keys;  ///< of a mixnode or gateway
    std::string gateway;                ///< name; of a client
    ClientNode* client = nullptr;
    std::uint32_t starts = 0;
  };
  const std::vector<Member>& members() const { return members_; }
  /// Error: no_such_node, naming those that there are.
  Result<std::size_t> find(const std::string& name) const;
  Member& member(std::size_t place) { return members_[place]; }
  void start_node(std::size_t place, Node::Done done);

  NodeState state() const;
  /// Where its live page is; empty: nowhere.
  void set_dashboard(std::string url) { dashboard_url_ = std::move(url); }
  const std::string& dashboard_url() const { return dashboard_url_; }
  FaultBook& faults() { return faults_; }
  net::MetricsPages& pages() { return pages_; }

  /// As if its machine had lost power: connections end, what was not committed is gone.
  void kill_gateway(std::size_t index) { members_[mixnode_list_.size() + index].node->kill(); }
  /// With the keys, ports and database that it had. Only for nodes in this process.
  Result<void> restart_gateway(std::size_t index);

 private:
  class Health;
  Network(net::Runtime& runtime, NetworkOptions options);
  Result<void> open();
  Result<void> add(const NodePlan& plan);
  Result<void> start_directory(const Endpoint& where);
  Result<void> start_all();
  void tell_known_hops();
  void began(Result<void> result);
  void look();
  std::filesystem::path folder_of(const NodePlan& plan) const { return options_.directory / plan.name; }
  std::filesystem::path log_of(const NodePlan& plan) const;

  std::vector<const NodePlan*> plans() const override;
  Node& node(std::size_t place) override { return *members_[place].node; }
  void forget_state(std::size_t place) override;
  void cut_sessions(std::size_t gateway) override { links_->cut_sessions(gateway); }
  void set_rules(const std::vector<LinkRule>& rules, Node::Done done) override {
    links_->apply(rules, std::move(done));
  }

  net::Runtime& runtime_;
  NetworkOptions options_;
  std::optional<net::DirectoryLock> lock_;
  std::unique_ptr<DirectoryServer> directory_;
  std::string directory_url_;
  std::string dashboard_url_;
  std::vector<topology::MixnodeDetails> mixnode_list_;
  std::vector<topology::GatewayBond> gateway_list_;
  std::unique_ptr<net::RoleMetrics> health_;
  net::MetricsPages pages_;
  std::vector<Member> members_;
  std::unique_ptr<Links> links_;
  FaultBook faults_;
  std::size_t starting_ = 0;
  Result<void> started_;
  std::vector<Node::Done> on_ready_;
  std::function<void()> on_stopped_;
  TimePoint stop_by_;
  net::Timer look_timer_;
};

/// The name of a node's log in a network's directory.
std::filesystem::path log_file(const std::filesystem::path& directory, const std::string& node);

}  // namespace nym::testnet
