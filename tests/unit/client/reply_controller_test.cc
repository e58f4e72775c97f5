#include "engine/client/reply_controller.h"

#include <gtest/gtest.h>

#include "engine/wire/message.h"
#include "sim/kernel/seeded_random.h"

namespace nym::client {
namespace {

TimePoint at(std::int64_t ms) {
  return TimePoint::at(Duration::milliseconds(ms));
}

sphinx::ReplySurb surb(std::size_t mark) {
  sphinx::ReplySurb made{Bytes(sphinx::kReplySurb)};
  store_be(static_cast<std::uint64_t>(mark), std::span(made.bytes).first<8>());
  return made;
}

/// One sender whose SURBs come in as the test says.
class Replies : public testing::Test, private ReplyControllerSink {
 protected:
  void send_on_surbs(const wire::SenderTag&, std::vector<AssignedSurb> assigned) override {
    for (auto& item : assigned) {
      bool is_request = item.lane.kind == Lane::Kind::surb_request;
      EXPECT_TRUE(used.insert(item.fragment.surb->bytes).second) << "a surb was assigned twice";
      if (!is_request) sent.push_back(std::move(item.fragment.outgoing));
    }
  }
  OutgoingFragment make_surb_request(const wire::SenderTag& sender, std::uint32_t amount) override {
    requests.push_back(amount);
    OutgoingFragment request;
    request.target = ToSender{sender, ToSender::Reserve::may_use};
    request.fragment.id = {{1'000'000 + static_cast<std::uint32_t>(requests.size())}, 1};
    return request;
  }
  void reply_failed(std::optional<MessageId> message, const std::string&) override {
    if (message) failed.push_back(message->value);
  }
  void retransmission_given_up(const wire::FragmentId& fragment) override { given_up.push_back(fragment); }
  void dropped(DropReason reason) override { drops.push_back(reason); }

  /// A reply of `count` fragments.
  std::shared_ptr<OutgoingMessage> message(std::size_t count) {
    constexpr std::size_t kRoughly = 1'600;  // bytes of a fragment
    auto serialised = wire::serialise(wire::ReplyMessage{Bytes(count * kRoughly - 800, 1)});
    Fragmenter fragmenter(std::move(serialised), wire::PacketSize::regular, random);
    EXPECT_EQ(fragmenter.total(), count);
    return std::make_shared<OutgoingMessage>(std::move(fragmenter), wire::PacketSize::regular, ToSender{tag},
                                             MessageId{next_id++});
  }
  void supply(TimePoint now, std::size_t count, ReplyController::Asked asked) {
    std::vector<sphinx::ReplySurb> surbs;
    for (std::size_t i = 0; i < count; ++i) surbs.push_back(surb(next_surb++));
    store.add_surbs(tag, std::move(surbs), {});
    controller.on_surbs(now, tag, count, asked);
  }

