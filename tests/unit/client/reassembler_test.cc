#include "engine/client/reassembler.h"

#include <gtest/gtest.h>

namespace nym::client {
namespace {

MemorySpool spool;

using wire::Message;
using wire::PlainMessage;

/// One whole message in one fragment: header, type 0, text, end of padding.
Bytes lone_fragment(std::uint32_t set, std::string_view text) {
  Bytes fragment = wire::FragmentHeader{wire::SetId{set}, 1, 1, {}}.to_bytes();
  fragment.push_back(0);
  append(fragment, as_bytes(text));
  fragment.push_back(1);
  return fragment;
}

Message plain(std::string_view text) {
  return PlainMessage{to_bytes(as_bytes(text))};
}

TEST(Reassembler, DropsLateCopiesOfFinishedSets) {
  Reassembler reassembler{ReassemblyLimits{}, spool};
  EXPECT_EQ(reassembler.insert({}, lone_fragment(1, "a")).value(), plain("a"));
  EXPECT_EQ(reassembler.insert({}, lone_fragment(1, "a")).value(), std::nullopt);
  EXPECT_EQ(reassembler.insert({}, lone_fragment(1, "other")).value(), std::nullopt);
  EXPECT_EQ(reassembler.duplicates(), 2U);
}

TEST(Reassembler, RemembersAsManyFinishedSetsAsItMay) {
  Reassembler reassembler{
      ReassemblyLimits{
          .max_buffered_bytes = 1 << 20, .max_sets = 10, .max_finished_sets = 2, .time_to_live = Duration::minutes(1)},
      spool};
  for (std::uint32_t set : {1U, 2U, 3U})
    EXPECT_TRUE(reassembler.insert({}, lone_fragment(set, "a")).value().has_value());
  EXPECT_FALSE(reassembler.insert({}, lone_fragment(3, "a")).value().has_value());
  EXPECT_FALSE(reassembler.insert({}, lone_fragment(2, "a")).value().has_value());
  EXPECT_TRUE(reassembler.insert({}, lone_fragment(1, "a")).value().has_value()) << "the oldest was forgotten";
}

TEST(Reassembler, AMessageThatMakesNoSenseCountsAsFinished) {
  Reassembler reassembler{ReassemblyLimits{}, spool};
  Bytes no_padding = wire::FragmentHeader{wire::SetId{1}, 1, 1, {}}.to_bytes();
  no_padding.push_back(0);
  EXPECT_TRUE(reassembler.insert({}, no_padding).error().is(ClientError::malformed_message));
  EXPECT_FALSE(reassembler.insert({}, no_padding).value().has_value());
  Bytes bad_type = lone_fragment(2, "");
  bad_type[7] = 9;
  EXPECT_TRUE(reassembler.insert({}, bad_type).error().is(ClientError::malformed_message));
}

TEST(Reassembler, RefusesWhatIsNoFragment) {
  Reassembler reassembler{ReassemblyLimits{}, spool};
  EXPECT_TRUE(reassembler.insert({}, {}).error().is(ClientError::malformed_fragment));
  EXPECT_TRUE(reassembler.insert({}, Bytes(1611)).error().is(ClientError::malformed_fragment));
  EXPECT_EQ(reassembler.open_sets(), 0U);
}

TEST(Reassembler, ForgetsUnfinishedSetsAndStartsAfreshWithThem) {
  Reassembler reassembler{ReassemblyLimits{}, spool};
  Bytes half = wire::FragmentHeader{wire::SetId{1}, 2, 1, {}}.to_bytes();
  ASSERT_TRUE(reassembler.insert(TimePoint(), half).has_value());
  EXPECT_GT(reassembler.buffered_bytes(), 0U);
  EXPECT_EQ(reassembler.expire(reassembler.next_expiry().value()).size(), 1U);
  EXPECT_EQ(reassembler.buffered_bytes(), 0U);
  EXPECT_EQ(reassembler.insert({}, lone_fragment(1, "a")).value(), plain("a"));
}

}  // namespace
}  // namespace nym::client
