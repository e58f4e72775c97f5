#include "engine/client/gateway_session.h"

#include <gtest/gtest.h>

#include "engine/sphinx/real_suite.h"
#include "sim/kernel/seeded_random.h"

namespace nym::client {
namespace {

TimePoint at(std::int64_t ms) {
  return TimePoint::at(Duration::milliseconds(ms));
}

ClientConfig make_config(RandomSource& random) {
  auto keys = sphinx::GatewaySharedKeys::from_bytes(draw_array<32>(random));
  auto encryption = crypto::X25519KeyPair::generate(random);
  auto identity = crypto::Ed25519PrivateKey::generate(random);
  auto gateway = crypto::Ed25519PrivateKey::generate(random).public_key();
  return {{std::move(identity), std::move(encryption), draw_secret<16>(random), std::move(keys)},
          gateway,
          "ws://gateway:9000",
          {},
          {},
          {},
          {},
          {},
          Switch::off};
}

class Session : public testing::Test, private GatewaySessionSink {
 protected:
  void dial(ConnectionId connection, const std::string&) override { dialed.push_back(connection); }
  void send_text(ConnectionId, std::string text) override { texts.push_back(std::move(text)); }
  void send_binary(ConnectionId, Blob data) override { binaries.push_back(std::move(data)); }
  void ping(ConnectionId connection) override { pings.push_back(connection); }
  void close(ConnectionId connection) override { closed.push_back(connection); }
  void state_changed(GatewayState state, const std::string& why) override {
    states.push_back(state);
    reason = why;
  }
  void pushed(const Blob& message) override { pushes.push_back(message); }
  void dropped(DropReason drop) override { drops.push_back(drop); }

  void text(TimePoint now, const std::string& message) { session.on_text(now, {dialed.back(), message}); }
  void become_ready() {
    session.start(at(0));
    session.on_opened(at(1), dialed.back());
    text(at(2), R"({"type":"authenticate","protocol_version":1,"status":true,"bandwidth_remaining":99999999})");
  }

