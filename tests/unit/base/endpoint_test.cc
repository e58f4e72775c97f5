#include "engine/base/endpoint.h"

#include <gtest/gtest.h>

namespace nym {
namespace {

TEST(Endpoint, Ipv4_goes_both_ways) {
  auto endpoint = parse_endpoint("1.2.3.4:1789");
  ASSERT_TRUE(endpoint.has_value());
  EXPECT_EQ(std::get<Ipv4>(endpoint->address).octets, (ByteArray<4>{1, 2, 3, 4}));
  EXPECT_EQ(endpoint->port, 1789);
  EXPECT_EQ(to_string(*endpoint), "1.2.3.4:1789");
}

TEST(Endpoint, Ipv6_stands_in_brackets) {
  auto endpoint = parse_endpoint("[2001:db8::1]:65535");
  ASSERT_TRUE(endpoint.has_value());
  EXPECT_EQ(std::get<Ipv6>(endpoint->address).octets,
            (ByteArray<16>{0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
  EXPECT_EQ(endpoint->port, 65535);
  EXPECT_EQ(to_string(*endpoint), "[2001:db8::1]:65535");
  EXPECT_TRUE(parse_endpoint("[::]:0").has_value());
}

TEST(Endpoint, Malformed_texts_are_refused) {
  for (const char* text :
       {"",           ":",          "1.2.3.4",    "1.2.3.4:",     ":80",         "1.2.3.4:65536", "1.2.3.4:-1",
        "1.2.3.4:+1", "1.2.3.4: 1", "1.2.3.4:1x", "1.2.3:4",      "1.2.3.256:4", "host:80",       "::1:80",
        "[::1]",      "[::1]80",    "[::1:80",    "[1.2.3.4]:80", "[]:80",       "[::g]:80"}) {
    EXPECT_FALSE(parse_endpoint(text).has_value()) << text;
  }
}

TEST(Endpoint, Addresses_alone_have_no_brackets) {
  EXPECT_TRUE(std::holds_alternative<Ipv4>(*parse_ip("127.0.0.1")));
  EXPECT_TRUE(std::holds_alternative<Ipv6>(*parse_ip("::1")));
  EXPECT_EQ(to_string(*parse_ip("::1")), "::1");
  for (std::string_view text : {std::string_view("[::1]"), std::string_view(""), std::string_view("1.2.3.4 "),
                                std::string_view("1.2.3.4\0", 8), std::string_view("\0", 1)}) {
    EXPECT_FALSE(parse_ip(text).has_value());
  }
}

TEST(Endpoint, They_are_ordered_by_address_then_port) {
  auto at = [](const char* text) { return *parse_endpoint(text); };
  EXPECT_LT(at("1.2.3.4:2"), at("1.2.3.5:1"));
  EXPECT_LT(at("1.2.3.4:1"), at("1.2.3.4:2"));
  EXPECT_LT(at("255.255.255.255:1"), at("[::]:1"));
  EXPECT_LT(at("9.0.0.200:7"), at("200.0.0.9:6"));
  EXPECT_LT(at("[::1]:9"), at("[::2]:1"));
  EXPECT_LT(at("[::1]:1"), at("[::1]:9"));
  EXPECT_EQ(at("1.2.3.4:1") <=> at("1.2.3.4:1"), std::strong_ordering::equal);
  EXPECT_EQ(at("[::1]:1") <=> at("[::1]:1"), std::strong_ordering::equal);
}

}  // namespace
}  // namespace nym
