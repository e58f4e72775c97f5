#include <gtest/gtest.h>

#include "engine/wire/cover.h"
#include "engine/wire/final_payload.h"
#include "engine/wire/fragment.h"
#include "engine/wire/mix_packet.h"
#include "engine/wire/routing_address.h"

namespace nym::wire {
namespace {

const Endpoint kHop{Ipv4{{10, 0, 0, 1}}, 1789};

Bytes final_payload(std::size_t message) {
  auto address = encode_address_19(kHop);
  Bytes bytes(address.begin(), address.end());
  bytes.resize(19 + 386, 5);
  bytes.resize(19 + 386 + message, 6);
  return bytes;
}

TEST(FinalPayloads, AreSplitIntoAckAndMessage) {
  auto split = split_final_payload(Blob(final_payload(3))).value();
  EXPECT_EQ(split.ack_first_hop, kHop);
  EXPECT_EQ(split.ack_packet.to_bytes(), Bytes(386, 5));
  EXPECT_EQ(split.message.to_bytes(), Bytes(3, 6));
}

TEST(FinalPayloads, MessageMayBeEmptyButTheAckMayNotBeCut) {
  EXPECT_TRUE(split_final_payload(Blob(final_payload(0))).value().message.empty());
  Bytes cut = final_payload(0);
  cut.pop_back();
  EXPECT_TRUE(split_final_payload(Blob(cut)).error().is(WireError::too_short));
}

TEST(FinalPayloads, BadAddressDropsTheMessageToo) {
  Bytes bytes = final_payload(100);
  bytes[0] = 5;
  EXPECT_TRUE(split_final_payload(Blob(bytes)).error().is(WireError::bad_address));
}

TEST(FinalPayloads, ZeroTailsStayUnstored) {
  Blob blob = Blob::with_zero_tail(final_payload(1), 2048);
  auto split = split_final_payload(blob).value();
  EXPECT_EQ(split.message.size(), 1643U);
  EXPECT_EQ(split.message.stored().size(), 1U);
}

TEST(Cover, IsNeverTakenForAFragment) {
  Blob cover = cover_fragment(1611);
  EXPECT_EQ(cover.size(), 1611U);
  EXPECT_TRUE(is_cover(cover.to_bytes()));
  EXPECT_FALSE(FragmentHeader::parse(cover.to_bytes()).has_value());
  EXPECT_FALSE(is_cover(FragmentHeader{SetId{1}, 1, 1, {}}.to_bytes()));
}

TEST(MixPackets, CarryTheirAddressUnpadded) {
  Bytes bytes = encode_mix_packet_head(PacketType::mix, kHop);
  EXPECT_EQ(bytes.size(), 8U);
  EXPECT_EQ(encode_mix_packet_head(PacketType::mix, Endpoint{Ipv6{}, 1}).size(), 20U);
  bytes.resize(8 + 2413, 9);
  auto parsed = parse_mix_packet(Blob(bytes)).value();
  EXPECT_EQ(parsed.next_hop, kHop);
  EXPECT_EQ(parsed.size, PacketSize::regular);
  EXPECT_EQ(parsed.packet.to_bytes(), Bytes(2413, 9));
}

TEST(MixPackets, NothingAtAllIsRefused) {
  EXPECT_TRUE(parse_mix_packet(Blob()).error().is(WireError::too_short));
  EXPECT_TRUE(parse_mix_packet(Blob(Bytes{0})).error().is(WireError::bad_address));
}

TEST(MixPackets, OfTheLaterFormCarryTheirKeyRotation) {
  for (auto hop : {kHop, parse_endpoint("[2001:db8::1]:1789").value()}) {
    Bytes bytes = encode_mix_packet_head(PacketType::mix, KeyRotation::odd, hop);
    EXPECT_EQ(bytes[1], 1);
    bytes.resize(bytes.size() + packet_bytes(PacketSize::ack), 5);
    auto packet = parse_mix_packet(bytes, MixPacketForm::v2).value();
    EXPECT_EQ(packet.rotation, KeyRotation::odd);
    EXPECT_EQ(packet.next_hop, hop);
    EXPECT_EQ(packet.size, PacketSize::ack);
    bytes[1] = 3;
    EXPECT_TRUE(parse_mix_packet(bytes, MixPacketForm::v2).error().is(WireError::bad_key_rotation));
    bytes[0] = 1;
    EXPECT_TRUE(parse_mix_packet(bytes, MixPacketForm::v2).error().is(WireError::bad_packet_type));
  }
  for (std::size_t size = 0; size < 3; ++size) {
    EXPECT_TRUE(parse_mix_packet(Bytes(size), MixPacketForm::v2).error().is(WireError::too_short)) << size;
  }
}

TEST(MixPackets, FollowTheAgreedProtocol) {
  EXPECT_EQ(mix_packet_form(1), MixPacketForm::v1);
  EXPECT_EQ(mix_packet_form(4), MixPacketForm::v1);
  EXPECT_EQ(mix_packet_form(5), MixPacketForm::v2);
  EXPECT_EQ(mix_packet_form(6), MixPacketForm::v2);
}

}  // namespace
}  // namespace nym::wire
