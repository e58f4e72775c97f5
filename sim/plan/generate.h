#pragma once

#include <span>

#include "sim/plan/plan.h"

namespace nym::sim {

enum class Profile : std::uint8_t {
  smoke,      ///< two or three clients, few messages, no faults
  swarm,      ///< small networks under load; of each plan a random subset of the fault kinds is on
  everything  ///< whatever a plan can say, also what no run should last: for tests of plans themselves
};
const char* to_string(Profile profile);
std::optional<Profile> profile_from(std::string_view name);
std::span<const Profile> all_profiles();

/// A plan that has no problem; the same for the same seed. Messages may be lost only where its expectations say so.
Plan generate_plan(Profile profile, std::uint64_t seed);

}  // namespace nym::sim
