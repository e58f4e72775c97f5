#pragma once

#include <optional>
#include <string>

#include "engine/base/result.h"
#include "engine/base/time.h"

/// How fast the simulator is on one core, and how much memory clients take that only send cover.
namespace nym::sim {

struct LoadSpeed {
  std::uint64_t sphinx_packets = 0;  ///< made and delivered; acknowledgements are packets too
  std::uint64_t link_packets = 0;    ///< one for each link on their way
  std::uint64_t events = 0;
  double cpu_seconds = 0;
  double sphinx_packets_per_s() const { return static_cast<double>(sphinx_packets) / cpu_seconds; }
  double link_packets_per_s() const { return static_cast<double>(link_packets) / cpu_seconds; }
  /// Each with its acknowledgement.
  double data_packets_per_s() const { return sphinx_packets_per_s() / 2; }
};
/// A network under load, in model or real fidelity, for some virtual time after registration. Errors: harness, when
/// the run did not end well.
Result<LoadSpeed> measure_model(Duration length);
Result<LoadSpeed> measure_real(Duration length);

/// Pairs of push and pop, with so many events pending.
double measure_event_queue(std::size_t pending, std::size_t pairs);

/// X25519 key agreements of OpenSSL in a second of this machine: what real fidelity is to be compared with.
double measure_key_agreements(std::size_t rounds);

struct IdleClients {
  std::uint32_t clients = 0;
  std::uint64_t events = 0;
  std::uint64_t bytes = 0;  ///< by which the process grew at most
  double cpu_seconds = 0;
  std::uint64_t bytes_each() const { return bytes / clients; }
};
/// Clients with default cover and nothing to say, in model fidelity. Only right before anything else that takes memory.
Result<IdleClients> measure_idle_clients(std::uint32_t clients, Duration length);

}  // namespace nym::sim
