#include "engine/client/reply_controller.h"

#include <gtest/gtest.h>

namespace nym::client {
namespace {

TimePoint at(std::int64_t ms) {
  return TimePoint::at(Duration::milliseconds(ms));
}

sphinx::ReplySurb surb(std::size_t mark) {
  sphinx::ReplySurb made;
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
      if (!is_request) sent.push_back(item.fragment.outgoing.fragment.id.set.value);
    }
  }
  OutgoingFragment make_surb_request(const wire::SenderTag& sender, std::uint32_t amount) override {
    requests.push_back(amount);
    OutgoingFragment request;
    request.target = ToSender{sender, ToSender::Reserve::may_use};
    request.fragment.id = {{1'000'000 + static_cast<std::uint32_t>(requests.size())}, 1};
    return request;
  }
  void reply_failed(const OutgoingFragment& fragment, const std::string&) override {
    failed.push_back(fragment.fragment.id.set.value);
  }
  void dropped(DropReason reason) override { drops.push_back(reason); }

  std::vector<OutgoingFragment> fragments(std::uint32_t count) {
    std::vector<OutgoingFragment> made(count);
    for (auto& fragment : made) {
      fragment.target = ToSender{tag};
      fragment.fragment.id = {{next_id++}, 1};
    }
    return made;
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
  std::vector<std::uint32_t> sent;
  std::vector<std::uint32_t> requests;
  std::vector<std::uint32_t> failed;
  std::vector<DropReason> drops;
  std::uint32_t next_id = 1;
  std::size_t next_surb = 1;
};

// The worked cases of 04 §3.12.
TEST_F(Replies, WithTenSurbsAskForMoreBeforeTheyGoOut) {
  supply(at(0), 10, ReplyController::Asked::no);
  controller.reply(at(0), tag, {}, fragments(1));
  EXPECT_TRUE(sent.empty());
  EXPECT_EQ(requests, std::vector<std::uint32_t>{10});
  EXPECT_EQ(store.available(tag), 9U);
  supply(at(100), 10, ReplyController::Asked::yes);
  EXPECT_EQ(sent, std::vector<std::uint32_t>{1});
  EXPECT_EQ(store.available(tag), 18U);
}

TEST_F(Replies, WithAHundredSurbsSendFiftyFragmentsAtOnce) {
  supply(at(0), 100, ReplyController::Asked::no);
  controller.reply(at(0), tag, {}, fragments(50));
  EXPECT_EQ(sent.size(), 50U);
  EXPECT_TRUE(requests.empty());
}

TEST_F(Replies, OfTwoHundredFragmentsSendWhatTheReserveAllowsAndAskForTheRest) {
  supply(at(0), 100, ReplyController::Asked::no);
  controller.reply(at(0), tag, {}, fragments(200));
  EXPECT_EQ(sent.size(), 90U);
  EXPECT_EQ(requests, std::vector<std::uint32_t>{100});
  supply(at(100), 100, ReplyController::Asked::yes);
  EXPECT_EQ(sent.size(), 189U);
  EXPECT_EQ(requests.back(), 11U);
}

TEST_F(Replies, ToAnUnknownSenderFailWithAReason) {
  controller.reply(at(0), tag, {}, fragments(2));
  EXPECT_EQ(failed.size(), 2U);
  EXPECT_EQ(drops, std::vector{DropReason::unknown_sender_tag});
}

TEST_F(Replies, WaitForSurbsAndFailAfterFiveMinutesWithout) {
  supply(at(0), 0, ReplyController::Asked::no);
  controller.reply(at(0), tag, Lane::of({1}, app_api::LaneId{3}), fragments(1));
  EXPECT_EQ(controller.waiting_in(Lane::of({1}, app_api::LaneId{3})), 1U);
  std::int64_t now = 0;
  while (failed.empty() && now < 400'000) {
    ASSERT_TRUE(controller.next_deadline());
    now = controller.next_deadline()->since_origin().whole_ms();
    controller.on_timeout(at(now));
  }
  EXPECT_EQ(failed, std::vector<std::uint32_t>{1});
  EXPECT_GT(now, 300'000);
}

TEST_F(Replies, AskAgainWhenNothingComes) {
  supply(at(0), 10, ReplyController::Asked::no);
  controller.reply(at(0), tag, {}, fragments(1));
  for (std::int64_t now = 0; now <= 20'000; now += 1'000) controller.on_timeout(at(now));
  EXPECT_GE(requests.size(), 3U);
  EXPECT_EQ(used.size(), requests.size());
}

TEST_F(Replies, GoOutAgainOnANewSurbWhenNotAcknowledged) {
  supply(at(0), 20, ReplyController::Asked::no);
  auto one = fragments(1);
  controller.reply(at(0), tag, {}, one);
  controller.retransmit(at(2'000), one[0]);
  EXPECT_EQ(sent, (std::vector<std::uint32_t>{1, 1}));
  EXPECT_EQ(used.size(), 2U);
}

}  // namespace
}  // namespace nym::client
