#include <gtest/gtest.h>

#include "engine/base/text_encoding.h"
#include "engine/client/fragmenter.h"
#include "engine/client/reassembler.h"
#include "engine/crypto/hash.h"
#include "engine/sphinx/fragment_cipher.h"
#include "engine/sphinx/surb.h"
#include "engine/wire/final_payload.h"
#include "engine/wire/mix_packet.h"
#include "engine/wire/padding.h"
#include "tests/vectors/recorded_network.h"

namespace nym::wire {
namespace {

MemorySpool spool;

using test::array_of;
using test::bytes_of;
using test::cases_of;
using test::Json;
using test::length_of;
using test::matches;
using test::RecordedClient;
using test::RecordedNetwork;
using test::RecordedNode;
using test::u64_of;

const Json& end_to_end() {
  return test::vectors("messages.json").at("end_to_end_regular");
}

/// The network of a case, and the two clients in it.
struct Setting {
  RecordedNetwork network;
  RecordedClient sender;
  RecordedClient recipient;

  explicit Setting(const std::string& name)
      : network(end_to_end().at(name)),
        sender(end_to_end().at("sender").at("in_" + name)),
        recipient(end_to_end().at("recipient").at("in_" + name)) {}
};

PacketSize size_of_fragments(std::size_t fragment) {
  for (PacketSize size : {PacketSize::regular, PacketSize::extended8, PacketSize::extended16, PacketSize::extended32}) {
    if (fragment_bytes(size) == fragment) return size;
  }
  throw std::runtime_error("no packet size has fragments of " + std::to_string(fragment) + " bytes");
}

/// The message cut into the recorded number of fragments with the recorded set ids.
std::vector<Bytes> cut(const Message& message, std::size_t fragment_size, std::span<const SetId> ids) {
  Bytes padded = serialise(message);
  pad_message(padded, fragment_size);
  std::vector<Bytes> fragments;
  for (const auto& slice : split(padded.size(), fragment_size, ids)) {
    fragments.push_back(serialise_fragment(slice, padded));
  }
  return fragments;
}

SetId set_of(const Json& fragment) {
  return FragmentHeader::parse(bytes_of(fragment.at("fragment_header"))).value().set;
}

Bytes mix_packet_of(const RecordedNode& first, ByteView packet) {
  Bytes out = encode_mix_packet_head(PacketType::mix, first.endpoint);
  append(out, packet);
  return out;
}

void expect_mix_packet(const Json& row, const Bytes& mix_packet) {
  EXPECT_TRUE(matches(row.at("mix_packet"), mix_packet));
  EXPECT_EQ(to_hex(crypto::sha256(mix_packet)), row.at("mix_packet_sha256").get<std::string>());
}

/// What the recipient's gateway does with the plaintext: the acknowledgement goes home, the rest to the client.
Bytes deliver(const Bytes& plaintext, const Setting& setting, const RecordedClient& acknowledged, const Json& ack,
              const sphinx::AckIdentifier& id) {
  auto split = split_final_payload(Blob(plaintext)).value();
  auto way = setting.network.way_to(acknowledged.gateway);
  EXPECT_EQ(split.ack_first_hop, way.front()->endpoint);
  Bytes arrived = test::travel(split.ack_packet.to_bytes(), way, acknowledged.address,
                               test::delays_of(ack.at("sphinx_inputs")), Json());
  EXPECT_EQ(arrived.size(), sphinx::kAckPlaintext);
  EXPECT_EQ(classify_pushed(arrived.size()), PushedKind::ack);
  EXPECT_EQ(sphinx::open_ack(acknowledged.ack_key, to_array<sphinx::kAckPlaintext>(arrived)), id);
  EXPECT_EQ(classify_pushed(split.message.size()), PushedKind::message);
  return split.message.to_bytes();
}

Json hops_of(const Json& row) {
  return row.contains("hops") ? row.at("hops") : Json();
}

/// One packet of a plain or repliable message: rebuilt to the byte, then taken all the way.
Bytes expect_packet(const Json& row, const Setting& setting, const Bytes& fragment) {
  EXPECT_TRUE(matches(row.at("fragment"), fragment));
  EXPECT_EQ(to_hex(ByteView(fragment).first(10)), row.at("fragment_header").get<std::string>());
  auto id = FragmentHeader::parse(fragment).value().id().to_bytes();
  EXPECT_EQ(to_hex(id), row.at("fragment_id").get<std::string>());
  const auto& ack = row.at("ack");
  Bytes block = test::make_ack_block(setting.network, setting.sender, id, ack.at("iv"), ack.at("sphinx_inputs"));
  EXPECT_EQ(to_hex(block), row.at("ack_block_405").get<std::string>());

  auto ephemeral = crypto::X25519PrivateKey::from_bytes(array_of<32>(row.at("ephemeral_private")));
  EXPECT_EQ(ephemeral.public_key().bytes, array_of<32>(row.at("ephemeral_public")));
  Bytes plaintext = block;
  append(plaintext, sphinx::seal_fragment(ephemeral, setting.recipient.address.encryption, fragment));
  EXPECT_TRUE(matches(row.at("sphinx_plaintext"), plaintext));

  auto way = setting.network.way_to(setting.recipient.gateway);
  const auto& inputs = row.at("forward_sphinx_inputs");
  PacketSize size = size_of_fragments(fragment.size());
  auto plan = test::header_plan(way, setting.recipient.address, inputs);
  Bytes packet = sphinx::make_packet(plan, plaintext, payload_bytes(size)).value();
  EXPECT_EQ(to_hex(ByteView(packet).first(sphinx::kHeader)), row.at("sphinx_header").get<std::string>());
  expect_mix_packet(row, mix_packet_of(*way.front(), packet));
  EXPECT_EQ(test::total_delay(inputs) + test::total_delay(ack.at("sphinx_inputs")), u64_of(row.at("total_delay_ns")));

  Bytes arrived = test::travel(packet, way, setting.recipient.address, test::delays_of(inputs), hops_of(row));
  EXPECT_EQ(arrived, plaintext);
  Bytes delivered = deliver(arrived, setting, setting.sender, ack, id);
  EXPECT_TRUE(matches(row.at("bytes_delivered_to_client"), delivered));
  return sphinx::open_fragment(setting.recipient.encryption.secret, delivered).value();
}

TEST(PacketVectors, MessagesTravelFromEndToEndInTheRecordedPackets) {
  for (const auto& row : cases_of(end_to_end())) {
    SCOPED_TRACE(row.at("name").get<std::string>());
    Setting setting(row.at("network").get<std::string>());
    const auto& received = row.at("received");
    Message message = PlainMessage{bytes_of(row.at("data"))};
    if (received.at("type") == "repliable/data") {
      ASSERT_EQ(received.at("surbs"), 0);
      message = RepliableMessage{
          SenderTag{array_of<16>(received.at("sender_tag"))}, RepliableKind::data, {}, bytes_of(row.at("data"))};
    }
    std::vector<SetId> ids;
    for (const auto& id : cases_of(row.at("set_ids"))) ids.push_back(SetId{id.get<std::uint32_t>()});
    const auto& recorded = cases_of(row.at("fragments"));
    auto fragments = cut(message, length_of(recorded.at(0).at("fragment")), ids);
    ASSERT_EQ(fragments.size(), recorded.size());

    client::Reassembler reassembler{client::ReassemblyLimits{}, spool};
    std::optional<Message> arrived;
    for (std::size_t i = 0; i < fragments.size(); ++i) {
      Bytes opened = expect_packet(recorded.at(i), setting, fragments[i]);
      EXPECT_EQ(opened, fragments[i]);
      ASSERT_FALSE(arrived.has_value());
      arrived = reassembler.insert(TimePoint(), opened).value();
    }
    ASSERT_TRUE(arrived.has_value());
    EXPECT_EQ(*arrived, message);
  }
}

/// The SURB that its owner made; the reply to it takes the same way.
struct RecordedSurb {
  sphinx::SurbKey key;
  sphinx::Surb surb;
  std::vector<std::uint64_t> delays;

