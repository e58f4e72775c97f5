#include "testnet/selftest.h"

#include <fmt/format.h>

#include "engine/app_api/codec.h"
#include "engine/base/overloaded.h"
#include "engine/base/text_encoding.h"
#include "net/clock.h"
#include "net/os_random.h"
#include "testnet/app_connection.h"
#include "testnet/client_node.h"
#include "testnet/error.h"
#include "testnet/limits.h"

namespace nym::testnet {
namespace {

constexpr int kReplySurbs = 10;
constexpr std::size_t kGatewaysWithCover = 4;
constexpr Duration kLimit = Duration::seconds(60);
constexpr std::size_t kBinaryTail = 300;  ///< random bytes, which no text has

double seconds_since(TimePoint then) {
  return static_cast<double>((net::now() - then).ns()) * 1e-9;
}

/// A client at one of the gateways.
struct Station {
  std::string gateway;  ///< name
  std::unique_ptr<ClientNode> client;
  std::unique_ptr<AppConnection> app{};
};

/// One leg under way: its number is in its message and its reply.
struct Leg {
  std::size_t from;
  std::size_t to;
  TimePoint sent_at{};
  TimePoint arrived_at{};
  Bytes tail{};
  SelftestLeg report{};
};

class Selftest {
 public:
  Selftest(net::Runtime& runtime, std::vector<Station> stations) : runtime_(runtime), stations_(std::move(stations)) {}

  void run(const char* form) {
    form_ = form;
    legs_.clear();
    for (std::size_t from = 0; from < stations_.size(); ++from) {
      for (std::size_t to = 0; to < stations_.size(); ++to) {
        if (from != to) send(from, to);
      }
    }
    runtime_.run_until([this] { return look(); }, net::now() + kLimit);
    for (auto& leg : legs_) reports.push_back(leg.report);
  }

  Result<void> connect() {
    for (auto& station : stations_) {
      station.app = std::make_unique<AppConnection>(runtime_, station.client->websocket_url());
    }
    auto is_open = [this] {
      return std::all_of(stations_.begin(), stations_.end(), [](const auto& s) { return s.app->is_open(); });
    };
    if (runtime_.run_until(is_open, net::now() + limits::kStart)) return {};
    return fail(TestnetError::node_failed, "a client of the selftest takes no application");
  }

  // Nothing of them is needed any more.
  void end() {
    for (auto& station : stations_) station.client->kill();
  }

  std::vector<SelftestLeg> reports;

 private:
  void send(std::size_t from, std::size_t to) {
    Leg leg{from, to, net::now()};
    leg.report = {stations_[from].gateway, stations_[to].gateway, form_};
    leg.tail = Bytes(kBinaryTail);
    random_.fill(leg.tail);
    auto content = content_of(legs_.size(), leg, "message");
    auto recipient = wire::Recipient::parse(stations_[to].client->address());
    if (is_text()) {
      stations_[from].app->send({{"type", "sendAnonymous"},
                                 {"recipient", stations_[to].client->address()},
                                 {"message", std::string(as_text(content))},
                                 {"replySurbs", kReplySurbs}});
    } else if (recipient) {
      app_api::Request request = app_api::SendAnonymous{*recipient, content, kReplySurbs, std::nullopt};
      stations_[from].app->send_binary(app_api::to_binary(request));
    }
    legs_.push_back(std::move(leg));
  }

  bool is_text() const { return form_ == "text"; }

  Bytes content_of(std::size_t number, const Leg& leg, std::string_view what) const {
    auto text = fmt::format("selftest {} {} ", what, number);
    auto bytes = to_bytes(as_bytes(text));
    append(bytes, is_text() ? ByteView(as_bytes(hex_tail(leg))) : ByteView(leg.tail));
    return bytes;
  }
  const std::string& hex_tail(const Leg& leg) const {
    hex_ = to_hex(leg.tail);
    return hex_;
  }

  // True: every leg has its reply.
  bool look() {
    for (std::size_t at = 0; at < stations_.size(); ++at) {
      auto& app = *stations_[at].app;
      while (auto message = app.take()) on_text(at, *message);
      while (auto message = app.take_binary()) on_binary(at, *message);
    }
    return std::all_of(legs_.begin(), legs_.end(), [](const Leg& leg) { return leg.report.reply_seconds; });
  }

  void on_text(std::size_t at, const nlohmann::json& message) {
    if (message.value("type", "") != "received" || !message["message"].is_string()) return;
    auto text = message["message"].get<std::string>();
    std::optional<std::string> tag;
    if (message.contains("senderTag") && message["senderTag"].is_string()) tag = message["senderTag"];
    on_content(at, as_bytes(text), [&](const Bytes& reply) {
      if (!tag) return;
      stations_[at].app->send({{"type", "reply"}, {"senderTag", *tag}, {"message", std::string(as_text(reply))}});
    });
  }

  void on_binary(std::size_t at, const Bytes& message) {
    auto response = app_api::parse_binary_response(message);
    const auto* received = response ? std::get_if<app_api::Received>(&*response) : nullptr;
    if (received == nullptr) return;
    auto content = received->data.to_bytes();
    on_content(at, content, [&](const Bytes& reply) {
      if (!received->sender) return;
      app_api::Request request = app_api::Reply{*received->sender, reply, std::nullopt};
      stations_[at].app->send_binary(app_api::to_binary(request));
    });
  }

