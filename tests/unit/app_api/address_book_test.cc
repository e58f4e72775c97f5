#include "engine/app_api/address_book.h"

#include <gtest/gtest.h>

#include "engine/app_api/codec.h"
#include "tests/support/addresses.h"

namespace nym::app_api {
namespace {

TEST(AddressBook, Knows_whole_addresses_as_bytes) {
  AddressBook book(test::address(1));
  auto other = test::address(2);
  EXPECT_EQ(*book.find(test::address(1).to_bytes()), test::address(1));
  EXPECT_EQ(book.find(other.to_bytes()), nullptr);
  book.learn(other);
  EXPECT_EQ(*book.find(other.to_bytes()), other);
  for (std::size_t at = 0; at < wire::Recipient::kSize; ++at) {
    auto changed = other.to_bytes();
    changed[at] ^= 1;
    EXPECT_EQ(book.find(changed), nullptr) << at;
  }
}

TEST(AddressBook, What_it_knows_is_read_as_what_it_does_not_know) {
  AddressBook book(test::address(1));
  for (unsigned peer = 1; peer < 4; ++peer) {
    for (const Request& request :
         {Request(Send{.recipient = test::address(peer), .data = {1, 2, 3}, .lane = {}}),
          Request(SendAnonymous{.recipient = test::address(peer), .data = {4}, .reply_surbs = 2, .lane = {}})}) {
      auto bytes = to_binary(request);
      EXPECT_EQ(parse_binary_request(bytes, &book).value(), request);
      bytes.back() ^= 1;
      bytes[20] ^= 0x40;
      auto [with, without] = std::pair(parse_binary_request(bytes, &book), parse_binary_request(bytes));
      ASSERT_EQ(with.has_value(), without.has_value());
      if (with) {
        EXPECT_EQ(*with, *without);
      }
    }
  }
}

}  // namespace
}  // namespace nym::app_api
