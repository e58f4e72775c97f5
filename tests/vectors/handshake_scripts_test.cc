#include <gtest/gtest.h>

#include "engine/base/text_encoding.h"
#include "engine/client/registration.h"
#include "engine/gateway/gateway.h"
#include "engine/sphinx/real_suite.h"
#include "engine/wire/control_messages.h"
#include "tests/support/scripted_random.h"
#include "tests/support/vectors.h"

namespace nym {
namespace {

using test::array_of;
using test::Json;

const TimePoint kNow = TimePoint::at(Duration::seconds(1));

struct Keys {
  crypto::Ed25519PrivateKey client;
  crypto::Ed25519PrivateKey gateway;
  Bytes client_ephemeral;
  Bytes gateway_ephemeral;
};

Keys recorded_keys() {
  const Json& handshake = test::vectors("gateway_requests.json").at("handshakes").at(0);
  return {crypto::Ed25519PrivateKey::from_seed(array_of<32>(handshake.at("client_identity_seed"))),
          crypto::Ed25519PrivateKey::from_seed(array_of<32>(handshake.at("gateway_identity_seed"))),
          test::bytes_of(handshake.at("client_ephemeral_private")),
          test::bytes_of(handshake.at("gateway_ephemeral_private"))};
}

bool is_gateway_error(const std::string& text) {
  auto control = wire::parse_gateway_control(text);
  return control && std::holds_alternative<wire::ErrorResponse>(*control);
}

struct ClientRun {
  std::vector<std::string> sends;
  std::optional<Result<sphinx::GatewaySharedKeys>> finished;
};

void drain(client::Registration& node, ClientRun& run) {
  while (auto output = node.poll_output()) {
    if (auto* send = std::get_if<client::SendText>(&*output)) run.sends.push_back(send->text);
    if (auto* finished = std::get_if<client::Registration::Finished>(&*output)) run.finished = finished->keys;
  }
}

ClientRun run_client(const Json& script) {
  Keys keys = recorded_keys();
  test::ScriptedRandom random(keys.client_ephemeral);
  client::Registration node({"ws://gateway", keys.gateway.public_key(), keys.client}, random);
  ClientRun run;
  auto feed = [&](client::Registration::Input input) {
    node.handle_input(kNow, std::move(input));
    drain(node, run);
  };
  node.start(kNow);
  drain(node, run);
  feed(client::GatewayOpened{{1}});
  for (const auto& received : script.at("receives")) {
    auto text = received.get<std::string>();
    if (text.starts_with("Ping")) continue;
    if (text.starts_with("binary ")) {
      feed(client::GatewayBinary{{1}, Blob(test::bytes_of(text.substr(7)))});
    } else {
      feed(client::GatewayText{{1}, text});
    }
  }
  bool expects_keys = script.at("result").get<std::string>().starts_with("ok");
  if (expects_keys) {
    feed(client::GatewayText{{1}, R"({"type":"register","protocol_version":1,"status":true})"});
  } else if (!run.finished) {
    feed(client::GatewayClosed{{1}, CloseReason::reset, {}});
  }
  return run;
}

// Where the original skips an `error` of the gateway and waits for ever, ours fails with its text.
void expect_failure_on_gateway_error(const Json& script) {
  auto run = run_client(script);
  ASSERT_TRUE(run.finished);
  ASSERT_FALSE(*run.finished);
  EXPECT_NE(run.finished->error().text().find("There is already an open connection"), std::string::npos);
}

TEST(HandshakeScripts, TheClientSendsAndConcludesWhatTheOriginalDid) {
  std::size_t cases = 0;
  for (const auto& script : test::vectors("gateway_requests.json").at("handshake_scripts").at("cases")) {
    if (script.at("role") != "client") continue;
    SCOPED_TRACE(script.at("name").get<std::string>());
    ++cases;
    bool has_error = false;
    for (const auto& received : script.at("receives")) has_error |= is_gateway_error(received.get<std::string>());
    if (has_error) {
      expect_failure_on_gateway_error(script);
      continue;
    }
    auto run = run_client(script);
    EXPECT_EQ(run.sends, script.at("sends").get<std::vector<std::string>>());
    ASSERT_TRUE(run.finished);
    auto result = script.at("result").get<std::string>();
    EXPECT_EQ(run.finished->has_value(), result.starts_with("ok"));
    if (*run.finished) {
      EXPECT_EQ("ok, keys " + to_hex((*run.finished)->to_bytes().expose()), result);
    }
  }
  EXPECT_GT(cases, 0U);
}

/// What a gateway sent on one connection: handshake messages, and whether it complained.
struct GatewayRun {
  std::vector<std::string> handshake_texts;
  std::vector<std::string> errors;
  bool registered = false;
};

void drain(gateway::Gateway& node, GatewayRun& run) {
  std::vector<gateway::PersistId> to_confirm;
  while (auto output = node.poll_output()) {
    if (auto* persist = std::get_if<gateway::Persist>(&*output)) to_confirm.push_back(persist->id);
    auto* send = std::get_if<gateway::SendText>(&*output);
    if (send == nullptr) continue;
    auto control = wire::parse_gateway_control(send->text);
    if (!control) {
      run.handshake_texts.push_back(send->text);
    } else if (auto* error = std::get_if<wire::ErrorResponse>(&*control)) {
      run.errors.push_back(error->message);
    } else {
      run.registered = std::holds_alternative<wire::RegisterResponse>(*control);
    }
  }
  for (auto id : to_confirm) {
    node.handle_input(kNow, gateway::Persisted{id, std::nullopt});
    drain(node, run);
  }
}

GatewayRun run_gateway(const Json& script) {
  Keys keys = recorded_keys();
  test::ScriptedRandom random(keys.gateway_ephemeral);
  sphinx::RealSuite suite;
  auto sphinx_key = crypto::X25519KeyPair::generate(random);
  gateway::Gateway node({keys.gateway, sphinx_key, relay::ReplayMode::reject, {}}, {}, suite, random);
  GatewayRun run;
  ConnectionId connection{kFirstIncomingConnection};
  auto feed = [&](gateway::Input input) {
    node.handle_input(kNow, std::move(input));
    drain(node, run);
  };
  feed(gateway::ClientConnected{connection});
  wire::RegisterRequest request{1, test::bytes_of(script.at("init_data"))};
  feed(gateway::ClientText{connection, wire::to_json(wire::ClientControl(request))});
  for (const auto& received : script.at("receives")) feed(gateway::ClientText{connection, received.get<std::string>()});
  return run;
}

TEST(HandshakeScripts, TheGatewaySendsAndConcludesWhatTheOriginalDid) {
  std::size_t cases = 0;
  for (const auto& script : test::vectors("gateway_requests.json").at("handshake_scripts").at("cases")) {
    if (script.at("role") != "gateway") continue;
    SCOPED_TRACE(script.at("name").get<std::string>());
    ++cases;
    auto run = run_gateway(script);
    auto result = script.at("result").get<std::string>();
    EXPECT_EQ(run.registered, result.starts_with("ok"));
    auto identity = crypto::Ed25519PublicKey::parse(ByteView(test::bytes_of(script.at("init_data"))).first(32));
    if (!identity) {  // the whole gateway answers this one before the handshake begins (03 §5.4)
      EXPECT_TRUE(run.handshake_texts.empty());
      EXPECT_EQ(run.errors.size(), 1U);
      continue;
    }
    EXPECT_EQ(run.handshake_texts, script.at("sends").get<std::vector<std::string>>());
    bool complains = !result.starts_with("ok") && result.find("network error") == std::string::npos;
    EXPECT_EQ(run.errors.size(), complains ? 1U : 0U);
    if (complains) {
      EXPECT_EQ(run.errors.front(), "Failed to perform registration handshake - " + result.substr(7));
    }
  }
  EXPECT_GT(cases, 0U);
}

}  // namespace
}  // namespace nym
