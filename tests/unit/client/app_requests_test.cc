// What applications ask of a whole client that has no network: messages wait in its lanes.

#include <gtest/gtest.h>

#include "engine/client/client.h"
#include "sim/kernel/seeded_random.h"
#include "sim/model/model_suite.h"
#include "tests/support/addresses.h"

namespace nym::client {
namespace {

using app_api::Dialect;
using app_api::Format;
using app_api::LaneId;

constexpr AppSessionId kFirst{1};
constexpr AppSessionId kSecond{2};

class OfflineClient : public testing::Test {
 protected:
  void start(AppConfig apps = {}) {
    auto identity = crypto::Ed25519PrivateKey::generate(random);
    auto encryption = crypto::X25519KeyPair::generate(random);
    auto ack = draw_secret<16>(random);
    auto shared = sphinx::GatewaySharedKeys::from_bytes(draw_array<32>(random));
    auto gateway = crypto::Ed25519PrivateKey::generate(random).public_key();
    ClientConfig config{{identity, encryption, ack, shared}, gateway, "ws://gateway"};
    config.apps = apps;
    client.emplace(std::move(config), StoredState{}, suite, random, spool);
    client->start({}, {1'700'000'000});
    drain();
    for (auto app : {kFirst, kSecond}) input(AppOpened{app});
  }

  void input(Input input) {
    client->handle_input({}, std::move(input));
    drain();
  }
  void drain() {
    while (auto output = client->poll_output()) {
      if (const auto* said = std::get_if<ToApp>(&*output)) {
        answers[said->session].push_back(app_api::parse_binary_response(said->frame.data).value());
      }
      if (const auto* pause = std::get_if<PauseApp>(&*output)) paused.push_back(pause->session);
      const auto* event = std::get_if<Event>(&*output);
      const auto* ended = event != nullptr ? std::get_if<MessageEnded>(event) : nullptr;
      if (ended != nullptr) outcomes.push_back(*ended);
    }
  }
  void ask(AppSessionId app, const app_api::AppRequest& asked) {
    input(FromApp{app, {Format::binary, app_api::to_binary(asked)}});
  }
  void send(AppSessionId app, std::optional<LaneId> lane, std::optional<std::string> name = std::nullopt,
            std::size_t size = 10) {
    ask(app, {app_api::Send{test::address(9), Bytes(size), lane}, std::move(name)});
  }
  std::uint64_t open_messages() {
    ask(kFirst, {app_api::GetStatus{}});
    return std::get<app_api::Status>(answers[kFirst].back()).open_messages;
  }

  sim::SeededRandom random{1};
  sim::ModelSuite suite;
  MemorySpool spool;
  std::optional<Client> client;
  std::map<AppSessionId, std::vector<app_api::Response>> answers;
  std::vector<AppSessionId> paused;
  std::vector<MessageEnded> outcomes;
};

TEST_F(OfflineClient, ClosingALaneCancelsTheMessagesOfItsOwnApplicationOnly) {
  start();
  send(kFirst, LaneId{5});
  send(kSecond, LaneId{5});
  send(kFirst, std::nullopt);
  EXPECT_EQ(open_messages(), 3U);
  ask(kSecond, {app_api::ClosedConnection{{5}}});
  ASSERT_EQ(outcomes.size(), 1U);
  EXPECT_EQ(outcomes[0].id, MessageId{2});
  EXPECT_EQ(outcomes[0].outcome, Outcome::cancelled);
  EXPECT_EQ(open_messages(), 2U);
}

TEST_F(OfflineClient, InStrictLanesOutliveTheirConnection) {
  start({.dialect = Dialect::strict});
  send(kFirst, LaneId{5});
  input(AppClosed{kFirst});
  input(AppOpened{{3}});
  ask({3}, {app_api::ClosedConnection{{5}}});
  ASSERT_EQ(outcomes.size(), 1U);
}

TEST_F(OfflineClient, WhatAnApplicationSentGoesOnAfterItLeft) {
  start();
  send(kSecond, LaneId{5});
  input(AppClosed{kSecond});
  EXPECT_EQ(open_messages(), 1U);
}

TEST_F(OfflineClient, NamedMessagesEndInOneDeliveryEvent) {
  start();
  ask(kFirst, {app_api::Subscribe{{.delivery = true}}});
  send(kFirst, LaneId{5}, "m1");
  send(kFirst, std::nullopt, "m2");
  answers.clear();
  ask(kFirst, {app_api::ClosedConnection{{5}}});
  app_api::DeliveryEvent closed{"m1", app_api::DeliveryOutcome::cancelled,
                                "its connection was closed by the application"};
  EXPECT_EQ(answers[kFirst], std::vector<app_api::Response>{closed});
  input(Shutdown{});
  app_api::DeliveryEvent stopped{"m2", app_api::DeliveryOutcome::cancelled, "the client was stopped"};
  EXPECT_EQ(answers[kFirst], (std::vector<app_api::Response>{closed, stopped}));
}

TEST_F(OfflineClient, ALaneIsAnsweredWithItsLengthAfterASend) {
  start();
  send(kFirst, LaneId{5});
  EXPECT_EQ(answers[kFirst].back(), app_api::Response(app_api::LaneQueueLength{{5}, 0}));
}

TEST_F(OfflineClient, ApplicationsThatSendMoreThanCanLeaveAreReadNoFurther) {
  start();
  int sent = 0;
  while (paused.empty() && sent < 100) {
    send(kFirst, std::nullopt, std::nullopt, 2'000'000);
    ++sent;
  }
  EXPECT_EQ(paused, std::vector<AppSessionId>{kFirst});
  EXPECT_TRUE(outcomes.empty()) << "no message failed";
}

TEST_F(OfflineClient, InStrictTooManyReplySurbsFailUnheard) {
  start({.dialect = Dialect::strict});
  answers.clear();
  ask(kFirst, {app_api::SendAnonymous{test::address(9), Bytes(1), 4'000'000'000U, std::nullopt}});
  EXPECT_TRUE(answers.empty());
  ASSERT_EQ(outcomes.size(), 1U);
  EXPECT_EQ(outcomes[0].outcome, Outcome::failed);
}

TEST_F(OfflineClient, RequestsAreRefusedWhileItStops) {
  start();
  send(kFirst, std::nullopt);
  input(Shutdown{Duration::seconds(2)});
  send(kFirst, std::nullopt);
  app_api::RequestError refusal{app_api::ErrorKind::other, "the client is being stopped"};
  EXPECT_EQ(answers[kFirst].back(), app_api::Response(refusal));
}

}  // namespace
}  // namespace nym::client
