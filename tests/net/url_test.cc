#include "net/url.h"

#include <gtest/gtest.h>

#include <array>

#include "net/error.h"

namespace nym::net {
namespace {

std::string read(std::string_view text) {
  auto url = parse_url(text);
  return url ? to_string(*url) : "error";
}

std::string joined(std::string_view base, std::string_view reference) {
  auto url = join_url(parse_url(base).value(), reference);
  return url ? to_string(*url) : "error";
}

std::string appended(std::string_view base) {
  return to_string(append_segments(parse_url(base).value(), std::array<std::string_view, 2>{"v1", "gateways"}));
}

TEST(Url, PartsAreSeparated) {
  auto url = parse_url("WSS://Example.ORG:9001/a/b?c=d#e").value();
  EXPECT_EQ(url.scheme, Scheme::wss);
  EXPECT_EQ(url.host, "example.org");
  EXPECT_EQ(url.port, 9001);
  EXPECT_EQ(url.path, "/a/b");
  EXPECT_EQ(url.query, "?c=d");
  EXPECT_EQ(url.target(), "/a/b?c=d");
}

TEST(Url, TheSchemesOwnPortIsNotShown) {
  EXPECT_EQ(read("http://a:80"), "http://a/");
  EXPECT_EQ(read("https://a:80/"), "https://a:80/");
  EXPECT_EQ(parse_url("https://a").value().port, 443);
  EXPECT_EQ(parse_url("ws://a").value().authority(), "a");
  EXPECT_EQ(parse_url("ws://1.2.3.4:9000").value().authority(), "1.2.3.4:9000");
}

TEST(Url, Ipv6HostsMayLackTheirBracketsBeforeAPort) {
  EXPECT_EQ(read("ws://[::1]:9000"), "ws://[::1]:9000/");
  EXPECT_EQ(read("ws://2001:db8::1:9000"), "ws://[2001:db8::1]:9000/");
  EXPECT_EQ(parse_url("ws://[::1]").value().host, "::1");
}

TEST(Url, WhatIsNoAddressIsRefused) {
  for (std::string_view text : {"",
                                "http",
                                "http:",
                                "http:/",
                                "http://",
                                "http:///x",
                                "ftp://a",
                                "://a",
                                "a.b",
                                "http://a:0",
                                "http://a:65536",
                                "http://a:",
                                "http://a:x",
                                "http://u@a",
                                "http://u:p@a",
                                "http://a b",
                                "http://a/\r\nx",
                                "http://a/\x80",
                                "http://[::1",
                                "http://[::1]x",
                                "http://[1.2.3.4]",
                                "http://a_/<>\\^` {",
                                "http://ex^ample"}) {
    auto url = parse_url(text);
    ASSERT_FALSE(url.has_value()) << text;
    EXPECT_TRUE(url.error().is(NetError::bad_url));
  }
  EXPECT_EQ(read("http://a/" + std::string(10'000, 'x')), "error");
}

TEST(Url, SegmentsAreAppendedAsTheOriginalDoes) {
  EXPECT_EQ(appended("http://a"), "http://a/v1/gateways");
  EXPECT_EQ(appended("http://a/"), "http://a/v1/gateways");
  EXPECT_EQ(appended("http://a/api"), "http://a/api/v1/gateways");
  EXPECT_EQ(appended("http://a/api/"), "http://a/api//v1/gateways");
  EXPECT_EQ(appended("http://a/api?x=1"), "http://a/api/v1/gateways?x=1");
}

TEST(Url, ReferencesAreSeenFromTheirBase) {
  EXPECT_EQ(joined("http://a/b/c?d", "https://e/f"), "https://e/f");
  EXPECT_EQ(joined("https://a/b/c?d", "//e:1/f"), "https://e:1/f");
  EXPECT_EQ(joined("http://a:8/b/c?d", "/e"), "http://a:8/e");
  EXPECT_EQ(joined("http://a/b/c?d", "e"), "http://a/b/e");
  EXPECT_EQ(joined("http://a/b/c?d", "?e"), "http://a/b/c?e");
  EXPECT_EQ(joined("http://a/b/c/d", "../e/./f"), "http://a/b/e/f");
  EXPECT_EQ(joined("http://a/b", "../../.."), "http://a/");
  EXPECT_EQ(joined("http://a/b/c", "./"), "http://a/b/");
  EXPECT_EQ(joined("http://a/b?x", "#frag"), "http://a/b?x");
  EXPECT_EQ(joined("http://a/b", "mailto:x"), "error");
  EXPECT_EQ(joined("http://a/b", "/x y"), "error");
}

}  // namespace
}  // namespace nym::net
