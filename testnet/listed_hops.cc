#include "testnet/listed_hops.h"

namespace nym::testnet {
namespace {

constexpr Duration kAskUntilAnswered = Duration::milliseconds(200);
constexpr Duration kAskAgain = Duration::seconds(5);

std::set<Endpoint> addresses_of(const topology::Snapshot& snapshot) {
  std::set<Endpoint> addresses;
  for (const auto& layer : snapshot.layers) {
    for (const auto& mixnode : layer) addresses.insert(mixnode.mix_endpoint);
  }
  for (const auto& gateway : snapshot.gateways) addresses.insert(gateway.mix_endpoint);
  return addresses;
}

}  // namespace

ListedHops::ListedHops(net::Runtime& runtime, const std::string& directory_url, Node& node)
    : node_(node), directory_(runtime, {directory_url}), timer_(runtime, [this] { ask(); }) {
  node_.set_known_hops(std::set<Endpoint>());
  timer_.arm_after(Duration());
}

void ListedHops::ask() {
  directory_.fetch_topology([this](const Result<topology::BuiltSnapshot>& listed) { on_answer(listed); });
}

// One that does not answer now is as good as it was.
void ListedHops::on_answer(const Result<topology::BuiltSnapshot>& listed) {
  timer_.arm_after(listed ? kAskAgain : kAskUntilAnswered);
  if (listed) node_.set_known_hops(addresses_of(listed->snapshot));
}

}  // namespace nym::testnet