  RecordedSurb(const Json& row, const Setting& setting)
      : key(array_of<16>(row.at("encryption_key"))),
        surb(sphinx::Surb::make(test::header_plan(setting.network.way_to(setting.recipient.gateway),
                                                  setting.recipient.address, row.at("sphinx_inputs")))
                 .value()),
        delays(test::delays_of(row.at("sphinx_inputs"))) {
    Bytes bytes = to_bytes(key.expose());
    append(bytes, surb.serialise());
    EXPECT_EQ(to_hex(bytes), row.at("reply_surb_1164").get<std::string>());
    EXPECT_EQ(bytes.size(), kReplySurbBytes);
    EXPECT_EQ(sphinx::digest_of(key).bytes, array_of<32>(row.at("digest")));
  }
};

Bytes expect_reply_packet(const Json& row, const Setting& setting, const RecordedSurb& surb, const Bytes& fragment,
                          std::uint64_t average_delay_ns) {
  EXPECT_TRUE(matches(row.at("fragment"), fragment));
  auto id = FragmentHeader::parse(fragment).value().id().to_bytes();
  const auto& ack = row.at("ack");
  Bytes plaintext = test::make_ack_block(setting.network, setting.sender, id, ack.at("iv"), ack.at("sphinx_inputs"));
  append(plaintext, sphinx::seal_reply_fragment(surb.key, fragment));
  EXPECT_TRUE(matches(row.at("sphinx_plaintext"), plaintext));
  Bytes packet = sphinx::use_surb(surb.surb, plaintext, payload_bytes(size_of_fragments(fragment.size()))).value();
  auto way = setting.network.way_to(setting.recipient.gateway);
  EXPECT_EQ(decode_address(surb.surb.first_hop.bytes).value().endpoint, way.front()->endpoint);
  expect_mix_packet(row, mix_packet_of(*way.front(), packet));
  EXPECT_EQ(3 * average_delay_ns + test::total_delay(ack.at("sphinx_inputs")), u64_of(row.at("total_delay_ns")));

  Bytes arrived = test::travel(packet, way, setting.recipient.address, surb.delays, hops_of(row));
  EXPECT_EQ(arrived, plaintext);
  Bytes delivered = deliver(arrived, setting, setting.sender, ack, id);
  EXPECT_TRUE(matches(row.at("bytes_delivered_to_client"), delivered));
  EXPECT_EQ(to_array<32>(delivered), sphinx::digest_of(surb.key).bytes);
  return sphinx::open_reply_fragment(surb.key, delivered).value();
}

TEST(PacketVectors, RepliesTravelOnTheRecordedSurbs) {
  for (const auto& row : cases_of(test::vectors("messages.json").at("replies"))) {
    Setting setting(row.at("network").get<std::string>());
    Message message = ReplyMessage{bytes_of(row.at("data"))};
    const auto& recorded = cases_of(row.at("fragments"));
    std::array<SetId, 1> ids = {set_of(recorded.at(0))};
    auto size = packet_size_from_name(row.at("packet_size").get<std::string>()).value();
    auto fragments = cut(message, fragment_bytes(size), ids);
    ASSERT_EQ(fragments.size(), recorded.size());
    ASSERT_EQ(row.at("surbs").size(), recorded.size()) << "one SURB a fragment";
    // The average counts in whole milliseconds (02 §8).
    auto average = row.at("average_packet_delay_us").get<std::uint64_t>() / 1000 * 1'000'000;

    client::Reassembler reassembler{client::ReassemblyLimits{}, spool};
    std::optional<Message> arrived;
    for (std::size_t i = 0; i < fragments.size(); ++i) {
      RecordedSurb surb(row.at("surbs").at(i), setting);
      Bytes opened = expect_reply_packet(recorded.at(i), setting, surb, fragments[i], average);
      EXPECT_EQ(opened, fragments[i]);
      arrived = reassembler.insert(TimePoint(), opened).value();
    }
    ASSERT_TRUE(arrived.has_value());
    EXPECT_EQ(*arrived, message);
    EXPECT_EQ(row.at("received").at("type"), "reply/data");
    EXPECT_TRUE(matches(row.at("received").at("data"), std::get<ReplyMessage>(*arrived).data.stored()));
  }
}

}  // namespace
}  // namespace nym::wire
