#include "engine/sphinx/payload.h"

#include <gtest/gtest.h>

#include "engine/sphinx/constants.h"
#include "sim/kernel/seeded_random.h"

namespace nym::sphinx {
namespace {

std::vector<crypto::LionessKey> some_keys(std::size_t count) {
  sim::SeededRandom random(1);
  std::vector<crypto::LionessKey> keys;
  for (std::size_t i = 0; i < count; ++i) keys.push_back(draw_secret<192>(random));
  return keys;
}

// zeros 16 ‖ content: what the last hop sees.
Bytes clear_payload(const Bytes& content) {
  return ByteWriter().put_zeros(16).put(content).finish();
}

TEST(SphinxPayload, Layers_come_off_first_hop_first) {
  auto keys = some_keys(4);
  Bytes plaintext{5, 6, 7, 1, 0};
  auto payload = encapsulate_payload(plaintext, keys, 100);
  ASSERT_TRUE(payload.has_value());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    EXPECT_FALSE(recover_plaintext(*payload).has_value()) << i;
    EXPECT_EQ(payload->size(), 100U);
    crypto::lioness_decrypt(keys[i], *payload);
  }
  EXPECT_EQ(recover_plaintext(*payload), plaintext);
}

TEST(SphinxPayload, Without_keys_the_format_is_seen) {
  auto payload = encapsulate_payload(Bytes{7, 8}, {}, 40);
  Bytes expected = clear_payload({7, 8, 1});
  expected.resize(40);
  EXPECT_EQ(payload, expected);
}

TEST(SphinxPayload, Sizes_have_limits) {
  auto keys = some_keys(2);
  for (std::size_t size : {0U, 16U, 17U, 31U, 32U}) {
    EXPECT_TRUE(encapsulate_payload({}, keys, size).error().is(SphinxError::invalid_payload)) << size;
  }
  EXPECT_TRUE(encapsulate_payload({}, keys, 33).has_value());
  EXPECT_TRUE(encapsulate_payload(Bytes(16), keys, 33).has_value());
  EXPECT_TRUE(encapsulate_payload(Bytes(17), keys, 33).error().is(SphinxError::invalid_payload));
}

TEST(SphinxPayload, The_last_marker_ends_the_plaintext) {
  EXPECT_EQ(recover_plaintext(clear_payload({1, 5, 1})), (Bytes{1, 5}));
  EXPECT_EQ(recover_plaintext(clear_payload({1})), Bytes{});
  EXPECT_EQ(recover_plaintext(clear_payload({9, 1, 0, 0})), (Bytes{9}));
  EXPECT_EQ(recover_plaintext(clear_payload({9, 1, 5, 0})), (Bytes{9})) << "what follows is not looked at";
}

TEST(SphinxPayload, Damage_is_seen_in_the_zeros_or_in_a_missing_marker) {
  for (std::size_t i = 0; i < 16; ++i) {
    Bytes payload = clear_payload({9, 1});
    payload[i] = 0x80;
    EXPECT_TRUE(recover_plaintext(payload).error().is(SphinxError::invalid_payload)) << i;
  }
  EXPECT_TRUE(recover_plaintext(clear_payload({0, 2, 3})).error().is(SphinxError::invalid_payload));
  for (std::size_t size = 0; size < kPayloadOverhead; ++size) {
    EXPECT_TRUE(recover_plaintext(Bytes(size)).error().is(SphinxError::invalid_payload)) << size;
  }
}

}  // namespace
}  // namespace nym::sphinx