  wire::SenderTag tag{{1}};
  ReplyStore store{{}};
  ReplyController controller{ReplyConfig{}, store, *this};
  std::set<wire::ReplySurbBytes> used;
  std::vector<OutgoingFragment> sent;
  std::vector<std::uint32_t> requests;
  std::vector<std::uint64_t> failed;
  std::vector<wire::FragmentId> given_up;
  std::vector<DropReason> drops;
  std::uint64_t next_id = 1;
  sim::SeededRandom random{1};
  std::size_t next_surb = 1;
};

// The worked cases of 04 §3.12.
TEST_F(Replies, WithTenSurbsAskForMoreBeforeTheyGoOut) {
  supply(at(0), 10, ReplyController::Asked::no);
  controller.reply(at(0), tag, {}, message(1));
  EXPECT_TRUE(sent.empty());
  EXPECT_EQ(requests, std::vector<std::uint32_t>{10});
  EXPECT_EQ(store.available(tag), 9U);
  supply(at(100), 10, ReplyController::Asked::yes);
  EXPECT_EQ(sent.size(), 1U);
  EXPECT_EQ(store.available(tag), 18U);
}

TEST_F(Replies, WithAHundredSurbsSendFiftyFragmentsAtOnce) {
  supply(at(0), 100, ReplyController::Asked::no);
  controller.reply(at(0), tag, {}, message(50));
  EXPECT_EQ(sent.size(), 50U);
  EXPECT_TRUE(requests.empty());
}

TEST_F(Replies, OfTwoHundredFragmentsSendWhatTheReserveAllowsAndAskForTheRest) {
  supply(at(0), 100, ReplyController::Asked::no);
  controller.reply(at(0), tag, {}, message(200));
  EXPECT_EQ(sent.size(), 90U);
  EXPECT_EQ(requests, std::vector<std::uint32_t>{100});
  supply(at(100), 100, ReplyController::Asked::yes);
  EXPECT_EQ(sent.size(), 189U);
  EXPECT_EQ(requests.back(), 11U);
}

TEST_F(Replies, ToAnUnknownSenderFailWithAReason) {
  controller.reply(at(0), tag, {}, message(2));
  EXPECT_EQ(failed, std::vector<std::uint64_t>{1});
  EXPECT_EQ(drops, std::vector{DropReason::unknown_sender_tag});
}

TEST_F(Replies, WaitForSurbsAndFailAfterFiveMinutesWithout) {
  supply(at(0), 0, ReplyController::Asked::no);
  controller.reply(at(0), tag, Lane::of({1}, app_api::LaneId{3}), message(1));
  EXPECT_EQ(controller.waiting_in(Lane::of({1}, app_api::LaneId{3})), 1U);
  std::int64_t now = 0;
  while (failed.empty() && now < 400'000) {
    ASSERT_TRUE(controller.next_deadline());
    now = controller.next_deadline()->since_origin().whole_ms();
    controller.on_timeout(at(now));
  }
  EXPECT_EQ(failed, std::vector<std::uint64_t>{1});
  EXPECT_GT(now, 300'000);
}

TEST_F(Replies, AskAgainWhenNothingComes) {
  supply(at(0), 10, ReplyController::Asked::no);
  controller.reply(at(0), tag, {}, message(1));
  for (std::int64_t now = 0; now <= 20'000; now += 1'000) controller.on_timeout(at(now));
  EXPECT_GE(requests.size(), 3U);
  EXPECT_EQ(used.size(), requests.size());
}

TEST_F(Replies, GoOutAgainOnANewSurbWhenNotAcknowledged) {
  supply(at(0), 20, ReplyController::Asked::no);
  controller.reply(at(0), tag, {}, message(1));
  controller.retransmit(at(2'000), sent.at(0));
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_EQ(sent[0].fragment.id, sent[1].fragment.id);
  EXPECT_EQ(used.size(), 2U);
}

// The original lets these take one SURB of the reserve.
TEST_F(Replies, KeepTheReserveAlsoWhenTheyGoOutAgain) {
  supply(at(0), 11, ReplyController::Asked::no);
  controller.reply(at(0), tag, {}, message(1));
  ASSERT_EQ(sent.size(), 1U);
  controller.retransmit(at(2'000), sent.at(0));
  EXPECT_EQ(sent.size(), 1U);
  supply(at(2'100), 10, ReplyController::Asked::yes);
  EXPECT_EQ(sent.size(), 2U);
}

// 04 §3.12: nothing is left to send it again on.
TEST_F(Replies, AreGivenUpWhenTheSurbsOfTheirSenderExpired) {
  supply(at(0), 20, ReplyController::Asked::no);
  controller.reply(at(0), tag, {}, message(1));
  ASSERT_EQ(sent.size(), 1U);
  store.invalidate({13 * 3'600}, ReplyConfig{});
  EXPECT_EQ(store.available(tag), 0U);
  controller.retransmit(at(2'000), sent.at(0));
  EXPECT_EQ(sent.size(), 1U);
  for (std::int64_t now = 2'000; now <= 400'000; now += 1'000) controller.on_timeout(at(now));
  EXPECT_EQ(failed, std::vector<std::uint64_t>{1});
  EXPECT_EQ(given_up.size(), 1U);
}

TEST_F(Replies, ThatCouldNotLeaveComeBeforeNewOnes) {
  supply(at(0), 11, ReplyController::Asked::no);
  controller.reply(at(0), tag, {}, message(2));
  ASSERT_EQ(sent.size(), 1U);
  auto first = sent[0];
  controller.put_back(at(1), tag, {{Lane{}, {first, std::nullopt, PacketKind::real}}});
  supply(at(100), 20, ReplyController::Asked::yes);
  ASSERT_EQ(sent.size(), 3U);
  EXPECT_EQ(sent[1].fragment.id, first.fragment.id);
  EXPECT_NE(sent[2].fragment.id, first.fragment.id);
}

// Beyond the original, which asks only when something waits already.
TEST_F(Replies, OfALongConversationNeverWait) {
  supply(at(0), 30, ReplyController::Asked::no);
  std::size_t answered = 0;
  for (std::int64_t second = 0; second < 300; ++second) {
    controller.reply(at(second * 1'000), tag, {}, message(1));
    EXPECT_EQ(controller.waiting(), 0U) << "after " << second << " s";
    for (; answered < requests.size(); ++answered) {
      supply(at(second * 1'000 + 500), requests[answered], ReplyController::Asked::yes);
    }
    while (controller.next_deadline() && *controller.next_deadline() <= at(second * 1'000 + 999)) {
      controller.on_timeout(*controller.next_deadline());
    }
  }
  EXPECT_EQ(sent.size(), 300U);
  EXPECT_LE(store.available(tag), ReplyConfig{}.max_storage + ReplyConfig{}.max_request);
}

TEST_F(Replies, OfAConversationThatIsOverLeaveNothingBehind) {
  supply(at(0), 30, ReplyController::Asked::no);
  controller.reply(at(0), tag, {}, message(1));
  for (std::int64_t now = 0; now <= 200'000; now += 1'000) controller.on_timeout(at(now));
  EXPECT_FALSE(controller.next_deadline());
}

}  // namespace
}  // namespace nym::client
