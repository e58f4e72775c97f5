#include <gtest/gtest.h>

#include <map>

#include "engine/base/text_encoding.h"
#include "engine/crypto/hash.h"
#include "engine/relay/replay_filter.h"
#include "engine/sphinx/real_suite.h"
#include "engine/wire/cover.h"
#include "engine/wire/final_payload.h"
#include "engine/wire/fragment.h"
#include "engine/wire/framing.h"
#include "engine/wire/mix_packet.h"
#include "engine/wire/routing_address.h"
#include "tests/support/vectors.h"

namespace nym {
namespace {

using test::Json;

/// The recording of a real network, with its keys.
class Capture : public testing::Test {
 protected:
  Capture() {
    for (const auto& node : capture_.at("nodes")) {
      auto key = crypto::X25519PrivateKey::from_bytes(test::array_of<32>(node.at("sphinx_private_hex")));
      keys_.emplace(node.at("name").get<std::string>(), crypto::X25519KeyPair::of(key));
      ports_[node.at("published_mix_port").get<std::uint16_t>()] = node.at("name").get<std::string>();
    }
    for (const auto& frame : capture_.at("full").at("frames")) frames_[frame.at("n").get<int>()] = &frame;
  }

  Bytes bytes_of(const Json& frame) const { return *from_base64(frame.at("b64").get<std::string>()); }
  const Json& frame(int number) const { return *frames_.at(number); }
  std::string node_at(const Endpoint& endpoint) const { return ports_.at(endpoint.port); }

  const Json* client_on(const std::string& websocket_link) const {
    for (const auto& client : capture_.at("clients")) {
      if (client.at("gateway").get<std::string>() == "gw" + websocket_link.substr(2)) return &client;
    }
    return nullptr;
  }
  sphinx::GatewaySharedKeys shared_keys(const Json& client) const {
    return sphinx::GatewaySharedKeys::from_bytes(test::array_of<32>(client.at("gateway_shared_keys_hex")));
  }