  // What is not exactly what was sent does not count as arrived.
  template <class Answer>
  void on_content(std::size_t at, ByteView content, Answer answer) {
    for (std::size_t number = 0; number < legs_.size(); ++number) {
      auto& leg = legs_[number];
      auto is = [&](std::string_view what) {
        auto expected = content_of(number, leg, what);
        return std::equal(expected.begin(), expected.end(), content.begin(), content.end());
      };
      if (leg.to == at && !leg.report.message_seconds && is("message")) {
        leg.report.message_seconds = seconds_since(leg.sent_at);
        leg.arrived_at = net::now();
        return answer(content_of(number, leg, "reply"));
      }
      if (leg.from == at && !leg.report.reply_seconds && is("reply")) {
        leg.report.reply_seconds = seconds_since(leg.arrived_at);
        return;
      }
    }
  }

  net::Runtime& runtime_;
  std::vector<Station> stations_;
  std::string form_;
  std::vector<Leg> legs_;
  net::OsRandom random_;
  mutable std::string hex_;
};

Result<std::vector<Station>> start_stations(net::Runtime& runtime, const nlohmann::ordered_json& status,
                                            const std::filesystem::path& program, const std::filesystem::path& home) {
  const auto& gateways = status["gateways"];
  Layout layout;
  layout.gateways = 1;
  layout.clients = std::max<std::uint32_t>(2, static_cast<std::uint32_t>(gateways.size()));
  NYM_TRY(auto plan, plan_network(layout, home));
  std::vector<Station> stations;
  std::size_t ready = 0;
  Result<void> result;
  for (auto& node : plan.nodes) {
    if (node.role != Role::client) continue;
    const auto& gateway = gateways[node.index % gateways.size()];
    node.relay.port = 0;  // it reaches its gateway as any other program does
    ClientNode::Setup setup{node, program, home / node.name, home / (node.name + ".log"),
                            gateway.value("identity", "")};
    // Cover of so many would keep the machine busy for itself.
    if (gateways.size() > kGatewaysWithCover) setup.run_options = {"--no-cover"};
    stations.push_back({gateway.value("name", ""), std::make_unique<ClientNode>(runtime, std::move(setup))});
    stations.back().client->set_directory(status.value("directory", ""));
    stations.back().client->start([&](Result<void> started) {
      ++ready;
      if (!started) result = std::move(started);
    });
  }
  std::optional<net::Timer> look;
  look.emplace(runtime, [&] {
    for (auto& station : stations) station.client->look();
    look->arm_after(limits::kLookWhileStarting);
  });
  look->arm_after(Duration());
  runtime.run_until([&] { return ready >= stations.size() || !result; }, net::now() + limits::kStart * 2);
  NYM_TRY_VOID(result);
  return stations;
}

}  // namespace

bool SelftestReport::passed() const {
  return !legs.empty() && std::all_of(legs.begin(), legs.end(),
                                      [](const auto& leg) { return leg.message_seconds && leg.reply_seconds; });
}

nlohmann::ordered_json SelftestReport::to_json() const {
  nlohmann::ordered_json out{{"passed", passed()}, {"seconds", seconds}, {"start_seconds", start_seconds}};
  auto time = [](const std::optional<double>& value) {
    return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json();
  };
  out["legs"] = nlohmann::ordered_json::array();
  for (const auto& leg : legs) {
    out["legs"].push_back({{"from", leg.from},
                           {"to", leg.to},
                           {"form", leg.form},
                           {"message_seconds", time(leg.message_seconds)},
                           {"reply_seconds", time(leg.reply_seconds)}});
  }
  return out;
}

std::string SelftestReport::to_text() const {
  std::string text;
  auto time = [](const std::optional<double>& value) { return value ? fmt::format("{:.3f} s", *value) : "lost"; };
  for (const auto& leg : legs) {
    text += fmt::format("{} -> {}  {:<6}  message {}, reply {}\n", leg.from, leg.to, leg.form,
                        time(leg.message_seconds), time(leg.reply_seconds));
  }
  return text + fmt::format("{}: {} ways in {:.3f} s, of which {:.3f} s to start the clients\n",
                            passed() ? "passed" : "FAILED", legs.size(), seconds, start_seconds);
}

Result<SelftestReport> run_selftest(const nlohmann::ordered_json& status, const std::filesystem::path& client_program) {
  auto began = net::now();
  NYM_TRY(auto home, TemporaryDirectory::make());
  net::Runtime runtime;
  NYM_TRY(auto stations, start_stations(runtime, status, client_program, home.path()));
  SelftestReport report;
  report.start_seconds = seconds_since(began);
  Selftest test(runtime, std::move(stations));
  NYM_TRY_VOID(test.connect());
  test.run("text");
  test.run("binary");
  test.end();
  report.legs = test.reports;
  report.seconds = seconds_since(began);
  return report;
}

}  // namespace nym::testnet
