#pragma once

#include "net/os_random.h"
#include "testnet/node.h"
#include "testnet/relay.h"

namespace nym::testnet {

/// What is different on the links from some nodes to others, by their places in the plan.
struct LinkRule {
  std::vector<bool> from;
  std::vector<bool> to;
  sim::Direction direction = sim::Direction::one_way;
  sim::LinkChange change{};
  bool cuts = false;

  bool concerns(std::size_t a, std::size_t b) const {
    return (from[a] && to[b]) || (direction == sim::Direction::both_ways && from[b] && to[a]);
  }
};

/// The links of a network that can be changed while it runs. Between mixnodes and gateways a relay stands only where a
/// rule wants something: the sending node is told to go through it, so that a network without faults costs nothing. A
/// client cannot be told where its gateway is while it runs, hence each has its relay all the time; what passes is
/// copied twice, some microseconds a packet, where the packet's cryptography costs a millisecond.
class Links {
 public:
  struct End {
    const NodePlan* plan;
    Node* node;
  };
  /// `ends` in the order of the plan; they outlive this. `dialed` is the address under which nodes know each other.
  Links(net::Runtime& runtime, std::vector<End> ends, const std::variant<Ipv4, Ipv6>& host,
        const std::variant<Ipv4, Ipv6>& dialed)
      : runtime_(runtime), ends_(std::move(ends)), host_(host), dialed_(dialed) {}

  /// The relay of a client, in front of its gateway. Error: cannot_listen.
  Result<void> add_client(std::size_t client, std::size_t gateway);
  /// Replaces all rules; later ones win. `done` when every node goes where it should.
  void apply(const std::vector<LinkRule>& rules, Node::Done done);
  /// Ends the connections of a gateway's clients.
  void cut_sessions(std::size_t gateway);
  /// Forgets relays that nothing passes through any more.
  void look();
  std::size_t relays() const { return between_.size(); }

 private:
  struct Between {
    std::unique_ptr<Relay> relay;
    bool is_wanted = true;
  };
  struct ClientLink {
    std::size_t client;
    std::size_t gateway;
    std::unique_ptr<Relay> relay;
  };
  bool are_neighbours(const NodePlan& from, const NodePlan& to) const;
  Result<void> relay_between(std::size_t from, std::size_t to, const LinkQuality& quality);
  LinkQuality quality_of(const std::vector<LinkRule>& rules, std::size_t from, std::size_t to) const;
  Endpoint known_as(const Endpoint& mix) const { return {dialed_, mix.port}; }

  net::Runtime& runtime_;
  std::vector<End> ends_;
  std::variant<Ipv4, Ipv6> host_;
  std::variant<Ipv4, Ipv6> dialed_;
  net::OsRandom random_;
  std::map<std::pair<std::size_t, std::size_t>, Between> between_;
  std::map<std::size_t, net::Detours> detours_;  ///< as each node knows them
  std::vector<ClientLink> clients_;
};

}  // namespace nym::testnet
