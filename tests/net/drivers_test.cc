#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "net/drivers/mixnode_driver.h"
#include "net/storage/gateway_store.h"
#include "net/storage/reply_store_file.h"
#include "net/storage/sqlite.h"
#include "tests/net/temporary_directory.h"
#include "tests/support/addresses.h"
#include "tests/support/packets.h"

namespace nym::net {
namespace {

const Endpoint kAnyPort{Ipv4{{127, 0, 0, 1}}, 0};

Bytes frame_of(const Blob& packet) {
  auto bytes =
      wire::encode_frame_header(wire::PacketSize::regular, wire::PacketType::mix, wire::FrameHeaderForm::legacy);
  append(bytes, packet.to_bytes());
  return bytes;
}

/// A mixnode on real sockets, the node after it played by the test.
class MixnodeOnSockets : public testing::Test {
 protected:
  void SetUp() override {
    auto listening = TcpListener::listen(runtime, kAnyPort, [this](std::unique_ptr<TcpLink> accepted, const Endpoint&) {
      next_hop = std::move(accepted);
      next_hop->start({[] {}, [this](ByteView data) { append(arrived, data); }, [](std::size_t) {},
                       [](CloseReason, std::string_view) {}});
    });
    ASSERT_TRUE(listening);
    listener = std::move(*listening);
    network.endpoints[1] = listener->local_endpoint();
    auto started = MixnodeDriver::start(runtime, {network.keys[0], relay::ReplayMode::reject, {}}, kAnyPort,
                                        [this](const mixnode::Event& event) {
                                          if (const auto* drop = std::get_if<mixnode::PacketDropped>(&event)) {
                                            ++drops[drop->reason];
                                          }
                                        });
    ASSERT_TRUE(started);
    mixnode = std::move(*started);
    connect();
  }
  void connect() {
    closed = false;
    link = TcpLink::connect(runtime, mixnode->mix_endpoint());
    link->start({[] {}, [](ByteView) {}, [](std::size_t) {}, [this](CloseReason, std::string_view) { closed = true; }});
  }
  bool wait(const std::function<bool()>& done) { return runtime.run_until(done, now() + Duration::seconds(20)); }