  sim::SeededRandom random{1};
  ClientConfig config = make_config(random);
  sphinx::RealSuite suite;
  GatewaySession session{config, suite, random, *this};
  std::vector<ConnectionId> dialed;
  std::vector<std::string> texts;
  std::vector<Blob> binaries;
  std::vector<ConnectionId> pings;
  std::vector<ConnectionId> closed;
  std::vector<GatewayState> states;
  std::string reason;
  std::vector<Blob> pushes;
  std::vector<DropReason> drops;
};

TEST_F(Session, AuthenticatesAndIsReadyWithEnoughBandwidth) {
  become_ready();
  EXPECT_TRUE(session.is_ready());
  ASSERT_EQ(texts.size(), 1U);
  EXPECT_TRUE(texts[0].starts_with(R"({"type":"authenticate","protocol_version":1,"address":)"));
  EXPECT_EQ(states, (std::vector{GatewayState::dialing, GatewayState::authenticating, GatewayState::ready}));
}

TEST_F(Session, ClaimsBandwidthFirstWhenThereIsLittle) {
  session.start(at(0));
  session.on_opened(at(1), dialed.back());
  text(at(2), R"({"type":"authenticate","status":true,"bandwidth_remaining":0})");
  EXPECT_FALSE(session.is_ready());
  EXPECT_EQ(texts.back(), R"({"type":"claimFreeTestnetBandwidth"})");
  text(at(3), R"({"type":"bandwidth","available_total":68719476736})");
  EXPECT_TRUE(session.is_ready());
}

TEST_F(Session, ClaimsMoreBeforeItRunsOutAndOnlyOnce) {
  become_ready();
  text(at(3), R"({"type":"send","remaining_bandwidth":1000})");
  text(at(4), R"({"type":"send","remaining_bandwidth":900})");
  EXPECT_EQ(texts.size(), 2U);
  EXPECT_EQ(texts.back(), R"({"type":"claimFreeTestnetBandwidth"})");
}

TEST_F(Session, ReconnectsForEverWithGrowingWaits) {
  session.start(at(0));
  std::int64_t now = 0;
  Duration previous;
  for (int attempt = 0; attempt < 50; ++attempt) {
    session.on_closed(at(now), {dialed.back(), CloseReason::refused, "connection refused"});
    EXPECT_EQ(reason, "connection refused");
    ASSERT_TRUE(session.next_deadline());
    auto wait = *session.next_deadline() - at(now);
    EXPECT_LE(wait, config.gateway_link.backoff_maximum);
    EXPECT_GT(wait * 5, previous);
    previous = wait;
    now = session.next_deadline()->since_origin().whole_ms() + 1;
    session.on_timeout(at(now));
    ASSERT_EQ(dialed.size(), static_cast<std::size_t>(attempt) + 2);
  }
  session.on_opened(at(now), dialed.back());
  text(at(now), R"({"type":"authenticate","status":true,"bandwidth_remaining":99999999})");
  EXPECT_TRUE(session.is_ready());
}

TEST_F(Session, TriesAgainAfterARefusalAndSaysWhy) {
  session.start(at(0));
  session.on_opened(at(1), dialed.back());
  text(at(2), R"({"type":"error","message":"There is already an open connection to this client"})");
  EXPECT_EQ(states.back(), GatewayState::waiting);
  EXPECT_NE(reason.find("There is already an open connection"), std::string::npos);
  EXPECT_TRUE(session.next_deadline());
}

TEST_F(Session, GivesUpAGatewayThatDoesNotAnswer) {
  session.start(at(0));
  session.on_opened(at(1), dialed.back());
  auto limit = at(1) + config.gateway_link.response_timeout;
  while (states.back() == GatewayState::authenticating) {
    auto now = *session.next_deadline();
    ASSERT_LE(now, limit);
    session.on_timeout(now);
    session.on_pong(now, dialed.back());  // its websocket lives
  }
  EXPECT_EQ(states.back(), GatewayState::waiting);
  EXPECT_EQ(reason, "gateway did not answer in time");
  EXPECT_EQ(closed.size(), 1U);
}

TEST_F(Session, OpensPushesAlsoBeforeTheAnswerAndCountsForgedOnes) {
  session.start(at(0));
  session.on_opened(at(1), dialed.back());
  auto sealed = suite.seal_envelope(config.keys.gateway_shared, {}, Blob(Bytes(1'643, 5)));
  session.on_binary(at(2), {dialed.back(), sealed});
  session.on_binary(at(2), {dialed.back(), Blob(Bytes(100))});
  ASSERT_EQ(pushes.size(), 1U);
  EXPECT_EQ(pushes[0].size(), 1'643U);
  EXPECT_EQ(drops, std::vector{DropReason::bad_envelope});
}

TEST_F(Session, NoticesWithinTwoSecondsThatTheGatewayIsGone) {
  become_ready();
  while (session.is_ready()) {
    ASSERT_TRUE(session.next_deadline());
    ASSERT_LE(*session.next_deadline(), at(2'002));
    session.on_timeout(*session.next_deadline());
  }
  EXPECT_EQ(pings.size(), 1U);
  EXPECT_EQ(reason, "gateway does not answer any more");
  EXPECT_TRUE(session.next_deadline()) << "and connects again";
}

TEST_F(Session, KeepsAQuietGatewayThatAnswersPings) {
  become_ready();
  for (int i = 0; i < 100; ++i) {
    auto now = *session.next_deadline();
    session.on_timeout(now);
    ASSERT_EQ(pings.size(), static_cast<std::size_t>(i) + 1);
    session.on_pong(now + Duration::milliseconds(500), dialed.back());
  }
  EXPECT_TRUE(session.is_ready());
}

TEST_F(Session, DoesNotPingAGatewayThatSpeaks) {
  become_ready();
  for (std::int64_t now = 500; now < 60'000; now += 500) {
    session.on_timeout(at(now));
    text(at(now), R"({"type":"send","remaining_bandwidth":99999999})");
  }
  EXPECT_TRUE(pings.empty());
}

TEST_F(Session, IgnoresWhatAnEarlierConnectionStillSays) {
  become_ready();
  auto old = dialed.back();
  session.on_closed(at(10), {old, CloseReason::reset, {}});
  session.on_timeout(*session.next_deadline());
  ASSERT_NE(dialed.back(), old);
  session.on_opened(at(1'000), old);
  session.on_closed(at(1'000), {old, CloseReason::reset, {}});
  EXPECT_EQ(states.back(), GatewayState::dialing);
}

}  // namespace
}  // namespace nym::client
