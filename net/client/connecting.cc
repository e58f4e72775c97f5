#include "net/client/connecting.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/text_encoding.h"
#include "net/error.h"
#include "net/url.h"

namespace nym {
namespace {

constexpr const char* kReplyStore = "persistent_reply_store.sqlite";
constexpr const char* kGatewayDetails = "gateway_details.json";
constexpr const char* kNoFile = ":memory:";

client::TrafficConfig traffic_of(ClientOptions::Traffic wanted) {
  client::TrafficConfig traffic;
  if (wanted == ClientOptions::Traffic::standard) return traffic;
  traffic.average_packet_delay = Duration::milliseconds(10);
  traffic.message_sending_average_delay = Duration::milliseconds(4);
  traffic.loop_cover_stream = client::Switch::off;
  return traffic;
}

}  // namespace

Client::Connecting::Connecting(net::Runtime& runtime, ClientOptions options, OnConnected connected)
    : runtime_(runtime),
      options_(std::move(options)),
      connected_(std::move(connected)),
      core_(std::make_shared<Core>(runtime)),
      deadline_(runtime, [this] { time_is_up(); }) {}

void Client::Connecting::begin() {
  runtime_.keep(shared_from_this());
  deadline_.arm_after(Duration::milliseconds(options_.connect_timeout.count()));
  later([this] {
    auto checked = check_options();
    if (!checked) return fail_with(checked.error());
    if (options_.data_directory.empty()) return list_gateways();
    auto loaded = load_identity();
    if (!loaded) fail_with(loaded.error());
  });
}

// The core's tasks do not own what owns the core.
void Client::Connecting::later(std::function<void()> step) {
  core_->add_task([weak = weak_from_this(), step = std::move(step)] {
    auto self = weak.lock();
    if (self && !self->is_done_) step();
  });
}

Result<void> Client::Connecting::check_options() {
  if (options_.directories.empty()) return fail(net::NetError::bad_url, "no directory was given");
  for (const auto& url : options_.directories) {
    auto parsed = net::parse_url(url);
    if (!parsed) return std::unexpected(parsed.error());
  }
  directory_ = std::make_unique<net::DirectoryClient>(runtime_, options_.directories);
  return {};
}

Result<void> Client::Connecting::load_identity() {
  const auto& folder = options_.data_directory;
  NYM_TRY(auto lock, net::DirectoryLock::take(folder));
  core_->hold(std::move(lock));
  NYM_TRY(auto loaded, net::load_client_identity(net::ClientKeyPaths::in(folder), folder / kGatewayDetails));
  for (auto& warning : loaded.warnings) core_->add_note(std::move(warning));
  return start(std::move(loaded.identity), folder / kReplyStore);
}

// After a failure the next directory is asked, each once.
void Client::Connecting::list_gateways() {
  directory_->fetch_gateways([this](Result<net::DirectoryClient::ListedGateways> listed) {
    later([this, listed = std::move(listed)] {
      if (listed) return choose_gateway(listed->gateways);
      if (++directory_failures_ < options_.directories.size()) return list_gateways();
      fail_with(
          Error(net::NetError::unreachable, fmt::format("cannot get the list of gateways: {}", listed.error().text())));
    });
  });
}

void Client::Connecting::choose_gateway(const std::vector<topology::Gateway>& gateways) {
  std::vector<const topology::Gateway*> usable;
  for (const auto& gateway : gateways) {
    bool is_meant = options_.gateway.empty() || to_base58(gateway.identity.bytes()) == options_.gateway;
    if (is_meant && topology::version_compatible(gateway.version, topology::kFilterVersion)) usable.push_back(&gateway);
  }
  if (!usable.empty()) return register_with(*usable[draw_below(random_, usable.size())]);
  fail_with(Error(net::NetError::not_found, options_.gateway.empty()
                                                ? "the directory lists no gateway that this version can use"
                                                : fmt::format("the directory lists no gateway {} that this version "
                                                              "can use",
                                                              options_.gateway)));
}

void Client::Connecting::register_with(const topology::Gateway& gateway) {
  doing_ = "registering with the gateway";
  auto keys = std::make_shared<client::ClientKeys>(
      client::ClientKeys{crypto::Ed25519PrivateKey::generate(random_), crypto::X25519KeyPair::generate(random_),
                         draw_secret<16>(random_), sphinx::GatewaySharedKeys::from_bytes(ByteArray<32>{})});
  auto finished = [this, keys, gateway](Result<sphinx::GatewaySharedKeys> shared) {
    if (!shared) {
      return fail_with(Error(net::NetError::unreachable, fmt::format("cannot register with the gateway at {}: {}",
                                                                     gateway.listener_url(), shared.error().text())));
    }
    keys->gateway_shared = std::move(*shared);
    auto started = start({std::move(*keys), gateway.identity, gateway.listener_url()}, kNoFile);
    if (!started) fail_with(started.error());
  };
  registration_ = std::make_unique<net::RegistrationDriver>(
      runtime_, client::Registration::Config{gateway.listener_url(), gateway.identity, keys->identity}, random_,
      std::move(finished));
  registration_->start();
}

Result<void> Client::Connecting::start(net::ClientIdentity identity, std::string reply_store) {
  doing_ = "connecting to the gateway";
  client::ClientConfig config{std::move(identity.keys),
                              identity.gateway,
                              std::move(identity.gateway_url),
                              traffic_of(options_.traffic),
                              {},
                              {},
                              {},
                              {}};
  directory_failures_ = 0;
  std::weak_ptr<Connecting> weak = weak_from_this();
  return core_->start(std::move(config), {std::nullopt, options_.directories, {std::move(reply_store), std::nullopt}},
                      [weak](const client::Event& event) {
                        if (auto self = weak.lock()) self->on_event(event);
                      });
}

void Client::Connecting::on_event(const client::Event& event) {
  if (is_done_) return;
  if (const auto* changed = std::get_if<client::TopologyChanged>(&event); changed != nullptr && !changed->usable) {
    trouble_ = fmt::format("cannot get the network's topology: {}", changed->why);
    if (++directory_failures_ < options_.directories.size()) return;
    return later([this] { fail_with(Error(net::NetError::unreachable, trouble_)); });
  }
  const auto* gateway = std::get_if<client::GatewayStateChanged>(&event);
  if (gateway != nullptr && !gateway->why.empty()) trouble_ = gateway->why;
  later([this] {
    if (core_->status().ready()) report(std::unique_ptr<Client>(new Client(core_)));
  });
}

void Client::Connecting::time_is_up() {
  auto why = trouble_.empty() ? std::string() : fmt::format(" ({})", trouble_);
  fail_with(Error(net::NetError::timed_out, fmt::format("{} took too long{}", doing_, why)));
}

void Client::Connecting::fail_with(const Error& error) {
  if (is_done_) return;
  auto core = core_;
  report(std::unexpected(error));
  core->abandon();
}

void Client::Connecting::report(Result<std::unique_ptr<Client>> result) {
  auto self = shared_from_this();
  is_done_ = true;
  deadline_.cancel();
  runtime_.release(this);
  auto connected = std::move(connected_);
  connected(std::move(result));
}

}  // namespace nym
