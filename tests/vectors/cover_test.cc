#include "engine/wire/cover.h"

#include <gtest/gtest.h>

#include "engine/base/text_encoding.h"
#include "engine/crypto/hash.h"
#include "engine/sphinx/fragment_cipher.h"
#include "engine/wire/final_payload.h"
#include "engine/wire/fragment.h"
#include "engine/wire/mix_packet.h"
#include "tests/vectors/recorded_network.h"

namespace nym::wire {
namespace {

using test::array_of;
using test::bytes_of;
using test::cases_of;
using test::Json;
using test::matches;

const Json& section(const char* name) {
  return test::vectors("cover.json").at(name);
}

TEST(CoverVectors, MarkerAndIdentifierAreTheRecordedOnes) {
  Bytes marker = bytes_of(section("cover_text"));
  Bytes fragment = cover_fragment(marker.size() + 1).to_bytes();
  fragment.pop_back();
  EXPECT_EQ(fragment, marker);
  EXPECT_EQ(FragmentId::cover().to_bytes(), array_of<5>(section("cover_fragment_id")));
}

TEST(CoverVectors, CoverIsRecognisedAsRecorded) {
  for (const auto& row : cases_of(section("recognition"))) {
    EXPECT_EQ(is_cover(bytes_of(row.at("bytes"))), row.at("is_cover").get<bool>()) << row;
  }
}

TEST(CoverVectors, PacketsAreMadeToTheByteAndComeBackAsCover) {
  for (const auto& row : cases_of(section("packets"))) {
    auto size = packet_size_from_name(row.at("packet_size").get<std::string>()).value();
    test::RecordedNetwork network(row.at("network"));
    test::RecordedClient client(row.at("client"));
    Bytes fragment = cover_fragment(fragment_bytes(size)).to_bytes();
    EXPECT_TRUE(matches(row.at("cover_fragment_clear"), fragment));

    const auto& ack = row.at("ack");
    Bytes plaintext =
        test::make_ack_block(network, client, FragmentId::cover().to_bytes(), ack.at("iv"), ack.at("sphinx_inputs"));
    EXPECT_EQ(to_hex(plaintext), row.at("ack_block_405").get<std::string>());
    auto ephemeral = crypto::X25519PrivateKey::from_bytes(array_of<32>(row.at("ephemeral_private")));
    EXPECT_EQ(ephemeral.public_key().bytes, array_of<32>(row.at("ephemeral_public")));
    EXPECT_EQ(to_bytes(sphinx::packet_key(ephemeral, client.address.encryption).expose()),
              bytes_of(row.at("packet_key")));
    append(plaintext, sphinx::seal_fragment(ephemeral, client.address.encryption, fragment));
    EXPECT_TRUE(matches(row.at("sphinx_plaintext"), plaintext));

    auto way = network.way_to(client.gateway);
    const auto& inputs = row.at("forward_sphinx_inputs");
    auto plan = test::header_plan(way, client.address, inputs);
    Bytes packet = sphinx::make_packet(plan, plaintext, payload_bytes(size)).value();
    EXPECT_EQ(to_hex(ByteView(packet).first(sphinx::kHeader)), row.at("sphinx_header").get<std::string>());
    Bytes mix_packet = encode_mix_packet_head(PacketType::mix, way.front()->endpoint);
    append(mix_packet, packet);
    EXPECT_TRUE(matches(row.at("mix_packet"), mix_packet));
    EXPECT_EQ(to_hex(crypto::sha256(mix_packet)), row.at("mix_packet_sha256").get<std::string>());

    Bytes arrived = test::travel(packet, way, client.address, test::delays_of(inputs), Json());
    auto split = split_final_payload(Blob(arrived)).value();
    EXPECT_TRUE(matches(row.at("bytes_delivered_to_client"), split.message.to_bytes()));
    Bytes opened = sphinx::open_fragment(client.encryption.secret, split.message.to_bytes()).value();
    EXPECT_EQ(opened, fragment);
    EXPECT_TRUE(is_cover(opened));
    Bytes acknowledged = test::travel(split.ack_packet.to_bytes(), way, client.address,
                                      test::delays_of(ack.at("sphinx_inputs")), Json());
    auto id = FragmentId::from_bytes(sphinx::open_ack(client.ack_key, to_array<21>(acknowledged))).value();
    EXPECT_TRUE(id.is_cover());
  }
}

}  // namespace
}  // namespace nym::wire
