#include "cli/registrar.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/error.h"
#include "engine/base/overloaded.h"
#include "engine/base/text_encoding.h"
#include "net/drivers/node_loop.h"
#include "net/websocket.h"

namespace nym::cli {
namespace {

constexpr Duration kFetchLimit = Duration::seconds(60);
constexpr Duration kRegistrationLimit = Duration::seconds(60);

/// Drives one Registration over a real websocket.
class RegistrationDriver {
 public:
  RegistrationDriver(net::Runtime& runtime, client::Registration::Config config, RandomSource& random)
      : runtime_(runtime),
        node_(std::move(config), random),
        loop_(runtime, node_, [this](client::Registration::Output output) { perform(std::move(output)); }) {}

  void start() {
    node_.start(net::now());
    loop_.settle();
  }
  const std::optional<Result<sphinx::GatewaySharedKeys>>& finished() const { return finished_; }

 private:
  void perform(client::Registration::Output output) {
    std::visit(Overloaded{
                   [&](client::DialGateway& dial) { connect(dial); },
                   [&](client::SendText& send) {
                     if (websocket_) websocket_->send_text(std::move(send.text));
                   },
                   [&](client::CloseGateway&) {
                     if (websocket_) websocket_->close();
                   },
                   [&](client::Registration::Finished& finished) { finished_ = std::move(finished.keys); },
               },
               output);
  }

  void connect(const client::DialGateway& dial) {
    auto connection = dial.connection;
    auto url = net::parse_url(dial.url);
    if (!url) {
      finished_ = std::unexpected(url.error());
      return;
    }
    websocket_ = net::WebSocketConnection::connect(runtime_, *url);
    websocket_->start(
        {[this, connection] { loop_.input(client::GatewayOpened{connection}); },
         [this, connection](std::string text) { loop_.input(client::GatewayText{connection, std::move(text)}); },
         [this, connection](Bytes data) { loop_.input(client::GatewayBinary{connection, Blob(std::move(data))}); },
         [](std::size_t) {},
         [this, connection](CloseReason reason, std::string_view detail) {
           loop_.input(client::GatewayClosed{connection, reason, std::string(detail)});
         }});
  }

  net::Runtime& runtime_;
  client::Registration node_;
  net::NodeLoop<client::Registration, client::Registration::Input, client::Registration::Output> loop_;
  std::unique_ptr<net::WebSocketConnection> websocket_;
  std::optional<Result<sphinx::GatewaySharedKeys>> finished_;
};

Result<std::vector<topology::Gateway>> fetch_gateways(net::Runtime& runtime,
                                                      const std::vector<std::string>& directories) {
  net::DirectoryClient directory(runtime, directories);
  std::optional<Result<net::DirectoryClient::ListedGateways>> listed;
  directory.fetch_gateways([&](auto answer) { listed = std::move(answer); });
  if (!runtime.run_until([&] { return listed.has_value(); }, net::now() + kFetchLimit)) {
    return fail(CliError::network, "the directory did not answer in time");
  }
  if (!*listed) {
    return fail(CliError::network, fmt::format("cannot get the list of gateways: {}", listed->error().text()));
  }
  return std::move((*listed)->gateways);
}

}  // namespace

Result<topology::Gateway> choose_gateway(net::Runtime& runtime, const std::vector<std::string>& directories,
                                         const std::optional<std::string>& wanted, RandomSource& random) {
  NYM_TRY(auto gateways, fetch_gateways(runtime, directories));
  std::erase_if(gateways, [](const auto& gateway) {
    return !topology::version_compatible(gateway.version, topology::kFilterVersion);
  });
  if (wanted) {
    auto found = std::find_if(gateways.begin(), gateways.end(),
                              [&](const auto& gateway) { return to_base58(gateway.identity.bytes()) == *wanted; });
    if (found == gateways.end()) return fail(CliError::network, fmt::format("No gateway with id: {}", *wanted));
    return *found;
  }
  if (gateways.empty()) {
    return fail(CliError::network,
                "No gateways on network that this version can use; for a private network try nym-testnet");
  }
  return gateways[draw_below(random, gateways.size())];
}

Result<sphinx::GatewaySharedKeys> register_with(net::Runtime& runtime, const topology::Gateway& gateway,
                                                const crypto::Ed25519PrivateKey& identity, RandomSource& random) {
  RegistrationDriver driver(runtime, {gateway.listener_url(), gateway.identity, identity}, random);
  driver.start();
  if (!runtime.run_until([&] { return driver.finished().has_value(); }, net::now() + kRegistrationLimit)) {
    return fail(CliError::network, "the gateway did not answer in time");
  }
  if (!*driver.finished()) {
    return fail(CliError::network, fmt::format("cannot register with the gateway at {}: {}", gateway.listener_url(),
                                               driver.finished()->error().text()));
  }
  return **driver.finished();
}

}  // namespace nym::cli
