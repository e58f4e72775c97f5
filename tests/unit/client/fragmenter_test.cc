#include "engine/client/fragmenter.h"

#include <gtest/gtest.h>

#include <deque>
#include <set>

#include "engine/client/reassembler.h"
#include "sim/kernel/seeded_random.h"

namespace nym::client {
namespace {

MemorySpool spool;

/// Draws what it is told to, then from a seed.
class GivenDraws final : public RandomSource {
 public:
  explicit GivenDraws(std::deque<std::uint32_t> draws) : draws_(std::move(draws)) {}
  void fill(MutableByteView out) override {
    if (draws_.empty()) return rest_.fill(out);
    auto bytes = to_be(draws_.front());
    draws_.pop_front();
    ASSERT_EQ(out.size(), bytes.size());
    std::copy(bytes.begin(), bytes.end(), out.begin());
  }
  std::unique_ptr<RandomSource> fork(std::string_view label) override { return rest_.fork(label); }

 private:
  std::deque<std::uint32_t> draws_;
  sim::SeededRandom rest_{1};
};

std::vector<PreparedFragment> all_of(Fragmenter& fragmenter) {
  std::vector<PreparedFragment> fragments;
  while (auto fragment = fragmenter.next()) fragments.push_back(*std::move(fragment));
  return fragments;
}

TEST(Fragmenter, GivesEveryFragmentInItsFullSizeWithoutItsZeroTail) {
  sim::SeededRandom random(1);
  Fragmenter fragmenter(wire::serialise(wire::PlainMessage{Bytes(1, 'A')}), wire::PacketSize::extended32, random);
  EXPECT_EQ(fragmenter.total(), 1U);
  EXPECT_EQ(fragmenter.remaining(), 1U);
  auto fragment = fragmenter.next();
  ASSERT_TRUE(fragment.has_value());
  EXPECT_EQ(fragment->bytes.size(), 32331U);
  EXPECT_EQ(fragment->bytes.stored().size(), 7U + 3U);
  EXPECT_EQ(fragmenter.remaining(), 0U);
  EXPECT_FALSE(fragmenter.next().has_value());
}

TEST(Fragmenter, ZerosOfTheMessageItselfAreNotTakenForPadding) {
  sim::SeededRandom random(2);
  wire::Message message = wire::PlainMessage{Bytes(5'000)};
  Fragmenter fragmenter(wire::serialise(message), wire::PacketSize::regular, random);
  Reassembler reassembler{ReassemblyLimits{}, spool};
  std::optional<wire::Message> received;
  for (const auto& fragment : all_of(fragmenter)) {
    EXPECT_EQ(fragment.bytes.size(), 1611U);
    received = reassembler.insert(TimePoint(), fragment.bytes.to_bytes()).value();
  }
  EXPECT_EQ(received, message);
}

TEST(Fragmenter, IdsAreThoseOfTheHeaders) {
  sim::SeededRandom random(3);
  Fragmenter fragmenter(wire::serialise(wire::PlainMessage{Bytes(500'000, 7)}), wire::PacketSize::regular, random);
  EXPECT_EQ(fragmenter.total(), wire::required_fragments(500'002, 1611).fragments);
  std::set<wire::SetId> sets;
  std::size_t count = 0;
  for (const auto& fragment : all_of(fragmenter)) {
    auto header = wire::FragmentHeader::parse(fragment.bytes.to_bytes()).value();
    EXPECT_EQ(header.id(), fragment.id);
    sets.insert(header.set);
    ++count;
  }
  EXPECT_EQ(count, fragmenter.total());
  EXPECT_EQ(sets.size(), 2U);
}

TEST(Fragmenter, EqualSetIdsAreDrawnAgain) {
  GivenDraws draws({5, 5, 0x80000000U, 0xfffffffbU, 6});
  Fragmenter fragmenter(wire::serialise(wire::PlainMessage{Bytes(500'000)}), wire::PacketSize::regular, draws);
  EXPECT_EQ(fragmenter.next()->id.set, wire::SetId{5});
  auto fragments = all_of(fragmenter);
  EXPECT_EQ(fragments.back().id.set, wire::SetId{6}) << "5, and minus 5 with the same magnitude, were taken";
}

TEST(Fragmenter, CutsTheSameFragmentsAgainFromTheSameSetIds) {
  sim::SeededRandom random(4);
  auto serialised = wire::serialise(wire::PlainMessage{Bytes(500'000, 7)});
  Fragmenter first(serialised, wire::PacketSize::regular, random);
  Fragmenter again(serialised, wire::PacketSize::regular, first.set_ids());
  EXPECT_EQ(to_bytes(again.serialised()), serialised);
  while (auto fragment = first.next()) {
    auto same = again.next();
    ASSERT_TRUE(same);
    EXPECT_EQ(same->id, fragment->id);
    EXPECT_EQ(same->bytes, fragment->bytes);
  }
  EXPECT_FALSE(again.next());
}

TEST(PacketSizeChoice, TakesTheSecondaryOnlyWhenItSavesPackets) {
  using wire::PacketSize;
  EXPECT_EQ(choose_packet_size(1, PacketSize::regular, std::nullopt), PacketSize::regular);
  EXPECT_EQ(choose_packet_size(1, PacketSize::regular, PacketSize::extended32), PacketSize::regular);
  EXPECT_EQ(choose_packet_size(5'000, PacketSize::regular, PacketSize::extended8), PacketSize::extended8);
  // The estimate counts one byte less a fragment: it already sees two packets here.
  EXPECT_EQ(choose_packet_size(1'603, PacketSize::regular, PacketSize::extended8), PacketSize::regular);
  EXPECT_EQ(choose_packet_size(1'604, PacketSize::regular, PacketSize::extended8), PacketSize::extended8);
}

}  // namespace
}  // namespace nym::client
