#include "cli/init_command.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/config_file.h"
#include "cli/config_migration.h"
#include "cli/gateway_setup.h"
#include "engine/base/text_encoding.h"
#include "net/os_random.h"

namespace nym::cli {
namespace {

Result<Registered> register_anew(const ClientPaths& paths, const Settings& settings, const GatewayChoice& choice) {
  net::Runtime runtime;
  net::OsRandom random;
  NYM_TRY(auto gateway, choose_gateway(runtime, settings.nym_apis, choice, random));
  auto identity = crypto::Ed25519PrivateKey::generate(random);
  auto identity_public = identity.public_key();
  auto encryption = crypto::X25519KeyPair::generate(random);
  auto ack_key = draw_secret<16>(random);
  NYM_TRY(auto shared, register_with(runtime, gateway, identity, random));
  Registered registered{
      {{std::move(identity), identity_public}, std::move(encryption), std::move(ack_key), shared.to_bytes()}, {}};
  registered.details = {wire::hash_of_shared_keys(registered.keys.gateway_shared.expose()),
                        to_base58(gateway.identity.bytes()), gateway.owner, gateway.listener_url()};
  NYM_TRY_VOID(store_registered(paths, registered));
  return registered;
}

/// A client of an older release keeps its identity: its gateway stands in its old configuration.
Result<void> migrate_existing(const ClientPaths& paths, const std::string& id) {
  auto text = read_config_text(paths, id);
  if (!text) return {};
  if (auto migrated = migrate_config(paths, *text); !migrated) {
    return config_failure(CliError::bad_config, id, migrated.error().text());
  }
  return {};
}

Result<Registered> set_up_gateway(const ClientPaths& paths, const Settings& settings, const InitOptions& options) {
  auto found = find_files(paths);
  for (const auto& warning : found.warnings) fmt::print(stderr, "{}\n", warning);
  auto permission = options.force_register_gateway ? Permission::replace : Permission::keep;
  const auto* named = std::get_if<NamedGateway>(&options.gateway);
  auto wanted = named == nullptr ? std::nullopt : std::optional(named->identity);
  NYM_TRY(auto step, decide_setup(found.state, wanted, permission));
  if (step == SetupStep::use_existing) return *std::move(found.registered);
  return register_anew(paths, settings, options.gateway);
}

Result<std::string> address_of(const Registered& registered) {
  auto gateway = from_base58(registered.details.gateway_id);
  if (!gateway) return std::unexpected(gateway.error());
  NYM_TRY(auto gateway_key, crypto::Ed25519PublicKey::parse(*gateway));
  return wire::Recipient{registered.keys.identity.public_key, registered.keys.encryption.public_key, gateway_key}
      .to_string();
}

void print_text(const Settings& settings, const Registered& registered, const std::string& address) {
  fmt::print(
      "Version: {}\nID: {}\nIdentity key: {}\nEncryption: {}\nGateway ID: {}\nGateway: {}\n"
      "Client listening port: {}\nAddress of this client: {}\n",
      settings.version, settings.id, to_base58(registered.keys.identity.public_key.bytes()),
      to_base58(registered.keys.encryption.public_key.bytes), registered.details.gateway_id,
      registered.details.gateway_listener, settings.port, address);
}

void print_json(const Settings& settings, const Registered& registered, const std::string& address) {
  nlohmann::ordered_json out{{"version", settings.version},
                             {"id", settings.id},
                             {"identity_key", to_base58(registered.keys.identity.public_key.bytes())},
                             {"encryption_key", to_base58(registered.keys.encryption.public_key.bytes)},
                             {"gateway_id", registered.details.gateway_id},
                             {"gateway_listener", registered.details.gateway_listener},
                             {"client_listening_port", settings.port},
                             {"client_address", address}};
  fmt::print("{}\n", out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

}  // namespace

Result<void> init(const InitOptions& options, const Environment& environment) {
  fmt::print(stderr, "Initialising client...\n");
  Settings settings;
  settings.id = options.id;
  NYM_TRY(settings.paths, ClientPaths::of(options.id));
  apply(options.overrides, environment, settings);
  const auto& paths = settings.paths;

  if (std::filesystem::exists(paths.config_file)) {
    fmt::print(stderr, "Client \"{}\" was already initialised before\n", options.id);
    NYM_TRY_VOID(migrate_existing(paths, options.id));
  }
  if (options.force_register_gateway) {
    fmt::print(stderr, "Instructed to force registering gateway. This might overwrite keys!\n");
  }
  auto registered = set_up_gateway(paths, settings, options);
  if (!registered) {
    fmt::print(stderr, "Failed to setup gateway\n");
    return std::unexpected(registered.error());
  }
  NYM_TRY(auto address, address_of(*registered));
  NYM_TRY_VOID(store_config(paths, settings, ConfigExtent::fresh));
  for (const auto& warning : restrict_files(paths)) fmt::print(stderr, "{}\n", warning);
  fmt::print(stderr, "Saved configuration file to {}\nClient configuration completed.\n\n", paths.config_file.string());
  if (options.output == OutputFormat::json) {
    print_json(settings, *registered, address);
  } else {
    print_text(settings, *registered, address);
  }
  return {};
}

}  // namespace nym::cli
