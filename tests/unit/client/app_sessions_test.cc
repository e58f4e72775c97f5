#include "engine/client/app_sessions.h"

#include <gtest/gtest.h>

namespace nym::client {
namespace {

using app_api::Format;
using app_api::Received;

class Apps : public testing::Test, private AppSessions::Sink {
 protected:
  void to_app(AppSessionId session, Format format, app_api::Response response) override {
    sent.push_back({session, format, std::move(response)});
  }
  void close_app(AppSessionId session) override { closed.push_back(session); }
  void dropped(DropReason reason) override { drops.push_back(reason); }
  static Received message(std::uint8_t mark) { return {Bytes{mark}, std::nullopt}; }
  std::uint8_t mark_of(std::size_t i) const { return std::get<Received>(sent.at(i).response).data.stored()[0]; }

  AppSessions apps{*this};
  std::vector<ToApp> sent;
  std::vector<AppSessionId> closed;
  std::vector<DropReason> drops;
};

TEST_F(Apps, KeepMessagesUntilOneConnectsAndDeliverThemInOrderAsBinary) {
  apps.deliver(message(1));
  apps.deliver(message(2));
  EXPECT_TRUE(sent.empty());
  apps.open({7});
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_EQ(mark_of(0), 1);
  EXPECT_EQ(mark_of(1), 2);
  EXPECT_EQ(sent[0].format, Format::binary);
}

// 05 §3: the form of pushes is that of the last data message.
TEST_F(Apps, GetPushesInTheFormOfTheirLastMessage) {
  apps.open({1});
  apps.note_format({1}, Format::text);
  apps.deliver(message(1));
  apps.note_format({1}, Format::binary);
  apps.deliver(message(2));
  EXPECT_EQ(sent[0].format, Format::text);
  EXPECT_EQ(sent[1].format, Format::binary);
}

TEST_F(Apps, AreOneAtATime) {
  apps.open({1});
  apps.open({2});
  EXPECT_EQ(closed, std::vector<AppSessionId>{{2}});
  apps.close({2});
  apps.deliver(message(1));
  EXPECT_EQ(sent.at(0).session, AppSessionId{1});
  apps.close({1});
  apps.deliver(message(2));
  EXPECT_EQ(sent.size(), 1U);
}

TEST_F(Apps, LoseTheOldestMessagesBeyondTheLimitAndCountThem) {
  for (std::size_t i = 0; i < limits::kUndeliveredMessages + 5; ++i)
    apps.deliver(message(static_cast<std::uint8_t>(i)));
  EXPECT_EQ(drops, std::vector(5, DropReason::backlog_full));
  apps.open({1});
  EXPECT_EQ(sent.size(), limits::kUndeliveredMessages);
  EXPECT_EQ(mark_of(0), 5);
}

}  // namespace
}  // namespace nym::client
