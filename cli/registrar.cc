#include "cli/registrar.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/error.h"
#include "engine/base/text_encoding.h"
#include "net/drivers/registration_driver.h"

namespace nym::cli {
namespace {

constexpr Duration kFetchLimit = Duration::seconds(60);
constexpr Duration kRegistrationLimit = Duration::seconds(60);

Result<std::vector<topology::Gateway>> fetch_gateways(net::Runtime& runtime,
                                                      const std::vector<std::string>& directories) {
  net::DirectoryClient directory(runtime, directories);
  std::optional<Result<net::DirectoryClient::ListedGateways>> listed;
  directory.fetch_gateways([&](auto answer) { listed = std::move(answer); });
  if (!runtime.run_until([&] { return listed.has_value(); }, net::now() + kFetchLimit)) {
    return fail(CliError::network, "the directory did not answer in time");
  }
  if (!*listed) {
    return fail(CliError::network, fmt::format("cannot get the list of gateways: {}", listed->error().text()));
  }
  return std::move((*listed)->gateways);
}

}  // namespace

Result<topology::Gateway> choose_gateway(net::Runtime& runtime, const std::vector<std::string>& directories,
                                         const std::optional<std::string>& wanted, RandomSource& random) {
  NYM_TRY(auto gateways, fetch_gateways(runtime, directories));
  std::erase_if(gateways, [](const auto& gateway) {
    return !topology::version_compatible(gateway.version, topology::kFilterVersion);
  });
  if (wanted) {
    auto found = std::find_if(gateways.begin(), gateways.end(),
                              [&](const auto& gateway) { return to_base58(gateway.identity.bytes()) == *wanted; });
    if (found == gateways.end()) return fail(CliError::network, fmt::format("No gateway with id: {}", *wanted));
    return *found;
  }
  if (gateways.empty()) {
    return fail(CliError::network,
                "No gateways on network that this version can use; for a private network try nym-testnet");
  }
  return gateways[draw_below(random, gateways.size())];
}

Result<sphinx::GatewaySharedKeys> register_with(net::Runtime& runtime, const topology::Gateway& gateway,
                                                const crypto::Ed25519PrivateKey& identity, RandomSource& random) {
  std::optional<Result<sphinx::GatewaySharedKeys>> finished;
  net::RegistrationDriver driver(runtime, {gateway.listener_url(), gateway.identity, identity}, random,
                                 [&](auto keys) { finished = std::move(keys); });
  driver.start();
  if (!runtime.run_until([&] { return finished.has_value(); }, net::now() + kRegistrationLimit)) {
    return fail(CliError::network, "the gateway did not answer in time");
  }
  if (!*finished) {
    return fail(CliError::network, fmt::format("cannot register with the gateway at {}: {}", gateway.listener_url(),
                                               finished->error().text()));
  }
  return std::move(**finished);
}

}  // namespace nym::cli
