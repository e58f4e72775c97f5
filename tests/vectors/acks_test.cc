#include <gtest/gtest.h>

#include "engine/base/text_encoding.h"
#include "engine/sphinx/real_suite.h"
#include "engine/wire/final_payload.h"
#include "engine/wire/fragment.h"
#include "engine/wire/keys.h"
#include "tests/vectors/recorded_network.h"

namespace nym::wire {
namespace {

using test::array_of;
using test::bytes_of;
using test::cases_of;
using test::Json;
using test::u64_of;

const Json& section(const char* name) {
  return test::vectors("acks.json").at(name);
}

TEST(AckVectors, IdentifiersAreSealedOpenedAndMisreadWithAWrongKeyAsRecorded) {
  for (const auto& row : cases_of(section("identifiers"))) {
    sphinx::AckKey key(array_of<16>(row.at("ack_key")));
    FragmentId id{SetId{row.at("set_id").get<std::uint32_t>()}, row.at("position").get<std::uint8_t>()};
    EXPECT_EQ(id.to_bytes(), array_of<5>(row.at("fragment_id")));
    auto sealed = sphinx::seal_ack(key, array_of<16>(row.at("iv")), id.to_bytes());
    EXPECT_EQ(to_hex(sealed), row.at("ack_plaintext").get<std::string>());
    EXPECT_EQ(sphinx::open_ack(key, sealed), id.to_bytes());

    const auto& wrong = row.at("with_wrong_key");
    auto misread = sphinx::open_ack(sphinx::AckKey(array_of<16>(wrong.at("wrong_key"))), sealed);
    EXPECT_EQ(to_hex(misread), wrong.at("recovered").get<std::string>());
    auto parsed = FragmentId::from_bytes(misread);
    ASSERT_EQ(parsed.has_value(), wrong.at("parse").is_string()) << row;
    if (parsed) {
      EXPECT_EQ("valid id, set " + std::to_string(parsed->set.value) + " position " + std::to_string(parsed->position),
                wrong.at("parse").get<std::string>());
    }
  }
}

TEST(AckVectors, IdentifiersAreParsedOrRefusedAsRecorded) {
  for (const auto& row : cases_of(section("identifier_parsing"))) {
    auto id = FragmentId::from_bytes(array_of<5>(row.at("bytes")));
    ASSERT_EQ(id.has_value(), !row.contains("error")) << row;
    if (!id) {
      EXPECT_TRUE(id.error().is(WireError::bad_fragment));
      continue;
    }
    EXPECT_EQ(id->set.value, row.at("set_id").get<std::uint32_t>());
    EXPECT_EQ(id->position, row.at("position").get<std::uint8_t>());
    EXPECT_EQ(id->is_cover(), row.at("is_cover_id").get<bool>());
  }
}

TEST(AckVectors, OnlyPayloadsOfTheRightLengthAreOpened) {
  // The recording opened bytes of 07 with the key of its first identifier.
  sphinx::RealSuite suite;
  sphinx::AckKey key(array_of<16>(section("identifiers").at(0).at("ack_key")));
  for (const auto& row : cases_of(section("recover_from_wrong_lengths"))) {
    auto opened = suite.open_ack(key, Blob(Bytes(row.at("len").get<std::size_t>(), 7)));
    bool panics = row.at("outcome") == "reference panics";
    ASSERT_EQ(opened.has_value(), !panics) << row;
    if (opened) {
      EXPECT_EQ(to_hex(*opened), row.at("outcome").get<std::string>());
    } else {
      EXPECT_TRUE(opened.error().is(sphinx::SphinxError::too_short));
    }
  }
}

TEST(AckVectors, KeysHaveTheRightLength) {
  for (const auto& row : cases_of(section("ack_key_lengths"))) {
    auto key = ack_key(Bytes(row.at("len").get<std::size_t>(), 7));
    if (row.at("result") == "ok") {
      ASSERT_TRUE(key.has_value()) << row;
      EXPECT_EQ(to_bytes(key->expose()), Bytes(16, 7));
    } else {
      ASSERT_FALSE(key.has_value()) << row;
      EXPECT_EQ(key.error().text(), row.at("result").at("error").get<std::string>());
    }
  }
}

TEST(AckVectors, SurbAcksAreMadeToTheByteAndComeHome) {
  for (const auto& row : cases_of(section("surb_acks"))) {
    test::RecordedNetwork network(row.at("network"));
    test::RecordedClient client(row.at("client"));
    auto id = array_of<5>(row.at("fragment_id"));
    const auto& inputs = row.at("sphinx_inputs");
    Bytes block = test::make_ack_block(network, client, id, row.at("iv"), inputs);
    EXPECT_EQ(to_hex(block), row.at("surb_ack_405").get<std::string>());
    EXPECT_EQ(array_of<16>(row.at("destination_identifier")), ByteArray<16>{});
    EXPECT_EQ(test::total_delay(inputs), u64_of(row.at("expected_total_delay_ns")));

    auto parsed = parse_surb_ack(Blob(block)).value();
    EXPECT_EQ(to_string(parsed.first_hop), row.at("first_hop").get<std::string>());
    Bytes arrived = test::travel(parsed.packet.to_bytes(), network.way_to(client.gateway), client.address,
                                 test::delays_of(inputs), row.at("hops"));
    EXPECT_EQ(to_hex(arrived), row.at("plaintext_at_gateway_21").get<std::string>());
    EXPECT_EQ(sphinx::open_ack(client.ack_key, to_array<21>(arrived)), id);
  }
}

TEST(AckVectors, GatewaysRecoverSurbAcksAsRecorded) {
  for (const auto& row : cases_of(section("surb_ack_recovery_at_gateway"))) {
    auto parsed = parse_surb_ack(Blob(bytes_of(row.at("bytes"))));
    const auto& result = row.at("result");
    ASSERT_EQ(parsed.has_value(), !result.contains("error")) << row.at("name");
    if (!parsed) continue;
    EXPECT_EQ(to_string(parsed->first_hop), result.at("first_hop").get<std::string>());
    EXPECT_EQ(parsed->packet.size(), result.at("packet_len").get<std::size_t>());
  }
}

}  // namespace
}  // namespace nym::wire
