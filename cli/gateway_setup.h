#pragma once

#include "cli/directory.h"
#include "cli/settings.h"

namespace nym::cli {

// What `init` makes of the files that it finds: the decision table of 04 §2.8, except that no identity is lost without
// --force-register-gateway.

/// What an initialised client has on disk.
struct Registered {
  net::ClientKeys keys;
  wire::GatewayDetails details;
};

enum class FoundKeys : std::uint8_t {
  none,    ///< not one of the six files
  broken,  ///< some are there, and they can not all be read
  good
};
enum class FoundDetails : std::uint8_t { none, broken, of_other_keys, good };
enum class Permission : std::uint8_t { keep, replace };

struct SetupState {
  FoundKeys keys = FoundKeys::none;
  FoundDetails details = FoundDetails::none;
  std::string gateway_id;     ///< of good or of_other_keys details
  std::string keys_fault;     ///< of broken keys
  std::string details_fault;  ///< of missing or broken details
};

enum class SetupStep : std::uint8_t { use_existing, register_anew };

/// Errors: already_initialised, with the original's names for them (ForbiddenKeyOverwrite, UnexpectedGatewayDetails,
/// MismatchedGatewayDetails) in front.
Result<SetupStep> decide_setup(const SetupState& state, const std::optional<std::string>& wanted_gateway,
                               Permission permission);

/// A state, and what was read where it is good.
struct FoundFiles {
  SetupState state;
  std::optional<Registered> registered;
  std::vector<std::string> warnings;  ///< of permissions
};
FoundFiles find_files(const ClientPaths& paths);

/// All files or none: new ones appear together; of replaced ones the gateway's file goes first and comes last, so that
/// a crash never leaves a mixture that looks whole. Errors: file_failed, locked.
Result<void> store_registered(const ClientPaths& paths, const Registered& registered);

/// Takes away what others may do with the files that are not keys. Returns what to warn of.
std::vector<std::string> restrict_files(const ClientPaths& paths);

}  // namespace nym::cli
