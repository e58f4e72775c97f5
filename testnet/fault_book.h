#pragma once

#include <nlohmann/json.hpp>

#include "net/runtime.h"
#include "testnet/links.h"

namespace nym::testnet {

/// What faults do something to.
class FaultGround {
 public:
  virtual std::vector<const NodePlan*> plans() const = 0;
  virtual Node& node(std::size_t place) = 0;
  /// Takes the node's database away; only while it is stopped.
  virtual void forget_state(std::size_t place) = 0;
  virtual void cut_sessions(std::size_t gateway) = 0;
  virtual void set_rules(const std::vector<LinkRule>& rules, Node::Done done) = 0;

 protected:
  ~FaultGround() = default;
};

/// The faults of a running network, in the grammar of the simulator's plans (docs/testnet.md says which of its words
/// cannot be done to real sockets). Times count from when a fault is added.
class FaultBook {
 public:
  FaultBook(net::Runtime& runtime, FaultGround& ground) : runtime_(runtime), ground_(ground) {}

  /// `done` gets its number, once it has begun if it begins at once. Errors are for people.
  void add(const std::string& line, std::function<void(Result<std::uint64_t>)> done);
  /// Ends one, or all; what it took away comes back, but for killed nodes.
  void clear(std::optional<std::uint64_t> number, Node::Done done);
  nlohmann::ordered_json list() const;

 private:
  using Places = std::vector<std::size_t>;
  struct Entry {
    sim::Fault fault;
    bool is_active = false;
    std::uint32_t times_left = 1;
    std::vector<LinkRule> rules{};
    std::unique_ptr<net::Timer> begin{};
    std::unique_ptr<net::Timer> end{};
  };
  Result<void> check(const sim::FaultAction& action) const;
  Result<void> check_link(const sim::LinkFault& fault) const;
  Result<std::vector<bool>> members(const sim::NodeSet& set) const;
  Places places(const sim::NodeSet& set) const;
  std::vector<LinkRule> rules_of(const sim::FaultAction& action) const;
  void begin(std::uint64_t number, Node::Done done);
  void end(std::uint64_t number, Node::Done done);
  void do_to_nodes(const sim::FaultAction& action);
  void undo_to_nodes(const sim::FaultAction& action);
  void crash(const sim::NodeSet& nodes, sim::DiskState disk);
  void start_again(const sim::NodeSet& nodes);
  void apply_rules(Node::Done done);

  net::Runtime& runtime_;
  FaultGround& ground_;
  std::map<std::uint64_t, Entry> entries_;
  std::uint64_t next_ = 1;
};

}  // namespace nym::testnet
