#include "sim/plan/codecs.h"
#include "sim/plan/plan_tables.h"

namespace nym::sim {
namespace {

using AdversaryKeys = std::vector<Key<Adversary>>;

#define NYM_ADVERSARY(Kind, member) NYM_IN(Kind, kind, member)

template <class Kind>
Alternative<Adversary> adversary(std::string name, std::string meaning, AdversaryKeys keys) {
  return {std::move(name), std::move(meaning), std::move(keys), [](Adversary& one) { one.kind.emplace<Kind>(); },
          [](const Adversary& one) { return std::holds_alternative<Kind>(one.kind); }};
}

template <class Kind>
Key<Adversary> its_nodes(std::string meaning) {
  return make_key<Adversary>("nodes", NYM_ADVERSARY(Kind, nodes), node_sets(), std::move(meaning));
}
template <class Kind>
Key<Adversary> its_share(std::string meaning) {
  return make_key<Adversary>("share", NYM_ADVERSARY(Kind, share), fractions(), std::move(meaning));
}

std::vector<Alternative<Adversary>> onlookers() {
  return {
      adversary<PassiveObserver>("passive-observer", "sees when and how much passes on links, all of them by default",
                                 {its_nodes<PassiveObserver>("whose links it sees")}),
      adversary<CorruptMixes>("corrupt-mixes", "mixnodes that show how packets go through them",
                              {make_key<Adversary>("nodes", NYM_ADVERSARY(CorruptMixes, nodes), optional_node_sets(),
                                                   "which; none: a share of all"),
                               its_share<CorruptMixes>("share of the mixnodes, drawn at the start")}),
      adversary<CorruptGateway>("corrupt-gateway", "gateways that show what their clients send and get, and when",
                                {its_nodes<CorruptGateway>("which")}),
      adversary<Intersection>(
          "intersection", "compares over time who is active when the victim is",
          {make_key<Adversary>("victim", NYM_ADVERSARY(Intersection, victim), node_sets(), "a client"),
           make_key<Adversary>("window", NYM_ADVERSARY(Intersection, window), durations(Duration::milliseconds(1)),
                               "length of a comparison")}),
  };
}

std::vector<Alternative<Adversary>> disturbers() {
  return {
      adversary<DroppingNodes>("drop", "nodes that lose packets",
                               {its_nodes<DroppingNodes>("which"), its_share<DroppingNodes>("of the packets")}),
      adversary<DelayingNodes>(
          "delay", "nodes that hold packets back",
          {its_nodes<DelayingNodes>("which"), its_share<DelayingNodes>("of the packets"),
           make_key<Adversary>("by", NYM_ADVERSARY(DelayingNodes, by), time_distributions(), "how long")}),
      adversary<NMinusOne>(
          "n-1", "lets only the victim's packets and its own into a mixnode",
          {make_key<Adversary>("target", NYM_ADVERSARY(NMinusOne, target), node_sets(), "mixnodes"),
           make_key<Adversary>("victim", NYM_ADVERSARY(NMinusOne, victim), node_sets(), "clients"),
           make_key<Adversary>("flood", NYM_ADVERSARY(NMinusOne, flood), rates(), "rate of its own packets")}),
      adversary<Tagging>("tagging", "nodes that flip a bit of packets and look for damaged ones at the end",
                         {its_nodes<Tagging>("which"), its_share<Tagging>("of the packets")}),
      adversary<ReplayingNodes>(
          "replay", "nodes that send packets a second time",
          {its_nodes<ReplayingNodes>("which"), its_share<ReplayingNodes>("of the packets"),
           make_key<Adversary>("after", NYM_ADVERSARY(ReplayingNodes, after), durations(), "how much later")}),
  };
}

}  // namespace

Key<Plan> adversaries_key() {
  Table<Adversary> table;
  table.keys = {make_key<Adversary>("name", NYM_AT(name), texts(), "for reports"),
                make_key<Adversary>("at", NYM_AT(at), durations(), "when it begins"),
                make_key<Adversary>("length", NYM_AT(length), maybe(durations()), "for how long; none: to the end")};
  table.alternatives = onlookers();
  for (auto& one : disturbers()) table.alternatives.push_back(std::move(one));
  return make_key<Plan>("adversary", NYM_AT(adversaries), lists(table_codec(std::move(table))),
                        "who looks on or disturbs");
}

}  // namespace nym::sim
