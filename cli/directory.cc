#include "cli/directory.h"

#include <fmt/format.h>

#include <functional>

#include "engine/topology/error.h"
#include "net/clock.h"
#include "net/error.h"

namespace nym::cli {
namespace {

constexpr Duration kFetchLimit = Duration::seconds(60);
constexpr const char* kLaterGeneration =
    "it seems to serve a later generation of the network, which this version can not use; for a private network of "
    "this generation see nym-testnet";

/// What a directory of another generation does: it does not know our pages, or has something else there.
bool is_of_later_generation(const Error& error) {
  return error.is(net::NetError::not_found) || error.is(topology::TopologyError::bad_document);
}

std::unexpected<Error> directory_failure(const char* doing, const Error& why) {
  auto hint = is_of_later_generation(why) ? fmt::format("; {}", kLaterGeneration) : std::string();
  return fail(CliError::network, fmt::format("{}: {}{}", doing, why.text(), hint));
}

/// Asks each directory once until one answers; the last failure counts.
template <class Answer>
Result<Answer> ask_all(net::Runtime& runtime, const std::vector<std::string>& directories, const char* doing,
                       void (net::DirectoryClient::*fetch)(std::function<void(Result<Answer>)>)) {
  if (directories.empty()) {
    return fail(CliError::network,
                "ClientCoreError(ListOfNymApisIsEmpty): no directory is configured; name one with "
                "--nym-apis");
  }
  net::DirectoryClient directory(runtime, directories);
  std::optional<Result<Answer>> answer;
  for (std::size_t asked = 0; asked < directories.size(); ++asked) {
    answer.reset();
    (directory.*fetch)([&](Result<Answer> got) { answer = std::move(got); });
    if (!runtime.run_until([&] { return answer.has_value(); }, net::now() + kFetchLimit)) {
      return fail(CliError::network, fmt::format("{}: the directory did not answer in time", doing));
    }
    if (*answer) return *std::move(answer);
  }
  return directory_failure(doing, answer->error());
}

}  // namespace

Result<std::vector<topology::Gateway>> fetch_usable_gateways(net::Runtime& runtime,
                                                             const std::vector<std::string>& directories) {
  NYM_TRY(auto listed,
          ask_all(runtime, directories, "cannot get the list of gateways", &net::DirectoryClient::fetch_gateways));
  auto& gateways = listed.gateways;
  auto listed_count = gateways.size() + listed.left_out.size();
  std::erase_if(gateways, [](const auto& gateway) {
    return !topology::version_compatible(gateway.version, topology::kFilterVersion);
  });
  if (!gateways.empty()) return std::move(gateways);
  auto why = listed_count == 0 ? std::string("the directory lists none")
                               : fmt::format("none of the {} listed has a version that fits 1.1.x; {}", listed_count,
                                             kLaterGeneration);
  return fail(CliError::network, fmt::format("ClientCoreError(NoGatewaysOnNetwork): No gateways on network: {}", why));
}

Result<std::vector<std::string>> check_network(net::Runtime& runtime, const std::vector<std::string>& directories) {
  NYM_TRY(auto built,
          ask_all(runtime, directories, "cannot get the network's topology", &net::DirectoryClient::fetch_topology));
  auto routable = topology::check_routable(built.snapshot);
  if (routable) return std::move(built.left_out);
  return fail(CliError::network, fmt::format("the network can not carry packets: {}; if it is a network of a later "
                                             "generation, use a private one (nym-testnet)",
                                             routable.error().text()));
}

}  // namespace nym::cli
