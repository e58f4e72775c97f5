#pragma once

#include <deque>

#include "engine/sphinx/real_suite.h"
#include "testnet/network.h"

namespace nym::testnet {

/// Sends packets of the network's own through it and sees where they are: whoever has the keys of all nodes can tell
/// beforehand what a packet will look like at each of them, nobody else can. Each goes over one mixnode a layer to a
/// gateway, addressed to nobody.
class Tracer {
 public:
  Tracer(net::Runtime& runtime, Network& network) : runtime_(runtime), network_(network) {}

  /// Returns its number. Error: no_network, when there is no way through nodes that are ready.
  Result<std::uint64_t> send();
  /// The last ones, newest last: where each was when, and how long it was to wait at each node.
  nlohmann::ordered_json list() const;

 private:
  struct Stop {
    std::string node;
    Endpoint address;
    Duration delay;
    std::optional<TimePoint> seen{};
  };
  struct Trace {
    std::uint64_t number;
    TimePoint sent;
    std::vector<Stop> stops;
    std::unique_ptr<net::TcpLink> link{};
  };
  Result<std::vector<const Network::Member*>> choose_way();
  Blob seal(const std::vector<const Network::Member*>& way, const std::vector<Stop>& stops);
  void watch(const std::vector<const Network::Member*>& way, Blob packet, std::uint64_t number);
  void on_seen(std::uint64_t number, std::size_t stop);

  net::Runtime& runtime_;
  Network& network_;
  net::OsRandom random_;
  sphinx::RealSuite suite_;
  std::deque<Trace> traces_;
  std::uint64_t next_ = 1;
};

}  // namespace nym::testnet
