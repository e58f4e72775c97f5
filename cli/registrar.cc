#include "cli/registrar.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/directory.h"
#include "cli/latency.h"
#include "cli/log.h"
#include "engine/base/overloaded.h"
#include "engine/base/text_encoding.h"
#include "net/clock.h"
#include "net/drivers/registration_driver.h"

namespace nym::cli {
namespace {

constexpr Duration kRegistrationLimit = Duration::seconds(60);

Result<topology::Gateway> find_named(const std::vector<topology::Gateway>& gateways, const std::string& identity) {
  auto found = std::find_if(gateways.begin(), gateways.end(),
                            [&](const auto& gateway) { return to_base58(gateway.identity.bytes()) == identity; });
  if (found != gateways.end()) return *found;
  return fail(CliError::network,
              fmt::format("ClientCoreError(NoGatewayWithId(\"{}\")): No gateway with id: {}", identity, identity));
}

Result<topology::Gateway> choose_near(net::Runtime& runtime, const std::vector<topology::Gateway>& gateways,
                                      RandomSource& random) {
  constexpr std::string_view kTarget = "nym_client_core::init::helpers";
  log_info(kTarget, "choosing gateway by latency, pinging {} gateways ...", gateways.size());
  auto measured = measure_latencies(runtime, gateways);
  std::vector<std::size_t> usable;
  std::vector<Duration> latencies;
  for (std::size_t i = 0; i < measured.size(); ++i) {
    if (!measured[i]) {
      log_warn(kTarget, "failed to measure {}: {}", to_base58(gateways[i].identity.bytes()),
               measured[i].error().text());
      continue;
    }
    usable.push_back(i);
    latencies.push_back(*measured[i]);
  }
  if (usable.empty()) {
    return fail(CliError::network, fmt::format("none of the {} gateways could be measured, the last because of: {}; "
                                               "without --latency-based-selection one is chosen at random",
                                               gateways.size(), measured.back().error().text()));
  }
  auto chosen = choose_by_latency(latencies, random);
  const auto& gateway = gateways[usable[chosen]];
  log_info(kTarget, "chose gateway {} with average latency of {}", to_base58(gateway.identity.bytes()),
           latency_text(latencies[chosen]));
  return gateway;
}

}  // namespace

Result<topology::Gateway> choose_gateway(net::Runtime& runtime, const std::vector<std::string>& directories,
                                         const GatewayChoice& choice, RandomSource& random) {
  NYM_TRY(auto gateways, fetch_usable_gateways(runtime, directories));
  return std::visit(Overloaded{
                        [&](const RandomGateway&) -> Result<topology::Gateway> {
                          return gateways[draw_below(random, gateways.size())];
                        },
                        [&](const NearGateway&) { return choose_near(runtime, gateways, random); },
                        [&](const NamedGateway& named) { return find_named(gateways, named.identity); },
                    },
                    choice);
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
