#include "cli/config_table.h"

#include <fmt/format.h>

#include "cli/config_values.h"

// Where a value lives in the settings.
#define NYM_PLACE(member) [](Settings& settings) -> auto& { return settings.member; }

namespace nym::cli {
namespace {

constexpr std::uint64_t kMaxSurbs = 1'000'000;
constexpr std::uint64_t kMaxReplySurbsOfMessage = 100'000;
constexpr Duration kShortest = Duration::microseconds(1);
constexpr Duration kShortTime = Duration::milliseconds(1);
constexpr Duration kShortestSurbAge = Duration::seconds(10);

using Keys = std::vector<ConfigKey>;

/// The keys of one table, one after the other.
class KeysOf {
 public:
  KeysOf(std::string_view table, WrittenWhen written, KeyPresence presence = KeyPresence::optional)
      : table_(table), written_(written), presence_(presence) {}

  KeysOf& add(std::string_view key, ConfigKey value, std::string_view meaning, std::string_view alias = {}) {
    value.table = table_;
    value.key = key;
    value.meaning = meaning;
    value.written = written_;
    value.presence = presence_;
    value.alias = alias;
    keys_.push_back(std::move(value));
    return *this;
  }
  KeysOf& now(WrittenWhen written) {
    written_ = written;
    return *this;
  }
  KeysOf& now(KeyPresence presence) {
    presence_ = presence;
    return *this;
  }
  Keys take() { return std::move(keys_); }

