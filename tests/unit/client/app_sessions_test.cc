#include "engine/client/app_sessions.h"

#include <gtest/gtest.h>

#include "tests/support/recording_apps.h"

namespace nym::client {
namespace {

using app_api::Dialect;
using app_api::Format;
using app_api::Received;
using namespace std::string_literals;

constexpr AppSessionId kFirst{1};
constexpr AppSessionId kSecond{2};

const wire::SenderTag kTag{{7}};

TimePoint at(Duration since_start) {
  return TimePoint::at(since_start);
}

Received message(const std::string& text) {
  return {to_bytes(as_bytes(text)), std::nullopt};
}
Received anonymous(const std::string& text) {
  return {to_bytes(as_bytes(text)), kTag};
}

class Apps : public testing::Test {
 protected:
  void start(AppConfig config = {}) { recorder.emplace(config); }
  test::RecordingApps& r() {
    if (!recorder) start();
    return *recorder;
  }
  AppSessions& apps() { return r().apps; }
  void open(AppSessionId app) { apps().open(at(Duration()), app); }
  /// Connects an application that speaks the binary form.
  void open_binary(AppSessionId app) {
    open(app);
    r().binary(app, app_api::SelfAddress{});
    r().said.clear();
  }
  void deliver(const std::string& text) { apps().deliver(message(text), std::nullopt); }
  /// `1:a 2:b`: who got which message.
  std::string delivered() {
    std::string all;
    for (const auto& said : r().said) {
      auto response = said.response();
      const auto* received = response ? std::get_if<Received>(&*response) : nullptr;
      if (received == nullptr) continue;
      if (!all.empty()) all += " ";
      all += std::to_string(said.to.value) + ":" + std::string(as_text(received->data.stored()));
    }
    return all;
  }
  std::string last_text() { return r().said.empty() ? "nothing" : r().said.back().text(); }