  const Json& capture_ = test::vectors("capture.json");
  std::map<std::string, crypto::X25519KeyPair> keys_;
  std::map<std::uint16_t, std::string> ports_;
  std::map<int, const Json*> frames_;
  sphinx::RealSuite suite_;
};

TEST_F(Capture, EveryPacketPeelsToTheRecordedNextHopAndOnToTheNextLink) {
  std::size_t forwarded = 0;
  relay::ReplayFilter replays(relay::ReplayMode::reject);
  for (const auto& frame : capture_.at("full").at("frames")) {
    if (!frame.contains("result") || frame.at("result").at("type") != "forward") continue;
    SCOPED_TRACE(frame.at("n").get<int>());
    auto peeled = suite_.peel(Blob(bytes_of(frame)), keys_.at(frame.at("link").get<std::string>()));
    ASSERT_TRUE(peeled) << peeled.error().text();
    EXPECT_EQ(replays.check_and_remember(peeled->tag), relay::ReplayFilter::Verdict::fresh);
    const auto* packet = std::get_if<sphinx::ForwardPacket>(&peeled->hop);
    ASSERT_NE(packet, nullptr);
    EXPECT_EQ(packet->delay.ns, test::u64_of(frame.at("result").at("delay_ns")));
    auto next = wire::decode_address(packet->next.bytes);
    ASSERT_TRUE(next);
    EXPECT_EQ(node_at(next->endpoint), frame.at("result").at("to").get<std::string>());
    ASSERT_EQ(frame.at("next").size(), 1U);
    EXPECT_EQ(packet->packet.to_bytes(), bytes_of(this->frame(frame.at("next").at(0).get<int>())));
    ++forwarded;
  }
  EXPECT_GT(forwarded, 0U);
}

TEST_F(Capture, EveryLastHopGivesTheRecordedPushAndAcknowledgement) {
  std::size_t finals = 0;
  for (const auto& frame : capture_.at("full").at("frames")) {
    if (!frame.contains("result") || frame.at("result").at("type") != "final") continue;
    SCOPED_TRACE(frame.at("n").get<int>());
    auto peeled = suite_.peel(Blob(bytes_of(frame)), keys_.at(frame.at("link").get<std::string>()));
    ASSERT_TRUE(peeled) << peeled.error().text();
    const auto* packet = std::get_if<sphinx::FinalPacket>(&peeled->hop);
    ASSERT_NE(packet, nullptr);
    EXPECT_TRUE(test::matches(frame.at("result").at("destination_hex"), packet->destination.bytes));

    bool is_ack = frame.at("len").get<std::size_t>() == wire::packet_bytes(wire::PacketSize::ack);
    auto split = is_ack ? Result<wire::FinalPayload>(wire::FinalPayload{{}, {}, packet->plaintext})
                        : wire::split_final_payload(packet->plaintext);
    ASSERT_TRUE(split);
    for (const auto& number : frame.at("next")) {
      const Json& caused = this->frame(number.get<int>());
      if (caused.at("link").get<std::string>().starts_with("ws")) {
        auto sealed = sphinx::seal_envelope(shared_keys(*client_on(caused.at("link").get<std::string>())),
                                            split->message.to_bytes());
        EXPECT_EQ(sealed, bytes_of(caused));
      } else {
        EXPECT_EQ(split->ack_packet.to_bytes(), bytes_of(caused));
        EXPECT_EQ(node_at(split->ack_first_hop), caused.at("link").get<std::string>());
      }
    }
    ++finals;
  }
  EXPECT_GT(finals, 0U);
}

TEST_F(Capture, EveryClientRequestOpensToThePacketOnTheFirstLink) {
  std::size_t requests = 0;
  for (const auto& frame : capture_.at("full").at("frames")) {
    auto link = frame.at("link").get<std::string>();
    if (!link.starts_with("ws") || frame.at("dir") != ">" || !frame.contains("b64") || !frame.contains("next"))
      continue;
    SCOPED_TRACE(frame.at("n").get<int>());
    auto opened = suite_.open_envelope(shared_keys(*client_on(link)), Blob(bytes_of(frame)));
    ASSERT_TRUE(opened);
    auto packet = wire::parse_mix_packet(*opened);
    ASSERT_TRUE(packet);
    for (const auto& number : frame.at("next")) {
      const Json& caused = this->frame(number.get<int>());
      EXPECT_EQ(packet->packet.to_bytes(), bytes_of(caused));
      EXPECT_EQ(node_at(packet->next_hop), caused.at("link").get<std::string>());
    }
    ++requests;
  }
  EXPECT_GT(requests, 0U);
}

TEST_F(Capture, EveryPushOpensToWhatTheRecordingSays) {
  std::size_t opened_count = 0;
  for (const auto& row : capture_.at("full").at("decrypted")) {
    SCOPED_TRACE(row.at("n").get<int>());
    const Json& frame = this->frame(row.at("n").get<int>());
    const Json& client = *client_on(frame.at("link").get<std::string>());
    EXPECT_EQ(client.at("name"), row.at("client"));
    auto pushed = suite_.open_envelope(shared_keys(client), Blob(bytes_of(frame)));
    ASSERT_TRUE(pushed);
    auto kind = row.at("kind").get<std::string>();
    ++opened_count;
    if (kind == "ack") {
      sphinx::AckKey key(test::array_of<16>(client.at("ack_key_hex")));
      auto id = suite_.open_ack(key, *pushed);
      ASSERT_TRUE(id);
      auto fragment = wire::FragmentId::from_bytes(*id);
      ASSERT_TRUE(fragment);
      EXPECT_EQ(fragment->set.value, row.at("set_id").get<std::uint32_t>());
      EXPECT_EQ(fragment->position, row.at("fragment").get<std::uint8_t>());
      continue;
    }
    auto key = crypto::X25519PrivateKey::from_bytes(test::array_of<32>(client.at("encryption_private_hex")));
    auto fragment = suite_.open_fragment(crypto::X25519KeyPair::of(key), *pushed);
    ASSERT_TRUE(fragment);
    auto bytes = fragment->to_bytes();
    EXPECT_EQ(wire::is_cover(bytes), kind == "cover");
    if (kind != "normal") continue;
    EXPECT_EQ(to_hex(crypto::sha256(bytes)), row.at("fragment_sha256").get<std::string>());
    auto header = wire::FragmentHeader::parse(bytes);
    ASSERT_TRUE(header);
    EXPECT_EQ(header->set.value, row.at("set_id").get<std::uint32_t>());
    EXPECT_EQ(header->total, row.at("total").get<std::uint8_t>());
    EXPECT_EQ(header->position, row.at("current").get<std::uint8_t>());
  }
  EXPECT_GT(opened_count, 0U);
}

}  // namespace
}  // namespace nym
