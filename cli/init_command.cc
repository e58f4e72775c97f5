#include "cli/init_command.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/config_file.h"
#include "cli/registrar.h"
#include "engine/base/text_encoding.h"
#include "net/files.h"
#include "net/os_random.h"

namespace nym::cli {
namespace {

/// What an initialised client has on disk.
struct Registered {
  net::ClientKeys keys;
  wire::GatewayDetails details;
};

Result<wire::GatewayDetails> check_details(const net::ClientKeys& keys, wire::GatewayDetails details) {
  if (details.key_hash == wire::hash_of_shared_keys(keys.gateway_shared.expose())) return details;
  return fail(CliError::already_initialised,
              fmt::format("the provided gateway details (for gateway {}) do not correspond to the shared keys",
                          details.gateway_id));
}

enum class Overwrite : std::uint8_t { forbidden, allowed };

/// 04 §2.8: what is there already and may stay. Nothing: register anew.
Result<std::optional<Registered>> find_existing(const ClientPaths& paths, const std::optional<std::string>& gateway,
                                                Overwrite overwrite) {
  auto keys = net::load_client_keys(paths.keys);
  if (!keys) {
    if (std::filesystem::exists(paths.keys.private_identity)) {
      fmt::print(stderr, "The keys of this client can not be read ({}); it gets new ones\n", keys.error().text());
    }
    return std::optional<Registered>();
  }
  for (const auto& warning : keys->warnings) fmt::print(stderr, "{}\n", warning);
  auto details = net::load_gateway_details(paths.gateway_details);
  if (!details) {
    if (overwrite == Overwrite::allowed) return std::optional<Registered>();
    return fail(CliError::already_initialised,
                "This operation would have resulted in clients keys being overwritten without permission; "
                "--force-register-gateway gives it");
  }
  NYM_TRY(auto checked, check_details(keys->keys, std::move(*details)));
  if (!gateway || *gateway == checked.gateway_id)
    return std::optional(Registered{std::move(keys->keys), std::move(checked)});
  if (overwrite == Overwrite::allowed) return std::optional<Registered>();
  return fail(CliError::already_initialised,
              fmt::format("attempted to obtain fresh gateway details whilst already knowing about one (gateway {}); "
                          "--force-register-gateway replaces this client's keys and address",
                          checked.gateway_id));
}

Result<Registered> register_anew(const ClientPaths& paths, const Settings& settings,
                                 const std::optional<std::string>& wanted) {
  net::Runtime runtime;
  net::OsRandom random;
  NYM_TRY(auto gateway, choose_gateway(runtime, settings.nym_apis, wanted, random));
  auto identity = crypto::Ed25519PrivateKey::generate(random);
  auto identity_public = identity.public_key();
  auto encryption = crypto::X25519KeyPair::generate(random);
  auto ack_key = draw_secret<16>(random);
  NYM_TRY(auto shared, register_with(runtime, gateway, identity, random));
  Registered registered{
      {{std::move(identity), identity_public}, std::move(encryption), std::move(ack_key), shared.to_bytes()}, {}};
  registered.details = {wire::hash_of_shared_keys(registered.keys.gateway_shared.expose()),
                        to_base58(gateway.identity.bytes()), gateway.owner, gateway.listener_url()};
  NYM_TRY_VOID(net::store_client_keys(paths.keys, registered.keys));
  NYM_TRY_VOID(net::store_gateway_details(paths.gateway_details, registered.details));
  return registered;
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

  bool already_there = std::filesystem::exists(paths.config_file);
  if (already_there) fmt::print(stderr, "Client \"{}\" was already initialised before\n", options.id);
  if (options.force_register_gateway) {
    fmt::print(stderr, "Instructed to force registering gateway. This might overwrite keys!\n");
  }
  auto overwrite = !already_there || options.force_register_gateway ? Overwrite::allowed : Overwrite::forbidden;
  NYM_TRY(auto existing, find_existing(paths, options.gateway, overwrite));
  Result<Registered> registered =
      existing ? Result<Registered>(std::move(*existing)) : register_anew(paths, settings, options.gateway);
  if (!registered) return std::unexpected(registered.error());

  NYM_TRY_VOID(net::make_directories(paths.config_file.parent_path()));
  NYM_TRY_VOID(net::write_file_atomically(paths.config_file, as_bytes(render_config(settings))));
  fmt::print(stderr, "Saved configuration file to {}\nClient configuration completed.\n\n", paths.config_file.string());

  NYM_TRY(auto address, address_of(*registered));
  if (options.output == OutputFormat::json) {
    print_json(settings, *registered, address);
  } else {
    print_text(settings, *registered, address);
  }
  return {};
}

}  // namespace nym::cli
