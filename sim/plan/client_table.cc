#include "sim/plan/codecs.h"
#include "sim/plan/plan_tables.h"

namespace nym::sim {
namespace {

constexpr std::uint64_t kMostSurbs = 1'000'000;
constexpr std::uint64_t kMostClients = 4'000'000;
constexpr Duration kShortestMean = Duration::microseconds(1);

using Options = Key<ClientOptions>;

std::vector<Options> traffic_keys() {
  using T = ClientOptions;
  return {
      make_key<T>("average_packet_delay", NYM_AT(traffic.average_packet_delay), durations(),
                  "mean time that a packet waits at each mixnode"),
      make_key<T>("average_ack_delay", NYM_AT(acks.average_ack_delay), durations(), "the same for acknowledgements"),
      make_key<T>("message_sending_average_delay", NYM_AT(traffic.message_sending_average_delay),
                  durations(kShortestMean), "mean time between two packets of the main stream, real or cover"),
      make_key<T>("main_stream", NYM_AT(traffic.main_poisson_stream), switches(),
                  "send packets, real or cover, at times of a Poisson process; false: real ones at once"),
      make_key<T>("loop_cover", NYM_AT(traffic.loop_cover_stream), switches(), "send loop cover packets"),
      make_key<T>("loop_cover_average_delay", NYM_AT(traffic.loop_cover_average_delay), durations(kShortestMean),
                  "mean time between two of them"),
      make_key<T>("drop_cover_average_delay", NYM_AT(drop_cover_average_delay), maybe(durations(kShortestMean)),
                  "mean time between two cover packets that their last node drops"),
      make_key<T>("cover_primary_ratio", NYM_AT(traffic.cover_primary_ratio), fractions(),
                  "share of the cover that has the primary packet size, when there is a secondary one"),
      make_key<T>("primary_packet_size", NYM_AT(traffic.primary_packet_size), packet_sizes(),
                  "size of the packets of messages and of cover"),
      make_key<T>("secondary_packet_size", NYM_AT(traffic.secondary_packet_size), maybe(packet_sizes()),
                  "size for messages that then need fewer packets; not the primary one"),
  };
}

std::vector<Options> ack_keys() {
  using T = ClientOptions;
  return {
      make_key<T>("ack_wait_multiplier", NYM_AT(acks.wait_multiplier_millis), decimals(3, 0, 1'000'000),
                  "an acknowledgement is waited for so many times the expected time"),
      make_key<T>("ack_wait_addition", NYM_AT(acks.wait_addition), durations(), "and so much longer"),
      make_key<T>("max_tries", NYM_AT(acks.max_tries), counts<std::uint32_t>(1, 1'000'000),
                  "a fragment is sent at most so many times"),
      make_key<T>("max_age", NYM_AT(acks.max_age), durations(Duration::milliseconds(1)),
                  "a message that is older fails"),
      make_key<T>("journal", NYM_AT(journal), switches(), "accepted messages survive a crash of the client"),
  };
}

std::vector<Options> reply_keys() {
  using T = ClientOptions;
  return {
      make_key<T>("min_surb_storage", NYM_AT(replies.min_storage), counts<std::size_t>(0, kMostSurbs),
                  "reply SURBs kept in reserve for each sender"),
      make_key<T>("max_surb_storage", NYM_AT(replies.max_storage), counts<std::size_t>(0, kMostSurbs),
                  "with more of them none are asked for"),
      make_key<T>("min_surb_request", NYM_AT(replies.min_request), counts<std::uint32_t>(1, kMostSurbs),
                  "SURBs asked for at least"),
      make_key<T>("max_surb_request", NYM_AT(replies.max_request), counts<std::uint32_t>(1, kMostSurbs),
                  "SURBs asked for at most"),
      make_key<T>("max_surb_allowed_request", NYM_AT(replies.max_allowed_request), counts<std::uint32_t>(0, kMostSurbs),
                  "SURBs that others may ask for at once"),
      make_key<T>("surb_rerequest_after", NYM_AT(replies.rerequest_after), durations(),
                  "SURBs that did not come are asked for again after this time"),
      make_key<T>("surb_drop_after", NYM_AT(replies.drop_after), durations(),
                  "replies that wait for SURBs are given up after this time"),
      make_key<T>("max_surb_age", NYM_AT(replies.max_surb_age), durations(), "older SURBs are not used"),
      make_key<T>("max_reply_key_age", NYM_AT(replies.max_key_age), durations(), "older reply keys are forgotten"),
  };
}

std::vector<Options> network_options() {
  using T = ClientOptions;
  return {
      make_key<T>("topology_refresh", NYM_AT(topology.refresh_rate), durations(Duration::milliseconds(1)),
                  "time between two looks at the directory"),
      make_key<T>("topology_refreshing", NYM_AT(topology.refreshing), switches(), "look at all after the start"),
      make_key<T>("gateway_response_timeout", NYM_AT(gateway_link.response_timeout), durations(),
                  "a gateway that says nothing for so long is given up"),
      make_key<T>("reconnect_initial", NYM_AT(gateway_link.backoff_initial), durations(Duration::microseconds(1)),
                  "wait before the first new connection to a gateway"),
      make_key<T>("reconnect_maximum", NYM_AT(gateway_link.backoff_maximum), durations(Duration::microseconds(1)),
                  "longest wait between connections"),
  };
}

std::vector<Options> shorthands() {
  using T = ClientOptions;
  auto fast = [](T& options, client::Switch value) {
    if (value == client::Switch::off) return;
    options.traffic.average_packet_delay = Duration::milliseconds(10);
    options.traffic.loop_cover_average_delay = Duration::seconds(2'000);
    options.traffic.message_sending_average_delay = Duration::milliseconds(4);
  };
  auto bare = [](T& options, client::Switch value) {
    if (value == client::Switch::off) return;
    options.traffic.loop_cover_stream = client::Switch::off;
    options.traffic.main_poisson_stream = client::Switch::off;
  };
  return {shorthand<T>("fast_mode", switches(), fast,
                       "what nym-client's --fastmode sets: shorter delays, less cover; keys beside it win"),
          shorthand<T>("no_cover", switches(), bare,
                       "what nym-client's --no-cover sets: neither main stream nor loop cover; keys beside it win")};
}

Table<ClientGroup> group_table() {
  using T = ClientGroup;
  Table<T> table;
  table.keys = {
      make_key<T>("name", NYM_AT(name), texts(), "the group's name, which then stands for its clients"),
      make_key<T>("count", NYM_AT(count), counts<std::uint32_t>(1, kMostClients), "clients in the group"),
      make_key<T>("gateways", NYM_AT(gateways), node_sets(), "their gateways, dealt in turn"),
  };
  auto options = lift<T>(client_options_table().keys, NYM_AT(options));
  table.keys.insert(table.keys.end(), options.begin(), options.end());
  return table;
}

}  // namespace

Table<ClientOptions> client_options_table() {
  Table<ClientOptions> table;
  for (const auto& part : {shorthands(), traffic_keys(), ack_keys(), reply_keys(), network_options()}) {
    table.keys.insert(table.keys.end(), part.begin(), part.end());
  }
  return table;
}

// A group begins with what [client] says.
Key<Plan> client_groups_key() {
  auto codec = lists(table_codec(group_table()));
  Key<Plan> key{
      "clients", codec.type, "a group of clients that are alike; every key of [client] can stand here too", {}, {}};
  key.read = [table = group_table()](const Node& node, Plan& plan) -> Read<void> {
    const auto* array = node.as<Node::Array>();
    if (array == nullptr) return plan_error(node, fmt::format("expected a list, found {}", kind_of(node)));
    if (array->empty()) return plan_error(node, "there must be at least one group");
    plan.clients.clear();
    for (const auto& element : *array) {
      auto& group = plan.clients.emplace_back();
      group.options = plan.client;
      NYM_TRY_VOID(read_table(table, element, group));
    }
    return {};
  };
  key.write = [write = codec.write](const Plan& plan) { return std::optional(write(plan.clients)); };
  return key;
}

}  // namespace nym::sim