 private:
  std::string_view table_;
  WrittenWhen written_;
  KeyPresence presence_;
  Keys keys_;
};

Keys client_keys() {
  return KeysOf("client", WrittenWhen::always, KeyPresence::required)
      .add("version", text_value(NYM_PLACE(version)), "version of the program that wrote this file")
      .add("id", text_value(NYM_PLACE(id)), "name of the client, known to this machine only")
      .now(KeyPresence::optional)
      .add("disabled_credentials_mode", switch_value(NYM_PLACE(credentials_disabled), client::Switch::on),
           "bandwidth is claimed without credentials; this program knows no other way (when the key is missing it "
           "counts as false, as in v1.1.29)")
      .add("nyxd_urls", urls_value(NYM_PLACE(nyxd_urls)), "chain endpoints, used with credentials only",
           "validator_urls")
      .add("nym_api_urls", urls_value(NYM_PLACE(nym_apis)), "directories: which mixnodes and gateways there are",
           "validator_api_urls")
      .take();
}

Keys storage_keys() {
  return KeysOf("storage_paths", WrittenWhen::always, KeyPresence::required)
      .add("keys.private_identity_key_file", path_value(NYM_PLACE(paths.keys.private_identity)),
           "signs for this client")
      .add("keys.public_identity_key_file", path_value(NYM_PLACE(paths.keys.public_identity)),
           "first part of the client's address")
      .add("keys.private_encryption_key_file", path_value(NYM_PLACE(paths.keys.private_encryption)),
           "decrypts what is sent to this client")
      .add("keys.public_encryption_key_file", path_value(NYM_PLACE(paths.keys.public_encryption)),
           "second part of the client's address")
      .add("keys.gateway_shared_key_file", path_value(NYM_PLACE(paths.keys.gateway_shared)),
           "agreed with the gateway at registration")
      .add("keys.ack_key_file", path_value(NYM_PLACE(paths.keys.ack_key)), "encrypts acknowledgements")
      .add("credentials_database", path_value(NYM_PLACE(paths.credentials)),
           "bandwidth credentials; this program neither makes nor reads the file")
      .add("reply_surb_database", path_value(NYM_PLACE(paths.reply_store)),
           "what is needed to answer anonymous senders and to read answers")
      .add("gateway_details", path_value(NYM_PLACE(paths.gateway_details)),
           "which gateway the client is registered with")
      .take();
}

Keys socket_keys() {
  return KeysOf("socket", WrittenWhen::always)
      .add("socket_type", named_value<SocketType>(NYM_PLACE(socket)),
           "whether applications are served; without it the client can not run")
      .add("listening_port", port_value(NYM_PLACE(port)), "port of the local websocket")
      .add("host", ip_value(NYM_PLACE(host)), "IP address of the local websocket; who reaches it can use the client")
      .take();
}

Keys traffic_keys() {
  return KeysOf("debug.traffic", WrittenWhen::always)
      .add("average_packet_delay", duration_value(NYM_PLACE(traffic.average_packet_delay)),
           "mean time that a packet waits at each mixnode")
      .add("message_sending_average_delay", duration_value(NYM_PLACE(traffic.message_sending_average_delay), kShortest),
           "mean time between two packets of the main stream, real or cover")
      .now(WrittenWhen::kept)
      .add("disable_main_poisson_packet_distribution",
           switch_value(NYM_PLACE(traffic.main_poisson_stream), client::Switch::off),
           "send real packets at once and no cover among them: shows when something is sent")
      .add("primary_packet_size", packet_size_value(NYM_PLACE(traffic.primary_packet_size)),
           "size of the packets of messages and of cover")
      .add("secondary_packet_size", optional_packet_size_value(NYM_PLACE(traffic.secondary_packet_size)),
           "size used instead for a message that then needs fewer packets; not the primary one")
      .add("packet_type", packet_type_value(), "how packets are made")
      .take();
}

Keys cover_keys() {
  return KeysOf("debug.cover_traffic", WrittenWhen::always)
      .add("loop_cover_traffic_average_delay", duration_value(NYM_PLACE(traffic.loop_cover_average_delay), kShortest),
           "mean time between two cover packets of the second stream, and their mean delay at each mixnode")
      .now(WrittenWhen::kept)
      .add("cover_traffic_primary_size_ratio", ratio_value(NYM_PLACE(traffic.cover_primary_ratio)),
           "share of cover packets of the primary size when there is a secondary one")
      .add("disable_loop_cover_traffic_stream", switch_value(NYM_PLACE(traffic.loop_cover_stream), client::Switch::off),
           "do not send that stream")
      .take();
}

Keys acknowledgement_keys() {
  return KeysOf("debug.acknowledgements", WrittenWhen::always)
      .add("average_ack_delay", duration_value(NYM_PLACE(acks.average_ack_delay)),
           "mean time that an acknowledgement waits at each mixnode")
      .now(WrittenWhen::kept)
      .add("ack_wait_multiplier", factor_value(NYM_PLACE(acks.wait_multiplier_millis)),
           "a packet is sent again after this many times its expected round trip")
      .add("ack_wait_addition", duration_value(NYM_PLACE(acks.wait_addition)), "and this much longer")
      .take();
}

Keys topology_keys() {
  return KeysOf("debug.topology", WrittenWhen::kept)
      .add("topology_refresh_rate", duration_value(NYM_PLACE(topology.refresh_rate), kShortTime),
           "time between two looks into the directory")
      .add("topology_resolution_timeout", duration_value(NYM_PLACE(topology_resolution_timeout)),
           "accepted and without effect, as in v1.1.29")
      .add("disable_refreshing", switch_value(NYM_PLACE(topology.refreshing), client::Switch::off),
           "look into the directory only once")
      .add("topology_structure", topology_structure_value(NYM_PLACE(topology_structure)),
           "which nodes are used; a choice by country is accepted with a warning and not made")
      .take();
}

Keys gateway_keys() {
  return KeysOf("debug.gateway_connection", WrittenWhen::kept)
      .add("gateway_response_timeout", duration_value(NYM_PLACE(gateway_link.response_timeout), kShortTime),
           "how long an answer of the gateway may take")
      .take();
}

Keys reply_keys() {
  return KeysOf("debug.reply_surbs", WrittenWhen::kept)
      .add("minimum_reply_surb_storage_threshold", size_value(NYM_PLACE(replies.min_storage), 0, kMaxSurbs),
           "reply SURBs of one anonymous sender that are kept to ask for more with")
      .add("maximum_reply_surb_storage_threshold", size_value(NYM_PLACE(replies.max_storage), 0, kMaxSurbs),
           "with this many no more are asked for")
      .add("minimum_reply_surb_request_size", count_value(NYM_PLACE(replies.min_request), kMaxSurbs),
           "fewest that are asked for at a time")
      .add("maximum_reply_surb_request_size", count_value(NYM_PLACE(replies.max_request), kMaxSurbs),
           "most that are asked for at a time")
      .add("maximum_allowed_reply_surb_request_size", count_value(NYM_PLACE(replies.max_allowed_request), kMaxSurbs),
           "most that somebody else gets from this client at a time")
      .add("maximum_reply_surb_rerequest_waiting_period",
           duration_value(NYM_PLACE(replies.rerequest_after), kShortTime),
           "after this time without an answer they are asked for again")
      .add("maximum_reply_surb_drop_waiting_period", duration_value(NYM_PLACE(replies.drop_after), kShortTime),
           "after this time without any the waiting replies are given up")
      .add("maximum_reply_surb_age", duration_value(NYM_PLACE(replies.max_surb_age), kShortestSurbAge),
           "older ones are not used")
      .add("maximum_reply_key_age", duration_value(NYM_PLACE(replies.max_key_age), kShortestSurbAge),
           "how long an answer to a reply SURB that was given away can be read")
      .take();
}

Keys application_keys() {
  return KeysOf("applications", WrittenWhen::changed)
      .add("dialect", named_value<Dialect>(NYM_PLACE(applications.dialect)),
           "generation of the websocket API: recognised from what an application sends, exactly that of v1.1.29, or "
           "that of v0.7")
      .add("deliver_to", named_value<DeliverTo>(NYM_PLACE(applications.deliver_to)),
           "who gets a message when several applications are connected: the one that it belongs to, all, or the newest")
      .add("allowed_origins", origins_value(NYM_PLACE(applications.allowed_origins)),
           "web pages that may use the websocket besides those of this machine, such as 'https://example.org'")
      .add("token_file", optional_path_value(NYM_PLACE(applications.token_file)),
           "file with a token that applications must present")
      .add("unix_socket", optional_path_value(NYM_PLACE(applications.unix_socket)),
           "unix socket where applications are served too")
      .add("max_message", size_value(NYM_PLACE(applications.max_message), kMinAppMessage, kMaxAppMessage),
           "longest message of an application in bytes; the dialect 'strict' has the limits of v1.1.29 instead")
      .add("max_reply_surbs", count_value(NYM_PLACE(applications.max_reply_surbs), kMaxReplySurbsOfMessage),
           "most reply SURBs that an application may attach to a message; not in the dialect 'strict'")
      .take();
}

Keys operation_keys() {
  auto keys = KeysOf("delivery", WrittenWhen::changed)
                  .add("journal", switch_value(NYM_PLACE(delivery.journal), client::Switch::on),
                       "keep accepted messages on disk until they are acknowledged, so that a crash loses none")
                  .add("flush_deadline", duration_value(NYM_PLACE(delivery.flush_deadline)),
                       "how long a stop may take to send what is waiting")
                  .take();
  keys.push_back(KeysOf("metrics", WrittenWhen::changed)
                     .add("listen", endpoint_value(NYM_PLACE(metrics.listen)),
                          "IP address and port where figures are served in Prometheus' text form")
                     .take()
                     .front());
  keys.push_back(KeysOf("log", WrittenWhen::changed)
                     .add("format", named_value<LogFormat>(NYM_PLACE(log.format)), "form of the log lines on stderr")
                     .take()
                     .front());
  return keys;
}

std::vector<ConfigTable> make_tables() {
  constexpr auto kAlways = WrittenWhen::always;
  constexpr auto kKept = WrittenWhen::kept;
  constexpr auto kRequired = KeyPresence::required;
  return {
      {"client", "who this client is and which network it uses", kAlways, kRequired},
      {"storage_paths", "where its files are", kAlways, kRequired, UnknownKeys::ignored},
      {"socket", "the local websocket for applications", kAlways, kRequired},
      {"logging", "must be there, has no keys", kAlways, kRequired},
      {"debug", "has no keys of its own; the tables below it change how much anonymity there is, and how fast it is",
       kAlways},
      {"debug.traffic", "messages", kAlways},
      {"debug.acknowledgements", "acknowledgements and sending again", kAlways},
      {"debug.cover_traffic", "cover traffic", kAlways},
      {"debug.gateway_connection", "the link to the gateway", kKept},
      {"debug.topology", "the list of nodes", kKept},
      {"debug.reply_surbs", "reply SURBs, with which anonymous senders are answered", kKept},
      {"applications", "who may use the local websocket, and how; not read by v1.1.29"},
      {"delivery", "what happens to messages at the end of the process; not read by v1.1.29"},
      {"metrics", "figures for monitoring; not read by v1.1.29"},
      {"log", "the log; not read by v1.1.29"}};
}

Keys make_keys() {
  Keys keys;
  for (auto part : {client_keys(), storage_keys(), socket_keys(), traffic_keys(), acknowledgement_keys(), cover_keys(),
                    gateway_keys(), topology_keys(), reply_keys(), application_keys(), operation_keys()}) {
    for (auto& key : part) keys.push_back(std::move(key));
  }
  return keys;
}

}  // namespace

const std::vector<ConfigTable>& config_tables() {
  static const std::vector<ConfigTable> kTables = make_tables();
  return kTables;
}

const std::vector<ConfigKey>& config_keys() {
  static const std::vector<ConfigKey> kKeys = make_keys();
  return kKeys;
}

}  // namespace nym::cli
