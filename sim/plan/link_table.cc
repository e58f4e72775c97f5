#include "sim/plan/codecs.h"
#include "sim/plan/plan_tables.h"

namespace nym::sim {
namespace {

Table<Plan> links_table() {
  using T = Plan;
  return {{
      make_key<T>("latency", NYM_AT(links.latency), time_distributions(), "one-way time, drawn for each frame"),
      make_key<T>("jitter", NYM_AT(links.jitter), time_distributions(), "added to the latency"),
      make_key<T>("loss", NYM_AT(links.loss), fractions(), "share of frames that vanish"),
      make_key<T>("duplicate", NYM_AT(links.duplicate), fractions(), "share of frames that come twice"),
      make_key<T>("reorder", NYM_AT(links.reorder), fractions(),
                  "share of frames that are held back by a further latency, while others overtake them"),
      make_key<T>("corrupt", NYM_AT(links.corrupt), fractions(), "share of frames of which a bit is flipped"),
      make_key<T>("rate", NYM_AT(links.rate), maybe(byte_rates()), "bytes that pass in a second; none: any"),
      make_key<T>("clog_every", NYM_AT(links.clog_every), maybe(durations(Duration::milliseconds(1))),
                  "mean time between two clogs of a link"),
      make_key<T>("clog_for", NYM_AT(links.clog_for), time_distributions(), "how long it then is clogged"),
  }};
}

template <class V>
Key<LinkChange> change_key(std::string name, std::optional<V> LinkChange::* member, Codec<V> codec,
                           std::string meaning) {
  auto place = [member](auto& change) -> auto& { return change.*member; };
  return make_key<LinkChange>(std::move(name), place, maybe(std::move(codec)), std::move(meaning));
}

}  // namespace

std::vector<Key<LinkChange>> link_change_keys() {
  auto clog = [](const Node& node) -> Read<LinkChange::Clog> {
    NYM_TRY(auto value, switches().read(node));
    return value == client::Switch::on ? LinkChange::Clog::clogged : LinkChange::Clog::open;
  };
  Codec<LinkChange::Clog> clogs{switches().type, clog,
                                [](const LinkChange::Clog& value) { return Node{value == LinkChange::Clog::clogged}; }};
  return {change_key("latency", &LinkChange::latency, time_distributions(), "instead of that of [links]"),
          change_key("jitter", &LinkChange::jitter, time_distributions(), "likewise"),
          change_key("loss", &LinkChange::loss, fractions(), "likewise"),
          change_key("duplicate", &LinkChange::duplicate, fractions(), "likewise"),
          change_key("reorder", &LinkChange::reorder, fractions(), "likewise"),
          change_key("corrupt", &LinkChange::corrupt, fractions(), "likewise"),
          change_key("rate", &LinkChange::rate, byte_rates(), "likewise"),
          make_key<LinkChange>("clog", NYM_AT(clog), clogs, "everything waits")};
}

std::vector<Key<Plan>> link_keys() {
  Table<LinkRule> rule;
  rule.keys = {make_key<LinkRule>("path", NYM_AT(path), link_paths(), "which links: mix1->gw* is one way, <-> both")};
  auto changes = lift<LinkRule>(link_change_keys(), NYM_AT(change));
  rule.keys.insert(rule.keys.end(), changes.begin(), changes.end());
  return {section("links", links_table(), "all links, also those between clients and gateways"),
          make_key<Plan>("link", NYM_AT(link_rules), lists(table_codec(std::move(rule))),
                         "what is different on some links from beginning to end; later ones win")};
}

}  // namespace nym::sim
