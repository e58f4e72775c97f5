#include "sim/plan/codecs.h"
#include "sim/plan/plan_tables.h"

namespace nym::sim {
namespace {

constexpr std::uint32_t kMostMixnodes = 10'000;
constexpr std::uint32_t kMostGateways = 10'000;
constexpr std::uint64_t kMostClients = 4'000'000;

Table<Plan> network_table() {
  using T = Plan;
  auto topologies = names<Topology>(
      {{"stratified", Topology::stratified}, {"cascade", Topology::cascade}, {"free-route", Topology::free_route}});
  auto per_layer = [](T& plan, std::uint32_t count) { plan.network.mixnodes = 3 * count; };
  auto clients = [](T& plan, std::uint32_t count) { plan.clients.at(0).count = count; };
  return {{
      make_key<T>("topology", NYM_AT(network.topology), topologies,
                  "stratified: one mixnode of each of three layers; cascade: the k-th of each layer; free-route: any "
                  "three in any order"),
      make_key<T>("mixnodes", NYM_AT(network.mixnodes), counts<std::uint32_t>(1, kMostMixnodes),
                  "mixnodes in all; mix1 is the first of layer 1, the first of layer 2 follows the last of layer 1"),
      shorthand<T>("mixnodes_per_layer", counts<std::uint32_t>(1, kMostMixnodes / 3), per_layer,
                   "instead of mixnodes: a third of them"),
      make_key<T>("gateways", NYM_AT(network.gateways), counts<std::uint32_t>(1, kMostGateways), "gateways"),
      shorthand<T>("clients", counts<std::uint32_t>(1, kMostClients), clients,
                   "instead of [[clients]]: one group of so many"),
  }};
}

Table<Site> site_table() {
  using T = Site;
  return {{
      make_key<T>("name", NYM_AT(name), texts(), "a site of the latency matrix"),
      make_key<T>("nodes", NYM_AT(nodes), node_sets(), "what stands there"),
  }};
}

Table<Plan> mix_table() {
  using T = Plan;
  auto delay = [](T& plan, Duration mean) {
    plan.client.traffic.average_packet_delay = mean;
    plan.client.acks.average_ack_delay = mean;
  };
  return {{
      make_key<T>(
          "strategy", NYM_AT(mix.strategy), mix_strategies(),
          "how mixnodes hold packets back; stop-and-go is what the protocol does, the others are for comparison"),
      shorthand<T>("mean_hop_delay", durations(), delay,
                   "sets average_packet_delay and average_ack_delay of [client], which draws the delays"),
      make_key<T>("replay_detection", NYM_AT(mix.replay_detection), switches(), "refuse packets that were seen before"),
      make_key<T>("loop_cover_average_delay", NYM_AT(mix.loop_cover_average_delay),
                  maybe(durations(Duration::microseconds(1))),
                  "mean time between two loops that a mixnode sends itself"),
  }};
}

}  // namespace

std::vector<Key<Plan>> network_keys() {
  auto clients = client_options_table();
  std::vector<Key<Plan>> keys = {
      section("network", network_table(), "what there is"),
      section("mix", mix_table(), "what mixnodes do"),
      section("client", Table<Plan>{lift<Plan>(clients.keys, NYM_AT(client))}, "what clients are like"),
      client_groups_key(),
      make_key<Plan>("site", NYM_AT(network.sites), lists(table_codec(site_table())),
                     "nodes at one site of a latency matrix; the others are dealt over its sites in turn"),
  };
  return keys;
}

}  // namespace nym::sim
