#include "engine/wire/message.h"

#include <gtest/gtest.h>

#include "engine/wire/padding.h"

namespace nym::wire {
namespace {

Recipient some_recipient() {
  auto key = crypto::Ed25519PrivateKey::from_seed(ByteArray<32>{}).public_key();
  return {key, {}, key};
}

TEST(Messages, EmptyOnesAreTakenButForReplies) {
  EXPECT_EQ(parse_message(Bytes{0}).value(), Message(PlainMessage{}));
  Message repliable = RepliableMessage{};
  EXPECT_EQ(parse_message(serialise(repliable)).value(), repliable);
  EXPECT_TRUE(parse_message(serialise(ReplyMessage{})).error().is(WireError::too_short));
}

TEST(Messages, AnnouncedSurbsAreNotMadeBeforeTheirBytesAreSeen) {
  Bytes bytes = serialise(RepliableMessage{});
  for (std::size_t i = 18; i < 22; ++i) bytes[i] = 0xff;
  EXPECT_TRUE(parse_message(bytes).error().is(WireError::too_short));
  bytes.resize(22 + kReplySurbBytes);
  EXPECT_TRUE(parse_message(bytes).error().is(WireError::too_short));
}

TEST(Messages, OnlyDataCarriesData) {
  RepliableMessage message;
  message.kind = RepliableKind::additional_surbs;
  message.surbs.resize(2, ReplySurbBytes(kReplySurbBytes));
  message.data = Bytes{1, 2, 3};
  Bytes bytes = serialise(message);
  EXPECT_EQ(bytes.size(), 22 + 2 * kReplySurbBytes);
  EXPECT_EQ(bytes.size(), serialised_size(message));
  append(bytes, Bytes{9, 9});
  message.data = {};
  EXPECT_EQ(parse_message(bytes).value(), Message(message)) << "surplus bytes are ignored";
}

/// A SURB of form V2 whose first hop is an IPv4 address.
ReplySurbBytes seed_surb(std::size_t hops, std::uint8_t fill) {
  ReplySurbBytes surb(seed_surb_bytes(hops), fill);
  surb[16 + 348] = 4;
  return surb;
}

TEST(Messages, SurbsWithSeedsTravelInTheirOwnContainers) {
  for (std::size_t hops = 1; hops <= kMostSurbHops; ++hops) {
    RepliableMessage message;
    message.form = SurbForm::v2;
    message.rotation = KeyRotation::even;
    message.surbs = {seed_surb(hops, 1), seed_surb(hops, 2)};
    message.data = Bytes{1, 2, 3};
    Bytes bytes = serialise(message);
    EXPECT_EQ(bytes.size(), serialised_size(message));
    EXPECT_EQ(to_bytes(ByteView(bytes).subspan(17, 5)), (Bytes{3, 0, 2, static_cast<std::uint8_t>(hops), 2}));
    for (auto generation : {Generation::y2023, Generation::y2026}) {
      EXPECT_EQ(parse_message(bytes, generation).value(), Message(message));
    }
  }
}

TEST(Messages, ContainersWithoutSurbsSayNothingAboutThem) {
  RepliableMessage message;
  message.kind = RepliableKind::heartbeat;
  message.form = SurbForm::v2;
  Bytes bytes = serialise(message);
  EXPECT_EQ(to_bytes(ByteView(bytes).subspan(17)), (Bytes{5, 0, 0, 0, 0}));
  EXPECT_EQ(parse_message(bytes).value(), Message(message));
  bytes[20] = 4;
  bytes[21] = 1;
  EXPECT_EQ(parse_message(bytes).value(), Message(message));
}

TEST(Messages, SurbsOfFormV1NeedAFirstHopOnlyInTheLaterGeneration) {
  RepliableMessage message;
  message.surbs = {ReplySurbBytes(kReplySurbBytes, 9)};
  Bytes bytes = serialise(message);
  EXPECT_EQ(parse_message(bytes).value(), Message(message));
  EXPECT_TRUE(parse_message(bytes, Generation::y2026).error().is(WireError::bad_surb));
  bytes[22 + 16 + 348] = 6;
  EXPECT_TRUE(parse_message(bytes, Generation::y2026).has_value());
}

TEST(Messages, SurbsOfDifferentLengthsInOneContainerAreAMisuse) {
  RepliableMessage message;
  message.form = SurbForm::v2;
  message.surbs = {seed_surb(4, 1), seed_surb(1, 1)};
  EXPECT_DEATH(serialise(message), "broken invariant");
  message.surbs = {seed_surb(6, 1)};
  EXPECT_DEATH(serialise(message), "broken invariant");
  message.form = SurbForm::v1;
  EXPECT_DEATH(serialise(message), "broken invariant");
}

TEST(Messages, SurbRequestsHaveTheirExactLength) {
  Bytes bytes = serialise(SurbRequest{some_recipient(), 10});
  ASSERT_EQ(bytes.size(), 102U);
  EXPECT_EQ(parse_message(bytes).value(), Message(SurbRequest{some_recipient(), 10}));
  bytes.push_back(0);
  EXPECT_TRUE(parse_message(bytes).error().is(WireError::too_short));
}

TEST(Padding, EndsAtTheLastOneEvenInsideGarbage) {
  EXPECT_EQ(to_bytes(strip_padding(Bytes{0, 1, 5, 1, 7}).value()), (Bytes{0, 1, 5}));
  EXPECT_TRUE(strip_padding(Bytes{0, 0}).error().is(WireError::bad_padding));
  EXPECT_TRUE(strip_padding({}).error().is(WireError::bad_padding));
}

TEST(Padding, AddsOneByteWhenTheMessageFitsExactly) {
  Bytes exact(1603, 7);
  pad_message(exact, 1611);
  EXPECT_EQ(exact.size(), 1604U);
  EXPECT_EQ(exact.back(), 1);
  Bytes over(1604, 7);
  pad_message(over, 1611);
  EXPECT_EQ(over.size(), 3208U);
}

}  // namespace
}  // namespace nym::wire
