// later_messages.json: whole messages, replies and cover on their way through a network, frames and all.

#include <gtest/gtest.h>

#include "engine/client/fragmenter.h"
#include "engine/client/reassembler.h"
#include "engine/sphinx/fragment_cipher.h"
#include "engine/sphinx/surb.h"
#include "engine/wire/cover.h"
#include "engine/wire/padding.h"
#include "tests/vectors/later_messages.h"

namespace nym::wire {
namespace {

using test::array_of;
using test::bytes_of;
using test::cases_of;
using test::Json;
using test::later_messages;
using test::LaterSetting;
using test::matches;
using test::rotation_of;
using test::size_named;
using test::Way;

MemorySpool later_spool;

/// The message cut into fragments of the set that the recorded header names.
std::vector<Bytes> cut(const Message& message, PacketSize size, const Json& fragment_header) {
  Bytes padded = serialise(message);
  pad_message(padded, fragment_bytes(size));
  std::array ids{FragmentHeader::parse(bytes_of(fragment_header)).value().set};
  std::vector<Bytes> fragments;
  for (const auto& slice : split(padded.size(), fragment_bytes(size), ids)) {
    fragments.push_back(serialise_fragment(slice, padded));
  }
  return fragments;
}

void expect_fragment(const Json& row, const Bytes& fragment) {
  EXPECT_EQ(to_hex(ByteView(fragment).first(10)), row.at("fragment_header").get<std::string>());
  EXPECT_EQ(to_hex(crypto::sha256(fragment)), row.at("fragment_sha256").get<std::string>());
}

/// What the recipient's gateway finds, and what it hands on: the message, and the acknowledgement with its way.
FinalPayload expect_delivered(const Json& row, const Bytes& plaintext) {
  auto final_payload = split_final_payload(Blob(plaintext)).value();
  EXPECT_TRUE(matches(row.at("delivered"), final_payload.message.to_bytes()));
  if (row.contains("hops")) {
    const Json& last = row.at("hops").back();
    EXPECT_TRUE(matches(last.at("message"), final_payload.message.to_bytes()));
    EXPECT_EQ(final_payload.ack_first_hop, parse_endpoint(last.at("ack").at("next_hop").get<std::string>()).value());
    EXPECT_TRUE(matches(last.at("ack").at("packet"), final_payload.ack_packet.to_bytes()));
  }
  return final_payload;
}

/// One packet of a message: rebuilt to the byte, then taken all the way, its acknowledgement home.
Bytes expect_packet(const Json& row, const Json& message, const Bytes& fragment) {
  LaterSetting setting(message.at("network").get<std::string>());
  expect_fragment(row, fragment);
  auto way = setting.way_to(setting.recipient, message.at("mix_hops_disabled"));
  auto way_home = setting.way_to(setting.sender, message.at("mix_hops_disabled"));
  auto id = FragmentHeader::parse(fragment).value().id().to_bytes();
  EXPECT_EQ(to_hex(id), row.at("fragment_id").get<std::string>());
  Bytes sealed_ack = bytes_of(row.at("ack_plaintext"));
  Bytes plaintext =
      test::make_ack_block(way_home, setting.sender, id, to_array<16>(sealed_ack), row.at("ack").at("sphinx_inputs"));
  EXPECT_EQ(to_hex(plaintext), row.at("ack").at("block_405").get<std::string>());

  auto ephemeral = crypto::X25519PrivateKey::from_bytes(array_of<32>(row.at("ephemeral_private")));
  append(plaintext, sphinx::seal_fragment(ephemeral, setting.recipient.address.encryption, fragment));
  const Json& inputs = row.at("forward_sphinx_inputs");
  auto plan = test::header_plan(way, setting.recipient.address, inputs);
  Bytes packet = sphinx::make_packet(plan, plaintext, payload_bytes(size_named(message.at("packet_size")))).value();
  EXPECT_TRUE(matches(row.at("sphinx_packet"), packet));
  auto rotation = rotation_of(row.at("key_rotation"));
  EXPECT_EQ(rotation, key_rotation_of(message.at("rotation_id").get<std::uint32_t>()));
  test::expect_mix_packet_v2(row.at("mix_packet_v2"), *way.front(), rotation, packet);
  Bytes older = encode_mix_packet_head(PacketType::mix, way.front()->endpoint);
  append(older, packet);
  EXPECT_TRUE(matches(row.at("mix_packet_v1"), older));
  EXPECT_EQ(test::total_delay(inputs) + test::total_delay(row.at("ack").at("sphinx_inputs")),
            test::u64_of(row.at("total_delay_ns")));

  Bytes arrived = test::later_travel(packet, way, setting.recipient.address, row.at("hops"));
  EXPECT_EQ(arrived, plaintext);
  auto delivered = expect_delivered(row, arrived);
  Bytes home =
      test::later_travel(delivered.ack_packet.to_bytes(), way_home, setting.sender.address, row.at("ack_hops"));
  EXPECT_EQ(home, sealed_ack);
  auto recovered = sphinx::open_ack(setting.sender.ack_key, to_array<sphinx::kAckPlaintext>(home));
  EXPECT_EQ(to_hex(recovered), row.at("ack_id_recovered").get<std::string>());
  return sphinx::open_fragment(setting.recipient.encryption.secret, delivered.message.to_bytes()).value();
}

TEST(LaterPacketVectors, MessagesTravelFromEndToEndInTheRecordedPackets) {
  for (const auto& row : cases_of(later_messages("end_to_end"))) {
    SCOPED_TRACE(row.at("name").get<std::string>());
    Message message = PlainMessage{bytes_of(row.at("data"))};
    const Json& recorded = cases_of(row.at("fragments"));
    auto fragments = cut(message, size_named(row.at("packet_size")), recorded.at(0).at("fragment_header"));
    ASSERT_EQ(fragments.size(), recorded.size());
    client::Reassembler reassembler{client::ReassemblyLimits{}, later_spool};
    std::optional<Message> arrived;
    for (std::size_t i = 0; i < fragments.size(); ++i) {
      Bytes opened = expect_packet(recorded.at(i), row, fragments[i]);
      EXPECT_EQ(opened, fragments[i]);
      arrived = reassembler.insert(TimePoint(), opened).value();
    }
    ASSERT_TRUE(arrived.has_value());
    EXPECT_EQ(*arrived, message);
    auto data = std::get<PlainMessage>(*arrived).data.to_bytes();
    EXPECT_EQ(to_hex(crypto::sha256(data)), row.at("reassembled_sha256").get<std::string>());
  }
}

const Json& surb_named(const Json& name) {
  for (const auto& row : cases_of(later_messages("reply_surbs"))) {
    if (row.at("name") == name) return row;
  }
  throw std::runtime_error("no reply surb " + name.dump());
}

/// The plaintext is known once the packet has travelled: no initialisation vector of the acknowledgement was recorded.
void expect_reply(const Json& row) {
  LaterSetting setting(row.at("network").get<std::string>());
  const Json& recorded_surb = surb_named(row.at("surb"));
  Bytes surb_bytes = bytes_of(recorded_surb.at("reply_surb"));
  sphinx::SurbKey key(ByteView(surb_bytes).first<16>());
  auto surb = sphinx::Surb::parse(ByteView(surb_bytes).subspan(16)).value();
  auto way = setting.way_to(setting.recipient, recorded_surb.at("mix_hops_disabled"));
  auto way_home = setting.network.way_to(setting.sender.gateway);

  auto size = size_named(row.at("packet_size"));
  auto fragments = cut(ReplyMessage{bytes_of(row.at("data"))}, size, row.at("fragment_header"));
  ASSERT_EQ(fragments.size(), 1U);
  expect_fragment(row, fragments.front());
  Bytes block = bytes_of(row.at("ack").at("block_405"));
  auto id = test::expect_ack(row.at("ack"), way_home, setting.sender, block);
  EXPECT_EQ(id, FragmentHeader::parse(fragments.front()).value().id().to_bytes());

  Bytes plaintext = block;
  append(plaintext, sphinx::seal_reply_fragment(key, fragments.front()));
  Bytes packet = sphinx::use_surb(surb, plaintext, payload_bytes(size)).value();
  auto rotation = rotation_of(row.at("key_rotation"));
  EXPECT_EQ(rotation, rotation_of(row.at("surb_key_rotation"))) << "a reply's rotation is its surb's";
  test::expect_mix_packet_v2(row.at("mix_packet_v2"), *way.front(), rotation, packet);
  constexpr std::uint64_t kThreeMeanDelays = 45'000'000;
  EXPECT_EQ(kThreeMeanDelays + test::total_delay(row.at("ack").at("sphinx_inputs")),
            test::u64_of(row.at("total_delay_ns")));

  Bytes arrived = test::later_travel(packet, way, setting.recipient.address, row.at("hops"));
  EXPECT_EQ(arrived, plaintext);
  auto delivered = expect_delivered(row, arrived).message.to_bytes();
  EXPECT_EQ(to_array<32>(delivered), sphinx::digest_of(key).bytes);
  EXPECT_EQ(sphinx::open_reply_fragment(key, delivered).value(), fragments.front());
}

TEST(LaterPacketVectors, RepliesTravelOnSurbsOfBothForms) {
  for (const auto& row : cases_of(later_messages("replies"))) {
    SCOPED_TRACE(row.at("name").get<std::string>());
    expect_reply(row);
  }
}

void expect_cover(const Json& row) {
  LaterSetting setting(row.at("network").get<std::string>());
  const auto& client = setting.sender;
  auto way = setting.network.way_to(client.gateway);
  auto size = size_named(row.at("packet_size"));
  Bytes plaintext = bytes_of(row.at("ack").at("block_405"));
  auto id = test::expect_ack(row.at("ack"), way, client, plaintext);
  EXPECT_EQ(to_hex(id), row.at("ack_id").get<std::string>());
  EXPECT_EQ(id, FragmentId::cover().to_bytes());

  Bytes fragment = cover_fragment(fragment_bytes(size)).to_bytes();
  EXPECT_TRUE(to_hex(fragment).starts_with(row.at("content_first_20").get<std::string>()));
  EXPECT_EQ(is_cover(fragment), row.at("recognised").get<bool>());
  auto ephemeral = crypto::X25519PrivateKey::from_bytes(array_of<32>(row.at("ephemeral_private")));
  append(plaintext, sphinx::seal_fragment(ephemeral, client.address.encryption, fragment));
  auto plan = test::header_plan(way, client.address, row.at("forward_sphinx_inputs"));
  Bytes packet = sphinx::make_packet(plan, plaintext, payload_bytes(size)).value();
  auto rotation = rotation_of(row.at("key_rotation"));
  EXPECT_EQ(rotation, key_rotation_of(row.at("rotation_id").get<std::uint32_t>()));
  test::expect_mix_packet_v2(row.at("mix_packet_v2"), *way.front(), rotation, packet);

  Bytes arrived = test::later_travel(packet, way, client.address);
  EXPECT_EQ(arrived, plaintext);
  auto delivered = expect_delivered(row, arrived).message.to_bytes();
  EXPECT_EQ(sphinx::open_fragment(client.encryption.secret, delivered).value(), fragment);
}

TEST(LaterPacketVectors, CoverPacketsAreMadeToTheByteAndComeBack) {
  for (const auto& row : cases_of(later_messages("cover"))) expect_cover(row);
}

}  // namespace
}  // namespace nym::wire
