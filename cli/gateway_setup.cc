#include "cli/gateway_setup.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "net/error.h"
#include "net/files.h"

namespace nym::cli {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> refuse_setup(const std::string& name, const std::string& why) {
  return fail(CliError::already_initialised, fmt::format("ClientCoreError({}): {}", name, why));
}

constexpr const char* kForceHint = "--force-register-gateway replaces this client's keys and address";

Result<SetupStep> mismatch(const SetupState& state) {
  return refuse_setup(fmt::format("MismatchedGatewayDetails {{ gateway_id: \"{}\" }}", state.gateway_id),
                      fmt::format("the provided gateway details (for gateway {}) do not correspond to the shared keys; "
                                  "restore both files from one backup, or remove gateway_details.json and use "
                                  "--force-register-gateway, which replaces this client's keys and address",
                                  state.gateway_id));
}

std::array<const fs::path*, 6> files_of(const net::ClientKeyPaths& keys) {
  return {&keys.private_identity,  &keys.public_identity, &keys.private_encryption,
          &keys.public_encryption, &keys.ack_key,         &keys.gateway_shared};
}

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::symlink_status(path, ignored).type() != fs::file_type::not_found;
}

}  // namespace

Result<SetupStep> decide_setup(const SetupState& state, const std::optional<std::string>& wanted_gateway,
                               Permission permission) {
  bool may_replace = permission == Permission::replace;
  if (state.keys == FoundKeys::none) return SetupStep::register_anew;
  if (state.keys == FoundKeys::broken) {
    if (may_replace) return SetupStep::register_anew;
    return refuse_setup("ForbiddenKeyOverwrite",
                        fmt::format("the keys of this client can not be read: {}; restore the file, or {}",
                                    state.keys_fault, kForceHint));
  }
  switch (state.details) {
    case FoundDetails::of_other_keys:
      return mismatch(state);
    case FoundDetails::none:
    case FoundDetails::broken:
      if (may_replace) return SetupStep::register_anew;
      return refuse_setup(
          "ForbiddenKeyOverwrite",
          fmt::format("This operation would have resulted in clients keys being overwritten without permission, since "
                      "its gateway is not known: {}; restore the file, or {}",
                      state.details_fault, kForceHint));
    case FoundDetails::good:
      break;
  }
  if (!wanted_gateway || *wanted_gateway == state.gateway_id) return SetupStep::use_existing;
  if (may_replace) return SetupStep::register_anew;
  return refuse_setup("UnexpectedGatewayDetails",
                      fmt::format("attempted to obtain fresh gateway details whilst already knowing about one (gateway "
                                  "{}); {}",
                                  state.gateway_id, kForceHint));
}

FoundFiles find_files(const ClientPaths& paths) {
  FoundFiles found;
  auto keys = net::load_client_keys(paths.keys);
  if (!keys) {
    auto files = files_of(paths.keys);
    bool is_any_there = std::any_of(files.begin(), files.end(), [](const auto* file) { return is_there(*file); });
    found.state.keys = is_any_there ? FoundKeys::broken : FoundKeys::none;
    found.state.keys_fault = keys.error().text();
    return found;
  }
  found.state.keys = FoundKeys::good;
  found.warnings = std::move(keys->warnings);
  auto details = net::load_gateway_details(paths.gateway_details);
  if (!details) {
    found.state.details = is_there(paths.gateway_details) ? FoundDetails::broken : FoundDetails::none;
    found.state.details_fault = details.error().text();
    return found;
  }
  found.state.gateway_id = details->gateway_id;
  bool fits = details->key_hash == wire::hash_of_shared_keys(keys->keys.gateway_shared.expose());
  found.state.details = fits ? FoundDetails::good : FoundDetails::of_other_keys;
  if (fits) found.registered = Registered{std::move(keys->keys), *std::move(details)};
  return found;
}

Result<void> store_registered(const ClientPaths& paths, const Registered& registered) {
  std::error_code failed;
  if (is_there(paths.data)) {
    NYM_TRY(auto lock, net::DirectoryLock::take(paths.data));
    fs::remove(paths.gateway_details, failed);
    if (failed) {
      return fail(CliError::bad_environment,
                  fmt::format("cannot replace {}: {}", paths.gateway_details.string(), failed.message()));
    }
    NYM_TRY_VOID(net::store_client_keys(paths.keys, registered.keys));
    return net::store_gateway_details(paths.gateway_details, registered.details);
  }
  auto fresh = paths.data;
  fresh += ".new";
  fs::remove_all(fresh, failed);
  auto stored = net::store_client_keys(net::ClientKeyPaths::in(fresh), registered.keys);
  if (stored) stored = net::store_gateway_details(fresh / "gateway_details.json", registered.details);
  if (stored) fs::rename(fresh, paths.data, failed);
  if (!stored || failed) {
    std::error_code ignored;
    fs::remove_all(fresh, ignored);
    fs::remove(paths.root, ignored);  // only if it is empty
  }
  if (!stored) return stored;
  if (!failed) return {};
  return fail(CliError::bad_environment,
              fmt::format("cannot make the directory {}: {}", paths.data.string(), failed.message()));
}

std::vector<std::string> restrict_files(const ClientPaths& paths) {
  std::vector<std::string> warnings;
  for (const auto& path : {paths.config_file, paths.gateway_details, paths.reply_store}) {
    auto warning = net::make_private(path);
    if (warning && !warning->empty()) warnings.push_back(*std::move(warning));
  }
  return warnings;
}

}  // namespace nym::cli