  nym::test::SmallNetwork network{1};
  Runtime runtime;
  std::unique_ptr<TcpListener> listener;
  std::unique_ptr<TcpLink> next_hop;
  std::unique_ptr<MixnodeDriver> mixnode;
  std::unique_ptr<TcpLink> link;
  Bytes arrived;
  std::map<DropReason, int> drops;
  bool closed = false;
};

TEST_F(MixnodeOnSockets, ForwardsAPacketAndDropsItsReplay) {
  auto packet = network.packet(0, {1'000'000});
  link->send(frame_of(packet));
  ASSERT_TRUE(wait([&] { return arrived.size() == 2'415; }));
  auto expected = network.suite.peel(packet, network.keys[0]);
  ASSERT_TRUE(expected);
  EXPECT_EQ(arrived, frame_of(std::get<sphinx::ForwardPacket>(expected->hop).packet));
  link->send(frame_of(packet));
  ASSERT_TRUE(wait([&] { return drops[DropReason::replayed] == 1; }));
  EXPECT_FALSE(closed);
}

TEST_F(MixnodeOnSockets, DropsABadMacAndGoesOnWithTheSameConnection) {
  auto damaged = network.packet(0, {}).to_bytes();
  damaged[40] ^= 1;
  link->send(frame_of(Blob(damaged)));
  link->send(frame_of(network.packet(0, {})));
  ASSERT_TRUE(wait([&] { return arrived.size() == 2'415; }));
  EXPECT_EQ(drops[DropReason::bad_header_mac], 1);
  EXPECT_FALSE(closed);
}

TEST_F(MixnodeOnSockets, ClosesAConnectionWhoseFramesHaveNoKnownSizeAndServesOthers) {
  link->send(Bytes{9, 9, 9, 9, 9});
  ASSERT_TRUE(wait([&] { return closed; }));
  connect();
  link->send(frame_of(network.packet(0, {})));
  ASSERT_TRUE(wait([&] { return arrived.size() == 2'415; }));
}

TEST(GatewayStore, KeepsKeysBandwidthAndMessagesOverAReopening) {
  test::TemporaryDirectory folder;
  auto path = (folder.path() / "db.sqlite").string();
  sim::SeededRandom random(1);
  gateway::ClientAddress client{draw_array<32>(random)};
  auto keys = sphinx::GatewaySharedKeys::from_bytes(draw_array<32>(random));
  {
    auto store = GatewayStore::open(path);
    ASSERT_TRUE(store) << store.error().text();
    std::vector<gateway::StoreOperation> operations{
        gateway::StoreSharedKeys{client, keys}, gateway::StoreBandwidth{client, 77},
        gateway::StoreMessage{client, Blob(Bytes{1, 2, 3})}, gateway::StoreMessage{client, Blob(Bytes{})}};
    ASSERT_TRUE(store->commit(operations));
  }
  auto store = GatewayStore::open(path);
  ASSERT_TRUE(store);
  auto state = store->load();
  ASSERT_TRUE(state);
  ASSERT_EQ(state->clients.size(), 1U);
  EXPECT_EQ(state->clients[0].address, client);
  EXPECT_EQ(state->clients[0].bandwidth, 77);
  EXPECT_EQ(state->inbox[client].messages, 2U);
  EXPECT_EQ(state->inbox[client].bytes, 3U);
  auto messages = store->read_inbox({{1}, client, {0}, 10});
  ASSERT_TRUE(messages);
  ASSERT_EQ(messages->size(), 2U);
  EXPECT_EQ((*messages)[0].content, Blob(Bytes{1, 2, 3}));
  std::vector<gateway::StoreOperation> removal{gateway::DeleteMessages{{(*messages)[0].id}}};
  ASSERT_TRUE(store->commit(removal));
  EXPECT_EQ(store->read_inbox({{1}, client, {0}, 10})->size(), 1U);
}

TEST(GatewayStore, RefusesAFileThatIsNoDatabase) {
  test::TemporaryDirectory folder;
  auto path = folder.path() / "db.sqlite";
  std::ofstream(path) << "this is not a database, and long enough to be looked at as one ............................";
  auto store = GatewayStore::open(path.string());
  ASSERT_FALSE(store);
  EXPECT_NE(store.error().text().find("db.sqlite"), std::string::npos) << store.error().text();
}

// 07 no. 63
TEST(GatewayStore, HasTheTablesOfTheOriginal) {
  test::TemporaryDirectory folder;
  auto path = (folder.path() / "db.sqlite").string();
  ASSERT_TRUE(GatewayStore::open(path));
  auto database = SqlDatabase::open(path);
  ASSERT_TRUE(database);
  for (const char* query : {"SELECT client_address_bs58, derived_aes128_ctr_blake3_hmac_keys_bs58 FROM shared_keys",
                            "SELECT id, client_address_bs58, content FROM message_store",
                            "SELECT client_address_bs58, available FROM available_bandwidth"}) {
    auto row = database->prepare(query).step();
    ASSERT_TRUE(row) << query;
    EXPECT_FALSE(*row) << query;
  }
  auto mode = database->prepare("PRAGMA journal_mode");
  ASSERT_TRUE(mode.step());
  EXPECT_EQ(mode.text(0), "wal");
}

class ReplyStore : public testing::Test {
 protected:
  Result<ReplyStoreFile::Opened> open(std::int64_t now = 1'000'000) { return ReplyStoreFile::open(path, {}, {now}); }
  sphinx::ReplySurb surb(std::uint8_t mark) { return {Bytes(sphinx::kReplySurb, mark)}; }
  /// A store with one SURB, one reply key and one sender tag, left as the original leaves it.
  void leave_as_the_original(const std::string& status) {
    {
      auto opened = open();
      ASSERT_TRUE(opened) << opened.error().text();
      std::vector<client::ReplyOperation> operations{client::AddSurbs{tag, {surb(1)}, {999}},
                                                     client::AddReplyKeys{{sphinx::SurbKey(ByteArray<16>{9})}, {998}},
                                                     client::SetSenderTag{nym::test::address(1), tag}};
      ASSERT_TRUE(opened->file.commit(operations));
    }
    auto database = SqlDatabase::open(path);
    ASSERT_TRUE(database);
    ASSERT_TRUE(database->execute("PRAGMA application_id = 0; UPDATE status SET " + status));
  }
  test::TemporaryDirectory folder;
  std::string path = (folder.path() / "replies.sqlite").string();
  wire::SenderTag tag{{1, 2, 3}};
};

// 04 §2.9: without it the original sets the file aside.
TEST_F(ReplyStore, HasTheMigrationRowOfTheOriginal) {
  ASSERT_TRUE(open());
  auto database = SqlDatabase::open(path);
  ASSERT_TRUE(database);
  auto row = database->prepare("SELECT version, description, success, checksum FROM _sqlx_migrations");
  auto found = row.step();
  ASSERT_TRUE(found && *found);
  EXPECT_EQ(row.integer(0), 20'221'130'120'000);
  EXPECT_EQ(row.text(1), "create initial tables");
  EXPECT_EQ(row.integer(2), 1);
  EXPECT_EQ(row.blob(3).size(), 48U);
  EXPECT_EQ(row.blob(3)[0], 0x96);
}

TEST_F(ReplyStore, ReadsAFileOfTheOriginal) {
  leave_as_the_original("flush_in_progress = 0, previous_flush_timestamp = 999990, client_in_use = 0");
  auto opened = open();
  ASSERT_TRUE(opened) << opened.error().text();
  EXPECT_TRUE(opened->note.empty()) << opened->note;
  EXPECT_EQ(opened->replies.senders.size(), 1U);
  EXPECT_EQ(opened->replies.keys.size(), 1U);
  EXPECT_EQ(opened->replies.own_tags.size(), 1U);
}

TEST_F(ReplyStore, KeepsOnlyTagsOfAnOriginalThatCrashed) {
  leave_as_the_original("flush_in_progress = 0, previous_flush_timestamp = 999990, client_in_use = 1");
  auto opened = open();
  ASSERT_TRUE(opened) << opened.error().text();
  EXPECT_TRUE(opened->replies.senders.empty());
  EXPECT_TRUE(opened->replies.keys.empty());
  EXPECT_EQ(opened->replies.own_tags.size(), 1U);
}

TEST_F(ReplyStore, SetsAsideWhatWasNeverFlushed) {
  for (const char* status : {"previous_flush_timestamp = 0", "flush_in_progress = 1"}) {
    ASSERT_NO_FATAL_FAILURE(leave_as_the_original(status));
    auto opened = open();
    ASSERT_TRUE(opened) << opened.error().text();
    EXPECT_NE(opened->note.find(".corrupted"), std::string::npos) << status;
    EXPECT_TRUE(opened->replies.own_tags.empty()) << status;
  }
}

TEST_F(ReplyStore, KeepsWhatWasCommittedAlsoWithoutACleanStop) {
  {
    auto opened = open();
    ASSERT_TRUE(opened) << opened.error().text();
    std::vector<client::ReplyOperation> operations{client::AddSurbs{tag, {surb(1), surb(2), surb(3)}, {999}},
                                                   client::AddReplyKeys{{sphinx::SurbKey(ByteArray<16>{9})}, {998}}};
    ASSERT_TRUE(opened->file.commit(operations));
    std::vector<client::ReplyOperation> used{client::RemoveSurbs{tag, {surb(2)}}};
    ASSERT_TRUE(opened->file.commit(used));
  }
  auto opened = open();
  ASSERT_TRUE(opened);
  EXPECT_TRUE(opened->note.empty()) << opened->note;
  ASSERT_EQ(opened->replies.senders.size(), 1U);
  EXPECT_EQ(opened->replies.senders[0].surbs, (std::vector{surb(1), surb(3)}));
  EXPECT_EQ(opened->replies.senders[0].last_received.value, 999);
  ASSERT_EQ(opened->replies.keys.size(), 1U);
  EXPECT_EQ(opened->replies.keys[0].sent_at.value, 998);
}

TEST_F(ReplyStore, ForgetsWhatIsTooOldAfterACleanStop) {
  {
    auto opened = open();
    ASSERT_TRUE(opened);
    std::vector<client::ReplyOperation> operations{client::AddSurbs{tag, {surb(1)}, {999}}};
    ASSERT_TRUE(opened->file.commit(operations));
    ASSERT_TRUE(opened->file.close({1'000'000}));
  }
  auto opened = open(1'000'000 + 90'000);
  ASSERT_TRUE(opened);
  EXPECT_TRUE(opened->replies.senders.empty());
}

TEST_F(ReplyStore, SetsAFileAsideThatItCanNotUnderstand) {
  std::ofstream(path) << std::string(5'000, 'x');
  auto opened = open();
  ASSERT_TRUE(opened) << opened.error().text();
  EXPECT_NE(opened->note.find(".corrupted"), std::string::npos);
  EXPECT_TRUE(opened->replies.senders.empty());
}

}  // namespace
}  // namespace nym::net