  std::optional<test::RecordingApps> recorder;
};

// The form of kept messages

TEST_F(Apps, InStrictGetWhatWasKeptAtOnceAndInBinary) {
  start({.dialect = Dialect::strict});
  deliver("a");
  deliver("b");
  EXPECT_TRUE(r().said.empty());
  open(kFirst);
  EXPECT_EQ(delivered(), "1:a 1:b");
}

TEST_F(Apps, GetWhatWasKeptInTheirOwnFormAfterTheirFirstAnswer) {
  deliver("a");
  open(kFirst);
  deliver("b");
  EXPECT_TRUE(r().said.empty());
  r().text(kFirst, "nonsense");
  ASSERT_EQ(r().said.size(), 3U);
  EXPECT_TRUE(r().said[0].text().starts_with(R"({"type":"error")"));
  EXPECT_EQ(r().said[1].text(), R"({"type":"received","message":"a","senderTag":null})");
  EXPECT_EQ(r().said[2].text(), R"({"type":"received","message":"b","senderTag":null})");
}

TEST_F(Apps, ThatStaySilentGetWhatWasKeptInBinaryAfterAWhile) {
  deliver("a");
  open(kFirst);
  EXPECT_EQ(apps().next_deadline(), at(limits::kAppGrace));
  apps().on_timeout(at(limits::kAppGrace - Duration::nanoseconds(1)));
  EXPECT_EQ(delivered(), "");
  apps().on_timeout(at(limits::kAppGrace));
  EXPECT_EQ(delivered(), "1:a");
  EXPECT_FALSE(apps().next_deadline());
  deliver("b");
  EXPECT_EQ(delivered(), "1:a 1:b");
}

TEST_F(Apps, LoseTheOldestMessagesBeyondTheLimitAndCountThem) {
  for (std::size_t i = 0; i < limits::kUndeliveredMessages + 5; ++i) deliver(std::to_string(i));
  EXPECT_EQ(r().drops, std::vector(5, DropReason::backlog_full));
  EXPECT_EQ(apps().undelivered(), limits::kUndeliveredMessages);
  open_binary(kFirst);
  EXPECT_EQ(apps().undelivered(), 0U);
}

// Who gets a message

TEST_F(Apps, GetRepliesToTheirOwnMessages) {
  open_binary(kFirst);
  open_binary(kSecond);
  sphinx::SurbKeyDigest digest{};
  apps().note_reply_key(digest, kFirst);
  auto owner = apps().take_reply_owner(digest);
  EXPECT_EQ(owner, kFirst);
  EXPECT_FALSE(apps().take_reply_owner(digest));
  apps().deliver(message("reply"), owner);
  deliver("plain");
  EXPECT_EQ(delivered(), "1:reply 2:plain");
}

TEST_F(Apps, GetWhatAPeerSaysThatTheyAnsweredLast) {
  open_binary(kFirst);
  apps().deliver(anonymous("question"), std::nullopt);
  r().binary(kFirst, app_api::Reply{kTag, {}, {}});
  apps().on_written(kFirst, 9);
  open_binary(kSecond);
  apps().deliver(anonymous("more"), std::nullopt);
  EXPECT_EQ(delivered(), "1:more");
  apps().close(kFirst);
  apps().deliver(anonymous("again"), std::nullopt);
  EXPECT_EQ(delivered(), "1:more 2:more 2:again") << "what was not written goes to the other";
}

TEST_F(Apps, RememberWhoWroteToAPeerLast) {
  open_binary(kFirst);
  open_binary(kSecond);
  auto peer = test::address(5);
  EXPECT_FALSE(apps().writer_to(peer));
  r().binary(kFirst, app_api::SendAnonymous{peer, {}, 1, {}});
  EXPECT_EQ(apps().writer_to(peer), kFirst);
  r().binary(kSecond, app_api::SendAnonymous{peer, {}, 1, {}});
  EXPECT_EQ(apps().writer_to(peer), kSecond);
}

TEST_F(Apps, AllGetEverythingIfConfigured) {
  start({.deliver_to = DeliverTo::all});
  open_binary(kFirst);
  open_binary(kSecond);
  apps().deliver(message("x"), kFirst);
  EXPECT_EQ(delivered(), "1:x 2:x");
  apps().close(kFirst);
  EXPECT_EQ(delivered(), "1:x 2:x") << "the second one has it already";
}

TEST_F(Apps, TheNewestGetsEverythingIfConfigured) {
  start({.deliver_to = DeliverTo::newest});
  open_binary(kFirst);
  open_binary(kSecond);
  apps().deliver(message("x"), kFirst);
  EXPECT_EQ(delivered(), "2:x");
}

TEST_F(Apps, ThatLeaveGiveBackWhatWasNotWritten) {
  open_binary(kFirst);
  apps().on_written(kFirst, 1);
  deliver("a");
  deliver("b");
  apps().on_written(kFirst, 1);
  apps().close(kFirst);
  EXPECT_EQ(apps().undelivered(), 1U);
  open_binary(kSecond);
  EXPECT_EQ(apps().undelivered(), 0U);
  deliver("c");
  EXPECT_EQ(delivered(), "2:c");
}

// How many

TEST_F(Apps, InStrictAreOneAtATime) {
  start({.dialect = Dialect::strict});
  open(kFirst);
  open(kSecond);
  ASSERT_EQ(r().closed.size(), 1U);
  EXPECT_EQ(r().closed[0], std::pair(kSecond, AppEnd::turned_away));
  apps().close(kSecond);
  deliver("a");
  EXPECT_EQ(delivered(), "1:a");
  EXPECT_FALSE(r().text(kSecond, R"({"type":"selfAddress"})"));
}

TEST_F(Apps, AreNotMoreThanTheLimit) {
  for (std::uint64_t i = 1; i <= limits::kApps + 1; ++i) open({i});
  ASSERT_EQ(r().closed.size(), 1U);
  EXPECT_EQ(r().closed[0], std::pair(AppSessionId{limits::kApps + 1}, AppEnd::too_many));
  EXPECT_EQ(apps().count(), limits::kApps);
}

TEST_F(Apps, ShareTheirLanesInStrictOnly) {
  EXPECT_EQ(apps().lane_owner(kSecond), kSecond);
  start({.dialect = Dialect::strict});
  EXPECT_EQ(apps().lane_owner(kSecond), AppSessionId{});
}

// Slow ones

TEST_F(Apps, ThatReadSlowlyAreGivenNoMoreThanTheyTake) {
  open_binary(kFirst);
  auto megabyte = std::string(1'000'000, 'x');
  for (int i = 0; i < 10; ++i) deliver(megabyte);
  auto given = r().said.size();
  EXPECT_LT(given, 7U);
  EXPECT_TRUE(r().paused[kFirst]) << "nor are their requests read";
  apps().on_written(kFirst, 2);
  EXPECT_GT(r().said.size(), given);
  while (r().said.size() < 10) apps().on_written(kFirst, 1);
  apps().on_written(kFirst, 10);
  EXPECT_FALSE(r().paused[kFirst]);
}

TEST_F(Apps, ThatDoNotReadAtAllAreSentAwayAndTheirMessagesKept) {
  open_binary(kFirst);
  auto megabyte = std::string(1'000'000, 'x');
  std::size_t sent = 0;
  while (r().closed.empty() && sent < 1'000) {
    deliver(megabyte);
    ++sent;
  }
  ASSERT_EQ(r().closed.size(), 1U);
  EXPECT_EQ(r().closed[0], std::pair(kFirst, AppEnd::too_slow));
  EXPECT_LT(sent, 80U);
  EXPECT_EQ(apps().undelivered(), sent) << "nothing was lost";
  EXPECT_EQ(apps().count(), 0U);
}

TEST_F(Apps, ThatSendDuringCongestionAreReadNoFurtherUntilItIsOver) {
  open_binary(kFirst);
  open_binary(kSecond);
  apps().set_congestion(AppSessions::Congestion::present);
  EXPECT_FALSE(r().paused[kFirst]);
  apps().confirm(kFirst);
  EXPECT_TRUE(r().paused[kFirst]);
  EXPECT_FALSE(r().paused[kSecond]);
  apps().set_congestion(AppSessions::Congestion::none);
  EXPECT_FALSE(r().paused[kFirst]);
}

// Refusals

TEST_F(Apps, AskForNoMoreReplySurbsThanAllowed) {
  start({.max_reply_surbs = 10});
  open_binary(kFirst);
  EXPECT_TRUE(r().binary(kFirst, app_api::SendAnonymous{r().own, {}, 10, {}}));
  EXPECT_FALSE(r().binary(kFirst, app_api::SendAnonymous{r().own, {}, 11, {}}));
  app_api::RequestError expected{app_api::ErrorKind::malformed_request,
                                 "11 reply surbs asked for, at most 10 are allowed in one message"};
  EXPECT_EQ(r().said.back().response(), app_api::Response(expected));
  start({.dialect = Dialect::strict, .max_reply_surbs = 10});
  open(kFirst);
  EXPECT_TRUE(r().binary(kFirst, app_api::SendAnonymous{r().own, {}, 4'000'000'000U, {}}));
}

TEST_F(Apps, AreToldThatAMessageIsTooLongAndSentAway) {
  start({.max_message = 1'000});
  open(kFirst);
  apps().refuse_long(kFirst, Format::text, 1'001);
  EXPECT_EQ(last_text(), R"({"type":"error","message":"malformed request:a message of 1001 bytes is longer than the )"
                         R"(1000 bytes allowed"})");
  ASSERT_EQ(r().closed.size(), 1U);
  EXPECT_EQ(r().closed[0], std::pair(kFirst, AppEnd::too_long));
}

// Events

TEST_F(Apps, GetDeliveryEventsForTheMessagesTheyNamedIfTheyAskedForThem) {
  open(kFirst);
  apps().note_accepted({1}, kFirst, "early");
  r().text(kFirst, R"({"type":"subscribe","events":["delivery"]})");
  EXPECT_EQ(last_text(), R"({"type":"subscribed","events":["delivery"]})");
  apps().note_accepted({2}, kFirst, "named");
  apps().note_accepted({3}, kFirst, std::nullopt);
  auto events = [this] {
    auto before = r().said.size();
    for (std::uint64_t id : {1U, 2U, 3U}) apps().on_message_ended({MessageId{id}, Outcome::failed, "no route"});
    return r().said.size() - before;
  };
  EXPECT_EQ(events(), 1U);
  EXPECT_EQ(last_text(), R"({"type":"delivery","messageId":"named","outcome":"failed","why":"no route"})");
  EXPECT_EQ(events(), 0U) << "every message ends once";
}

TEST_F(Apps, GetNoDeliveryEventsOfOthers) {
  open(kFirst);
  open(kSecond);
  for (auto app : {kFirst, kSecond}) r().text(app, R"({"type":"subscribe","events":["delivery"]})");
  apps().note_accepted({1}, kFirst, "a");
  apps().note_accepted({2}, kSecond, "b");
  apps().close(kFirst);
  auto before = r().said.size();
  apps().on_message_ended({MessageId{1}, Outcome::acknowledged, ""});
  EXPECT_EQ(r().said.size(), before);
  apps().on_message_ended({MessageId{2}, Outcome::cancelled, "why"});
  EXPECT_EQ(r().said.back().to, kSecond);
  EXPECT_EQ(last_text(), R"({"type":"delivery","messageId":"b","outcome":"cancelled","why":"why"})");
}

TEST_F(Apps, GetGatewayEventsIfTheyAskedForThem) {
  open(kFirst);
  open(kSecond);
  r().text(kSecond, R"({"type":"subscribe","events":["gateway"]})");
  r().said.clear();
  apps().on_gateway_state({GatewayState::dialing, ""});
  EXPECT_TRUE(r().said.empty()) << "no news";
  apps().on_gateway_state({GatewayState::ready, ""});
  apps().on_gateway_state({GatewayState::waiting, "refused"});
  ASSERT_EQ(r().said.size(), 2U);
  EXPECT_EQ(r().said[0].to, kSecond);
  EXPECT_EQ(r().said[0].text(), R"({"type":"gateway","state":"ready","why":""})");
  EXPECT_EQ(r().said[1].text(), R"({"type":"gateway","state":"waiting","why":"refused"})");
}

TEST_F(Apps, GetEventsInTheFormOfTheirLastMessage) {
  open(kFirst);
  r().binary(kFirst, app_api::Subscribe{{.delivery = true, .gateway = true}});
  EXPECT_EQ(r().said.back().response(), app_api::Response(app_api::Subscribed{{true, true}}));
  apps().on_gateway_state({GatewayState::ready, ""});
  EXPECT_EQ(r().said.back().response(), app_api::Response(app_api::GatewayEvent{app_api::LinkState::ready, ""}));
}

TEST_F(Apps, ThatReadSlowlyGetTheNewestStateOfTheGateway) {
  open(kFirst);
  r().binary(kFirst, app_api::Subscribe{{.gateway = true}});
  deliver(std::string(5'000'000, 'x'));
  r().said.clear();
  for (int i = 0; i < 1'000; ++i) {
    apps().on_gateway_state({GatewayState::waiting, std::to_string(i)});
    apps().on_gateway_state({GatewayState::ready, ""});
  }
  EXPECT_TRUE(r().said.empty());
  apps().on_written(kFirst, 2);
  ASSERT_EQ(r().said.size(), 1U);
  EXPECT_EQ(r().said[0].response(), app_api::Response(app_api::GatewayEvent{app_api::LinkState::ready, ""}));
}

}  // namespace
}  // namespace nym::client
