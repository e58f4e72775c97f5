#include "engine/base/check.h"
#include "engine/topology/topology.h"

namespace {

std::optional<std::variant<nym::Ipv4, nym::Ipv6>> resolve_nothing(const std::string&) {
  return std::nullopt;
}

}  // namespace

// What a directory server sends: whatever is accepted can be made into a snapshot, written and read back.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nym::topology;
  std::string_view text = nym::as_text({data, size});
  auto mixnodes = parse_mixnodes(text);
  auto gateways = parse_gateways(text);
  if (mixnodes) {
    auto again = parse_mixnodes(to_json(std::span<const MixnodeDetails>(*mixnodes)));
    NYM_CHECK(again && *again == *mixnodes);
  }
  if (gateways) {
    auto again = parse_gateways(to_json(std::span<const GatewayBond>(*gateways)));
    NYM_CHECK(again && *again == *gateways);
  }
  auto built = build_snapshot(mixnodes.value_or(std::vector<MixnodeDetails>()),
                              gateways.value_or(std::vector<GatewayBond>()), resolve_nothing);
  static_cast<void>(check_layer_balance(built.snapshot));
  static_cast<void>(check_routable(built.snapshot));
  return 0;
}
