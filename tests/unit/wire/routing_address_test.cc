#include "engine/wire/routing_address.h"

#include <gtest/gtest.h>

namespace nym::wire {
namespace {

TEST(RoutingAddress, PaddingIsNotLookedAt) {
  Bytes bytes = encode_address(Endpoint{Ipv4{{1, 2, 3, 4}}, 1789});
  bytes.resize(32, 0xff);
  auto decoded = decode_address(bytes).value();
  EXPECT_EQ(to_string(decoded.endpoint), "1.2.3.4:1789");
  EXPECT_EQ(decoded.length, 7U);
}

TEST(RoutingAddress, MappedAddressesStayIpv6) {
  Endpoint mapped{Ipv6{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 1, 2, 3, 4}}, 1};
  auto decoded = decode_address(encode_address_32(mapped)).value();
  EXPECT_TRUE(std::holds_alternative<Ipv6>(decoded.endpoint.address));
  EXPECT_EQ(decoded.endpoint, mapped);
  EXPECT_EQ(decoded.length, 19U);
}

TEST(RoutingAddress, EveryCutIsRefused) {
  for (const Endpoint& endpoint : {Endpoint{Ipv4{}, 7}, Endpoint{Ipv6{}, 7}}) {
    Bytes whole = encode_address(endpoint);
    for (std::size_t length = 0; length < whole.size(); ++length) {
      EXPECT_FALSE(decode_address(ByteView(whole).first(length)).has_value()) << length;
    }
  }
}

}  // namespace
}  // namespace nym::wire
