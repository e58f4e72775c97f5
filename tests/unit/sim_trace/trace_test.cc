#include "sim/trace/trace.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "sim/record/start.h"
#include "tests/support/synthetic_run.h"

namespace nym::sim {
namespace {

class Traces : public ::testing::Test {
 protected:
  Traces() {
    std::string pattern = (std::filesystem::temp_directory_path() / "nym-trace-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~Traces() override { std::filesystem::remove_all(folder_); }

  /// The trace of what `tell` tells.
  template <class Tell>
  std::string trace(const char* name, Tell tell) {
    auto path = (folder_ / name).string();
    auto opened = open_trace(path);
    EXPECT_TRUE(opened);
    tell(**opened);
    EXPECT_FALSE(std::filesystem::exists(path)) << "not before it is whole";
    EXPECT_TRUE((*opened)->finish());
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static std::vector<nlohmann::json> lines_of(const std::string& text) {
    std::vector<nlohmann::json> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(nlohmann::json::parse(line));
    return lines;
  }

  std::filesystem::path folder_;
};

TimePoint at(std::int64_t ns) {
  return kRunStart + Duration::nanoseconds(ns);
}

TEST_F(Traces, HaveOneOfTwoForms) {
  auto other = open_trace((folder_ / "run.pcap").string());
  ASSERT_FALSE(other);
  EXPECT_TRUE(other.error().is(SimError::bad_text));
  EXPECT_NE(other.error().text().find("ends with .jsonl or .pcapng"), std::string::npos);
  auto nowhere = open_trace("/no/such/folder/run.jsonl");
  ASSERT_FALSE(nowhere);
  EXPECT_TRUE(nowhere.error().is(SimError::cannot_write));
}

TEST_F(Traces, InJsonHaveAnObjectForEverythingThatIsTold) {
  auto text = trace("run.jsonl", [](Observer& one) {
    FrameSent sent{FrameId{3}, {NodeKind::client, 0}, {NodeKind::gateway, 1}, FrameKind::upload, 2'500, at(7'000)};
    sent.content = client::PacketKind::loop_cover;
    one.on_frame_sent(at(5'000), sent);
    one.on_frame_arrived(at(7'000), {FrameId{3}, sent.from, sent.to, sent.kind});
    one.on_frame_lost(at(8'000), {FrameId{4}, sent.from, sent.to, sent.kind, LossReason::silence});
    one.on_message(at(9'000), {{2, MessageRef::Part::reply}, MessageStep::failed, 1, 0, 33, "no \"way\""});
    one.on_node_state(at(9'500), {NodeKind::mixnode, 4}, NodeState::paused);
    one.on_fault(at(9'600), {0, FaultMoved::Step::began, "pause mix5"});
    one.on_wrong_delivery(at(9'700), 1, "twice");
    one.on_phase(at(10'000), Phase::over);
  });
  auto lines = lines_of(text);
  ASSERT_EQ(lines.size(), 9U);
  EXPECT_EQ(lines[0], nlohmann::json::parse(R"({"t":0,"what":"begin","format":1})"));
  EXPECT_EQ(lines[1], nlohmann::json::parse(R"({"t":5000,"what":"sent","id":3,"from":"c1","to":"gw2","kind":"upload",
                                               "bytes":2500,"arrives":7000,"content":"loop_cover"})"));
  EXPECT_EQ(lines[2]["what"], "arrived");
  EXPECT_EQ(lines[3]["reason"], "silence");
  EXPECT_EQ(lines[4], nlohmann::json::parse(R"({"t":9000,"what":"message","number":2,"part":"reply","step":"failed",
                                               "from":"c2","to":"c1","bytes":33,"why":"no \"way\""})"));
  EXPECT_EQ(lines[5]["node"], "mix5");
  EXPECT_EQ(lines[6]["fault"], 1);
  EXPECT_EQ(lines[7]["node"], "c2");
  EXPECT_EQ(lines[8]["phase"], "over");
}

TEST_F(Traces, InJsonNameEveryEventOfNodes) {
  const std::vector<client::Event> of_clients = {
      client::GatewayStateChanged{client::GatewayState::waiting, "\xff gone"},
      client::TopologyChanged{true, {}},
      client::MessageOpened{},
      client::MessageAccepted{},
      client::MessageEnded{{}, client::Outcome::failed, "why"},
      client::PacketSent{},
      client::AckReceived{Duration::milliseconds(1)},
      client::MessageReceived{5},
      client::SurbsCreated{1},
      client::SurbsReceived{2},
      client::SurbsUsed{3},
      client::SurbsRequested{4},
      client::ReceptionGivenUp{1, 2},
      client::Dropped{DropReason::no_route}};
  const std::vector<gateway::Event> of_gateways = {
      gateway::ClientRegistered{}, gateway::ClientAuthenticated{},
      gateway::SessionEnded{},     gateway::PacketAccepted{wire::PacketSize::regular},
      gateway::MessagePushed{1},   gateway::MessageStored{2},
      gateway::AckSent{},          gateway::Dropped{DropReason::inbox_full}};
  const std::vector<mixnode::Event> of_mixnodes = {
      mixnode::PacketReceived{wire::PacketSize::ack},
      mixnode::PacketForwarded{wire::PacketSize::ack, Duration::seconds(1)},
      mixnode::PacketDropped{DropReason::replayed}};
  auto lines = lines_of(trace("run.jsonl", [&](Observer& one) {
    for (const auto& event : of_clients) one.on_client_event(at(1), 0, event);
    for (const auto& event : of_gateways) one.on_gateway_event(at(2), 0, event);
    for (const auto& event : of_mixnodes) one.on_mixnode_event(at(3), 0, event);
  }));
  ASSERT_EQ(lines.size(), 1U + 14 + 8 + 3);
  std::map<std::string, int> names;
  for (std::size_t i = 1; i < lines.size(); ++i)
    ++names[lines[i]["node"].get<std::string>() + lines[i]["event"].get<std::string>()];
  EXPECT_EQ(names.size(), 25U) << "each has a name of its own";
  EXPECT_EQ(lines[1]["state"], "waiting");
  EXPECT_EQ(lines[24]["held"], 1'000'000'000);
}

/// Reads pcapng as its specification says, and nothing of ours.
class PcapngReader {
 public:
  struct Packet {
    std::uint64_t time = 0;
    std::uint32_t captured = 0;
    std::uint32_t original = 0;
    std::string data;
  };
  struct Block {
    std::uint32_t type = 0;
    std::string body;
  };

  explicit PcapngReader(const std::string& bytes) { read(bytes); }
  static std::uint64_t little(const std::string& from, std::size_t offset, std::size_t size) {
    std::uint64_t value = 0;
    for (std::size_t i = size; i-- > 0;) value = value << 8U | static_cast<std::uint8_t>(from.at(offset + i));
    return value;
  }
  static std::uint64_t big(const std::string& from, std::size_t offset, std::size_t size) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i) value = value << 8U | static_cast<std::uint8_t>(from.at(offset + i));
    return value;
  }
  std::vector<Packet> packets() const {
    std::vector<Packet> all;
    for (const auto& block : blocks) {
      if (block.type != 6) continue;
      auto captured = static_cast<std::uint32_t>(little(block.body, 12, 4));
      all.push_back({little(block.body, 4, 4) << 32U | little(block.body, 8, 4), captured,
                     static_cast<std::uint32_t>(little(block.body, 16, 4)), block.body.substr(20, captured)});
    }
    return all;
  }

  std::vector<Block> blocks;

 private:
  void read(const std::string& bytes) {
    for (std::size_t offset = 0; offset < bytes.size();) {
      ASSERT_LE(offset + 12, bytes.size());
      auto length = little(bytes, offset + 4, 4);
      ASSERT_EQ(length % 4, 0U);
      ASSERT_LE(offset + length, bytes.size());
      ASSERT_EQ(little(bytes, offset + length - 4, 4), length);
      blocks.push_back({static_cast<std::uint32_t>(little(bytes, offset, 4)), bytes.substr(offset + 8, length - 12)});
      offset += length;
    }
  }
};

TEST_F(Traces, InPcapngBeginWithASectionAndOneInterface) {
  PcapngReader reader(trace("run.pcapng", [](Observer&) {}));
  ASSERT_EQ(reader.blocks.size(), 2U);
  EXPECT_EQ(reader.blocks[0].type, 0x0a0d0d0aU);
  EXPECT_EQ(PcapngReader::little(reader.blocks[0].body, 0, 4), 0x1a2b3c4dU);
  EXPECT_EQ(reader.blocks[1].type, 1U);
  EXPECT_EQ(PcapngReader::little(reader.blocks[1].body, 0, 2), 147U);
  const std::string resolution = {9, 0, 1, 0, 9, 0, 0, 0};  // if_tsresol: nanoseconds
  EXPECT_NE(reader.blocks[1].body.find(resolution), std::string::npos);
}

TEST_F(Traces, InPcapngHaveAPseudoHeaderAndTheBytesOfEachFrame) {
  Bytes content(2'413);
  for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<std::uint8_t>(i);
  PcapngReader reader(trace("run.pcapng", [&](Observer& one) {
    Blob whole(content);
    Blob sparse = Blob::with_zero_tail(Bytes(349, 1), 2'413);
    FrameSent sent{FrameId{0x0102030405}, {NodeKind::mixnode, 2}, {NodeKind::gateway, 0}, FrameKind::packet, 2'415,
                   at(5'000'000'123)};
    sent.bytes_on_link = &whole;
    one.on_frame_sent(at(5'000'000'000), sent);
    sent.bytes_on_link = &sparse;
    one.on_frame_sent(at(5'000'000'001), sent);
    one.on_frame_lost(at(5'000'000'002), {sent.id, sent.from, sent.to, sent.kind, LossReason::receiver_down});
  }));
  auto packets = reader.packets();
  ASSERT_EQ(packets.size(), 3U);
  const auto& first = packets[0];
  EXPECT_EQ(first.time, 5'000'000'000U);
  EXPECT_EQ(first.captured, 36U + 2'413);
  EXPECT_EQ(first.original, 36U + 2'413);
  EXPECT_EQ(first.data[0], 1) << "version";
  EXPECT_EQ(first.data[1], 0) << "sent";
  EXPECT_EQ(first.data[2], 0) << "a packet";
  EXPECT_EQ(PcapngReader::big(first.data, 5, 1), 0U) << "from a mixnode";
  EXPECT_EQ(PcapngReader::big(first.data, 6, 4), 3U);
  EXPECT_EQ(PcapngReader::big(first.data, 10, 1), 1U) << "to a gateway";
  EXPECT_EQ(PcapngReader::big(first.data, 11, 4), 1U);
  EXPECT_EQ(PcapngReader::big(first.data, 16, 8), 0x0102030405U);
  EXPECT_EQ(PcapngReader::big(first.data, 24, 8), 5'000'000'123U);
  EXPECT_EQ(PcapngReader::big(first.data, 32, 4), 2'415U);
  EXPECT_EQ(Bytes(first.data.begin() + 36, first.data.end()), content);
  EXPECT_EQ(packets[1].captured, 36U + 349) << "zeros at the end are not stored";
  EXPECT_EQ(packets[1].original, 36U + 2'413);
  EXPECT_EQ(packets[2].data[1], 1) << "lost";
  EXPECT_EQ(packets[2].data[3], 4) << "the receiver was down";
}

TEST_F(Traces, InPcapngHaveAllFramesOfARunInTheirOrder) {
  PcapngReader reader(trace("run.pcapng", [](Observer& one) { test::SyntheticRun({&one}).tell(); }));
  auto packets = reader.packets();
  EXPECT_GT(packets.size(), 20'000U);
  for (std::size_t i = 1; i < packets.size(); ++i) ASSERT_LE(packets[i - 1].time, packets[i].time);
}

TEST_F(Traces, ThatCanNotBeWrittenSaySoAtTheEnd) {
  auto link = (folder_ / "full.jsonl").string();
  std::filesystem::create_symlink("/dev/full", link);
  auto opened = open_trace(link);
  ASSERT_TRUE(opened);
  test::SyntheticRun({opened->get()}).tell();
  auto finished = (*opened)->finish();
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().text(), "can not write " + link + ": no space left on device");
}

}  // namespace
}  // namespace nym::sim
