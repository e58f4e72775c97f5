#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/base/time.h"

namespace nym::sim {

/// How much of the cryptography is done: all of it, or only what it decides.
enum class Fidelity : std::uint8_t { real, model };
const char* to_string(Fidelity fidelity);
std::optional<Fidelity> fidelity_from(std::string_view name);

/// One message of the workload, and the reply its receiver sends through a reply SURB.
struct PlannedMessage {
  TimePoint at;
  std::size_t from = 0;  ///< client
  std::size_t to = 0;
  std::string text;
  std::uint32_t reply_surbs = 0;
  std::optional<std::string> reply;
};

/// Something that goes wrong at one node, and how long it stays so.
struct PlannedFault {
  enum class Kind : std::uint8_t {
    crash_mixnode,  ///< everything in its memory is gone
    crash_gateway,  ///< so here; its disk stays
    crash_client,   ///< so here
    cut_sessions,   ///< of a gateway: its websockets are reset, it lives on; has no length
    silence,        ///< of a gateway: what goes to its clients and comes from them vanishes, nobody is told
    suspend,        ///< of a client's machine: afterwards it sees the time that passed
    full_disk,      ///< of a client: it can save nothing
    leave_app,      ///< of a client: its application goes away, and comes back
  };
  TimePoint at;
  Kind kind{};
  std::size_t node = 0;  ///< among those of its kind
  Duration length;
};

enum class Journal : std::uint8_t { off, on };

/// One-way time of every link: a fixed part and an exponential one.
struct LinkPlan {
  Duration fixed = Duration::milliseconds(1);
  Duration mean_jitter = Duration::milliseconds(2);
};

/// A scenario as data: the network, what is sent on it, and for how long it may take.
struct Plan {
  std::string name;
  std::string description;
  std::size_t mixnodes_per_layer = 1;
  std::size_t gateways = 2;
  std::size_t clients = 2;
  LinkPlan links;
  Journal journal = Journal::off;  ///< of all clients
  std::vector<PlannedMessage> messages;
  std::vector<PlannedFault> faults;
  Duration time_limit = Duration::seconds(60);
};

/// The scenarios that come with the simulator.
const std::vector<Plan>& builtin_plans();
const Plan* find_builtin_plan(std::string_view name);

}  // namespace nym::sim
