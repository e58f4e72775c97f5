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
  message.surbs.resize(2);
  message.data = Bytes{1, 2, 3};
  Bytes bytes = serialise(message);
  EXPECT_EQ(bytes.size(), 22 + 2 * kReplySurbBytes);
  EXPECT_EQ(bytes.size(), serialised_size(message));
  append(bytes, Bytes{9, 9});
  message.data = {};
  EXPECT_EQ(parse_message(bytes).value(), Message(message)) << "surplus bytes are ignored";
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
