#include "net/storage/journal_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "engine/client/fragmenter.h"
#include "net/files.h"
#include "tests/net/temporary_directory.h"

namespace nym::net {
namespace {

class Journal : public testing::Test {
 protected:
  client::JournaledMessage message(std::uint64_t id, std::size_t bytes) const {
    client::JournaledMessage made{client::MessageId{id},
                                  wire::SenderTag{{9}},
                                  wire::PacketSize::regular,
                                  {},
                                  Bytes(bytes, static_cast<std::uint8_t>(id))};
    auto sets = client::sets_needed(bytes, made.size);
    for (std::size_t i = 0; i < sets; ++i) made.sets.push_back({static_cast<std::uint32_t>(id * 1'000 + i)});
    return made;
  }
  JournalFile::Opened open() const {
    auto opened = JournalFile::open(path, {1'000'000});
    EXPECT_TRUE(opened.has_value()) << opened.error().text();
    return std::move(*opened);
  }

  test::TemporaryDirectory folder;
  std::string path = (folder.path() / "journal.sqlite").string();
};

TEST_F(Journal, HoldsMessagesUntilTheirOutcomeIsKnown) {
  {
    auto opened = open();
    EXPECT_TRUE(opened.messages.empty());
    std::vector<client::JournalOperation> operations{client::AddToJournal{message(1, 10)},
                                                     client::AddToJournal{message(2, 1'000'000)},
                                                     client::AddToJournal{message(3, 20)}};
    ASSERT_TRUE(opened.file.commit(operations).has_value());
    std::vector<client::JournalOperation> ended{client::RemoveFromJournal{client::MessageId{1}}};
    ASSERT_TRUE(opened.file.commit(ended).has_value());
  }
  auto again = open();
  ASSERT_EQ(again.messages.size(), 2U);
  EXPECT_EQ(again.messages[0].id, client::MessageId{2});
  EXPECT_EQ(again.messages[0].sets, message(2, 1'000'000).sets);
  EXPECT_EQ(again.messages[0].serialised, message(2, 1'000'000).serialised);
  EXPECT_EQ(std::get<wire::SenderTag>(again.messages[1].target), wire::SenderTag{{9}});
}

TEST_F(Journal, RemembersForAnHourWhatWasReceived) {
  {
    auto opened = open();
    std::vector<client::JournalOperation> early{client::RememberFinishedSets{{{7}}, {1'000'000 - 3'700}}};
    std::vector<client::JournalOperation> late{client::RememberFinishedSets{{{8}, {9}}, {1'000'000 - 60}}};
    ASSERT_TRUE(opened.file.commit(early).has_value());
    ASSERT_TRUE(opened.file.commit(late).has_value());
  }
  EXPECT_EQ(open().finished_sets, (std::vector<wire::SetId>{{8}, {9}}));
}

TEST_F(Journal, IsPrivate) {
  auto opened = open();
  struct stat status{};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

// It may hold messages: unlike a reply store it is never replaced by a fresh one.
TEST_F(Journal, ThatIsNoDatabaseStopsTheStartAndStays) {
  ASSERT_TRUE(write_file_atomically(path, as_bytes("not a database, but somebody's")).has_value());
  auto opened = JournalFile::open(path, {1'000'000});
  ASSERT_FALSE(opened.has_value());
  EXPECT_NE(opened.error().text().find("move it away"), std::string::npos) << opened.error().text();
  EXPECT_EQ(as_text(*read_file(path, 100)), "not a database, but somebody's");
}

TEST_F(Journal, OfAMessageThatDoesNotFitItsSetsIsRefused) {
  {
    auto opened = open();
    auto bad = message(1, 10);
    bad.sets.push_back({77});
    std::vector<client::JournalOperation> operations{client::AddToJournal{bad}};
    ASSERT_TRUE(opened.file.commit(operations).has_value());
  }
  EXPECT_FALSE(JournalFile::open(path, {1'000'000}).has_value());
}

}  // namespace
}  // namespace nym::net
