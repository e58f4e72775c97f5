#include "engine/wire/chunking.h"

#include <gtest/gtest.h>

#include <deque>

#include "engine/base/text_encoding.h"
#include "engine/client/reassembler.h"
#include "engine/crypto/hash.h"
#include "tests/vectors/recorded_network.h"

namespace nym::wire {
namespace {

MemorySpool spool;

using test::array_of;
using test::bytes_of;
using test::cases_of;
using test::Json;

const Json& section(const char* name) {
  return test::vectors("chunking.json").at(name);
}

/// Gives recorded 32-bit draws and no others.
class RecordedDraws final : public RandomSource {
 public:
  explicit RecordedDraws(const Json& draws) {
    for (const auto& draw : draws) {
      for (std::uint8_t byte : array_of<4>(draw)) bytes_.push_back(byte);
    }
  }
  void fill(MutableByteView out) override {
    for (std::uint8_t& byte : out) {
      byte = bytes_.at(0);
      bytes_.pop_front();
    }
  }
  std::unique_ptr<RandomSource> fork(std::string_view) override { throw std::runtime_error("not recorded"); }
  bool is_used_up() const { return bytes_.empty(); }

 private:
  std::deque<std::uint8_t> bytes_;
};

SetId set_id(const Json& hex) {
  return SetId{load_be<std::uint32_t>(array_of<4>(hex))};
}

std::vector<SetId> set_ids(const Json& list) {
  std::vector<SetId> ids;
  for (const auto& id : cases_of(list)) ids.push_back(set_id(id));
  return ids;
}

std::optional<SetId> optional_id(const Json& value) {
  if (value.is_null()) return std::nullopt;
  return SetId{static_cast<std::uint32_t>(value.get<std::int64_t>())};
}

TEST(ChunkingVectors, ConstantsAreTheRecordedOnes) {
  const auto& constants = section("constants");
  EXPECT_EQ(kUnlinkedHeader, constants.at("UNLINKED_HEADER").get<std::size_t>());
  EXPECT_EQ(kLinkedHeader, constants.at("LINKED_HEADER").get<std::size_t>());
  EXPECT_EQ(required_fragments(constants.at("MIN_PADDING_OVERHEAD").get<std::size_t>(), 1611).fragments, 1U);
  EXPECT_EQ(FragmentId::cover().to_bytes(), array_of<5>(constants.at("COVER_FRAG_ID")));
}

TEST(ChunkingVectors, CountsAreTheRecordedOnes) {
  for (const auto& table : cases_of(section("required_fragments").at("tables"))) {
    auto size = table.at("plaintext_per_fragment").get<std::size_t>();
    EXPECT_EQ(size - kUnlinkedHeader, table.at("unlinked_payload").get<std::size_t>());
    EXPECT_EQ(size - kLinkedHeader, table.at("linked_payload").get<std::size_t>());
    for (const auto& row : cases_of(table.at("rows"))) {
      auto length = row.at(0).get<std::size_t>();
      EXPECT_EQ(required_fragments(length, size), (FragmentCount{row.at(1), row.at(2)})) << size << " " << length;
      EXPECT_EQ(required_sets(length, size), row.at(3).get<std::size_t>()) << size << " " << length;
    }
    auto lone = table.at("max_unlinked_set").get<std::size_t>();
    auto end = table.at("max_one_way_linked_set").get<std::size_t>();
    auto middle = table.at("two_way_linked_set").get<std::size_t>();
    EXPECT_EQ(required_sets(lone, size), 1U);
    EXPECT_EQ(required_sets(lone + 1, size), 2U);
    EXPECT_EQ(required_sets(2 * end, size), 2U);
    EXPECT_EQ(required_sets(2 * end + 1, size), 3U);
    EXPECT_EQ(required_sets(2 * end + middle, size), 3U);
    EXPECT_EQ(required_sets(2 * end + middle + 1, size), 4U);
  }
}

TEST(ChunkingVectors, SetIdsComeFromTheRecordedDraws) {
  for (const auto& row : cases_of(section("set_id_from_random"))) {
    RecordedDraws draws(cases_of(row.at("random_u32_draws")));
    SetId id = draw_set_id(draws);
    EXPECT_EQ(id.value, row.at("set_id").get<std::uint32_t>());
    EXPECT_EQ(id, set_id(row.at("set_id_hex")));
    EXPECT_TRUE(draws.is_used_up());
  }
}

TEST(ChunkingVectors, FragmentIdentifiersHaveTheirRecordedBytes) {
  for (const auto& row : cases_of(section("fragment_identifiers"))) {
    FragmentId id{SetId{row.at("set_id").get<std::uint32_t>()}, row.at("position").get<std::uint8_t>()};
    EXPECT_EQ(id.to_bytes(), array_of<5>(row.at("bytes")));
    EXPECT_EQ(FragmentId::from_bytes(array_of<5>(row.at("bytes"))), id);
  }
}

TEST(ChunkingVectors, HeadersAreParsedOrRefusedAsRecorded) {
  for (const auto& row : cases_of(section("fragment_parsing"))) {
    Bytes bytes = bytes_of(row.at("bytes"));
    auto header = FragmentHeader::parse(bytes);
    ASSERT_EQ(header.has_value(), !row.contains("error")) << row;
    if (!header) {
      bool is_short = row.at("error") == "TooShortFragmentHeader";
      EXPECT_TRUE(header.error().is(is_short ? WireError::too_short : WireError::bad_fragment)) << row;
      continue;
    }
    EXPECT_EQ(header->set.value, row.at("set_id").get<std::uint32_t>());
    EXPECT_EQ(header->total, row.at("total").get<std::uint8_t>());
    EXPECT_EQ(header->position, row.at("position").get<std::uint8_t>());
    EXPECT_EQ(header->previous_set(), optional_id(row.at("previous_set"))) << row;
    EXPECT_EQ(header->next_set(), optional_id(row.at("next_set"))) << row;
    EXPECT_EQ(bytes.size() - header->size(), row.at("payload_len").get<std::size_t>());
    EXPECT_EQ(bytes.size(), row.at("serialized_size").get<std::size_t>());
    EXPECT_EQ(header->id().to_bytes(), array_of<5>(row.at("fragment_identifier")));
    Bytes again = header->to_bytes();
    append(again, ByteView(bytes).subspan(header->size()));
    EXPECT_EQ(again == bytes, row.at("serialises_back_identically").get<bool>());
  }
}

/// A sender of ours keeps the original's rules, and makes nothing that the original's receiver would refuse either.
TEST(ChunkingVectors, SenderRulesAreTheRecordedOnes) {
  auto size = section("fragment_creation_rules").at("plaintext_per_fragment").get<std::size_t>();
  for (const auto& row : cases_of(section("fragment_creation_rules"))) {
    auto previous = optional_id(row.at("previous"));
    auto next = optional_id(row.at("next"));
    ASSERT_FALSE(previous && next) << "a fragment is never linked both ways";
    FragmentHeader header{SetId{static_cast<std::uint32_t>(row.at("set_id").get<std::int64_t>())},
                          row.at("total").get<std::uint8_t>(), row.at("position").get<std::uint8_t>(),
                          previous ? previous : next};
    const auto& result = row.at("result");
    bool expected = result.contains("first_bytes");
    if (expected) {
      Bytes first = bytes_of(result.at("first_bytes"));
      EXPECT_EQ(header.to_bytes(), first) << row;
      auto payload = row.at("payload_len").get<std::size_t>();
      EXPECT_EQ(header.size() + payload, result.at("serialized_size").get<std::size_t>());
      expected = FragmentHeader::parse(first).has_value();
    }
    EXPECT_EQ(keeps_sender_rules(header, row.at("payload_len").get<std::size_t>(), size), expected) << row;
  }
}

/// Fragments grouped by set.
std::vector<std::vector<Bytes>> fragments_of(ByteView message, std::size_t size, std::span<const SetId> ids) {
  std::vector<std::vector<Bytes>> sets;
  for (const auto& slice : split(message.size(), size, ids)) {
    if (slice.header.position == 1) sets.emplace_back();
    sets.back().push_back(serialise_fragment(slice, message));
  }
  return sets;
}

void expect_recorded_fragment(const Json& row, const std::vector<Bytes>& set) {
  const Bytes& fragment = set.at(row.at(0).get<std::size_t>() - 1);
  if (row.size() == 2) {
    EXPECT_EQ(to_hex(fragment), row.at(1).get<std::string>());
    return;
  }
  EXPECT_EQ(fragment.size(), row.at(1).get<std::size_t>());
  EXPECT_EQ(to_hex(ByteView(fragment).first(10)), row.at(2).get<std::string>());
  EXPECT_EQ(to_hex(crypto::sha256(fragment)), row.at(3).get<std::string>());
}

TEST(ChunkingVectors, MessagesAreSplitAsRecorded) {
  for (const auto& row : cases_of(section("splits"))) {
    Bytes message = bytes_of(row.at("message"));
    auto sets = fragments_of(message, row.at("plaintext_per_fragment").get<std::size_t>(), set_ids(row.at("set_ids")));
    const auto& expected = cases_of(row.at("sets"));
    ASSERT_EQ(sets.size(), expected.size());
    for (std::size_t i = 0; i < sets.size(); ++i) {
      EXPECT_EQ(sets[i].size(), expected[i].at("fragments").get<std::size_t>());
      for (const auto& fragment : cases_of(expected[i].at("rows"))) expect_recorded_fragment(fragment, sets[i]);
    }
  }
}

/// One [set, position] a fragment, from runs [set, first, last, step] with step 0 for a single one.
std::vector<std::pair<std::size_t, std::size_t>> insertions(const Json& runs) {
  std::vector<std::pair<std::size_t, std::size_t>> order;
  for (const auto& run : cases_of(runs)) {
    auto set = run.at(0).get<std::size_t>();
    auto last = run.at(2).get<std::int64_t>();
    auto step = run.at(3).get<std::int64_t>();
    for (auto position = run.at(1).get<std::int64_t>();; position += step) {
      order.emplace_back(set, static_cast<std::size_t>(position));
      if (step == 0 || position == last) break;
    }
  }
  return order;
}

Result<std::optional<client::AssembledBytes>> insert(client::SetAssembler& assembler, ByteView fragment) {
  auto header = FragmentHeader::parse(fragment).value();
  return assembler.insert(TimePoint(), header, fragment.subspan(header.size()));
}

void expect_recorded_result(const Json& result, const client::AssembledBytes& assembled, const Json& messages) {
  EXPECT_EQ(assembled.padded.size(), result.at("message_len").get<std::size_t>());
  EXPECT_EQ(to_hex(crypto::sha256(assembled.padded.stored())), result.at("message_sha256").get<std::string>());
  EXPECT_EQ(assembled.padded.to_bytes(),
            bytes_of(messages.at(result.at("equals_message").get<std::size_t>()).at("message")));
  EXPECT_EQ(assembled.sets, set_ids(result.at("used_set_ids")));
}

TEST(ChunkingVectors, FragmentsAreReassembledAtTheRecordedInsertions) {
  for (const auto& row : cases_of(section("reconstruction"))) {
    std::vector<std::vector<Bytes>> sets;
    for (const auto& message : cases_of(row.at("messages"))) {
      auto own = fragments_of(bytes_of(message.at("message")), row.at("plaintext_per_fragment").get<std::size_t>(),
                              set_ids(message.at("set_ids")));
      sets.insert(sets.end(), own.begin(), own.end());
    }
    ASSERT_EQ(sets.size(), row.at("set_sizes").size());
    for (std::size_t i = 0; i < sets.size(); ++i) EXPECT_EQ(sets[i].size(), row.at("set_sizes").at(i));
    if (row.at("fragments").is_array()) {
      for (std::size_t i = 0; i < sets.size(); ++i) {
        for (std::size_t k = 0; k < sets[i].size(); ++k) {
          EXPECT_EQ(to_hex(sets[i][k]), row.at("fragments").at(i).at(k).get<std::string>());
        }
      }
    }

    client::SetAssembler assembler{client::ReassemblyLimits{}, spool};
    auto expected = cases_of(row.at("results")).begin();
    auto order = insertions(row.at("insertion_runs"));
    for (std::size_t i = 0; i < order.size(); ++i) {
      auto assembled = insert(assembler, sets.at(order[i].first).at(order[i].second - 1)).value();
      bool due = expected != row.at("results").end() && expected->at("at_insertion") == i;
      ASSERT_EQ(assembled.has_value(), due) << row.at("name") << " insertion " << i;
      if (!assembled) continue;
      expect_recorded_result(*expected, *assembled, row.at("messages"));
      ++expected;
    }
    EXPECT_TRUE(expected == row.at("results").end()) << row.at("name");
    if (row.at("insertions_set_index_position").is_array()) {
      const auto& written_out = row.at("insertions_set_index_position");
      ASSERT_EQ(written_out.size(), order.size());
      for (std::size_t i = 0; i < order.size(); ++i) {
        EXPECT_EQ(written_out.at(i), (Json{order[i].first, order[i].second}));
      }
    }
  }
}

TEST(ChunkingVectors, InconsistentTotalsAreTakenOrDroppedAsRecorded) {
  for (const auto& row : cases_of(section("inconsistent_totals"))) {
    client::SetAssembler assembler{client::ReassemblyLimits{}, spool};
    for (std::size_t i = 0; i < cases_of(row.at("fragments")).size(); ++i) {
      auto assembled = insert(assembler, bytes_of(row.at("fragments").at(i)));
      const auto& expected = row.at("results").at(i);
      if (expected == "reference panics") {
        ASSERT_FALSE(assembled.has_value()) << row;
        EXPECT_TRUE(assembled.error().is(client::ClientError::malformed_fragment));
        continue;
      }
      ASSERT_TRUE(assembled.has_value()) << row;
      ASSERT_EQ(assembled->has_value(), expected.is_object()) << row;
      if (!*assembled) continue;
      EXPECT_EQ((*assembled)->padded, bytes_of(expected.at("message")));
      ASSERT_EQ((*assembled)->sets.size(), expected.at("used").size());
      for (std::size_t k = 0; k < expected.at("used").size(); ++k) {
        EXPECT_EQ((*assembled)->sets[k].value, expected.at("used").at(k).get<std::uint32_t>());
      }
    }
  }
}

}  // namespace
}  // namespace nym::wire
