// The bundled programs of the original, as sequences of frames (05 §13): each speaks with itself.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/recording_apps.h"

namespace nym::client {
namespace {

using app_api::Dialect;
using app_api::Format;
using app_api::Frame;

/// A client whose mixnet brings everything back at once.
class Echo {
 public:
  explicit Echo(Dialect dialect) : recorder_({.dialect = dialect}) { recorder_.apps.open({}, kApp); }

  void reconnect() {
    recorder_.apps.close(kApp);
    recorder_.apps.open({}, kApp);
  }
  void say(std::string_view text) { say(Format::text, as_bytes(text)); }
  void say(const Bytes& bytes) { say(Format::binary, bytes); }
  /// The next frame that the application gets; an empty one when there is none.
  Frame hear() {
    if (is_silent()) return {};
    recorder_.apps.on_written(kApp, 1);
    return recorder_.said[heard_++].frame;
  }
  std::string hear_text() {
    auto frame = hear();
    return frame.format == Format::text ? std::string(as_text(frame.data)) : "binary";
  }
  Bytes hear_binary() {
    auto frame = hear();
    return frame.format == Format::binary ? frame.data : Bytes{};
  }
  bool is_silent() const { return heard_ == recorder_.said.size(); }
  wire::Recipient own() const { return recorder_.own; }

 private:
  static constexpr AppSessionId kApp{1};
  static constexpr wire::SenderTag kTag{{1, 2, 3}};

  void say(Format format, ByteView bytes) {
    auto& apps = recorder_.apps;
    if (auto asked = apps.read(kApp, {format, to_bytes(bytes)})) perform(format, asked->request);
    apps.finish(kApp);
  }

  void perform(Format format, const app_api::Request& request) {
    auto& apps = recorder_.apps;
    if (std::holds_alternative<app_api::SelfAddress>(request)) {
      return apps.answer(kApp, format, app_api::OwnAddress{recorder_.own});
    }
    apps.confirm(kApp);
    if (const auto* send = std::get_if<app_api::Send>(&request)) apps.deliver({send->data, std::nullopt}, {});
    if (const auto* send = std::get_if<app_api::SendAnonymous>(&request)) apps.deliver({send->data, kTag}, {});
    const auto* reply = std::get_if<app_api::Reply>(&request);
    if (reply != nullptr && reply->to == kTag) apps.deliver({reply->data, std::nullopt}, kApp);
  }

  test::RecordingApps recorder_;
  std::size_t heard_ = 0;
};

std::string value_of(const std::string& json, const std::string& key) {
  auto begin = json.find("\"" + key + "\":");
  if (begin == std::string::npos) return "missing";
  begin += key.size() + 3;
  auto end = json.find_first_of(",}", begin);
  return json.substr(begin, end - begin);
}

Bytes file() {
  Bytes content(2'859);
  for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<std::uint8_t>(i * 7);
  return content;
}

Bytes joined(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const auto& part : parts) append(all, part);
  return all;
}
Bytes number(std::uint64_t value) {
  return std::move(ByteWriter().put_be(value)).finish();
}

// 05 §13.1, §13.3, §13.4: text with reply. Returns what the program sees last.
std::string run_text_with_reply(Echo& client) {
  client.say(R"({"type": "selfAddress"})");
  auto address = value_of(client.hear_text(), "address");
  client.say(fmt::format(R"({{"message":"Hello Nym!","recipient":{},"type":"send","withReplySurb":true}})", address));
  auto received = client.hear_text();
  EXPECT_EQ(value_of(received, "message"), "\"Hello Nym!\"");
  auto surb = value_of(received, "replySurb");
  if (surb == "missing") surb = "null";
  client.say(fmt::format(R"({{"message":"hello from reply SURB!","replySurb":{},"type":"reply"}})", surb));
  return client.hear_text();
}

TEST(OlderPrograms, TheTextProgramGetsItsReply) {
  Echo client(Dialect::automatic);
  EXPECT_EQ(run_text_with_reply(client),
            R"({"type":"received","message":"hello from reply SURB!","senderTag":null,"replySurb":null})");
}

TEST(OlderPrograms, TheTextProgramFailsInStrictAsWithTheOriginal) {
  Echo client(Dialect::strict);
  EXPECT_EQ(run_text_with_reply(client), R"({"type":"error","message":"malformed request:missing field `senderTag`"})");
}

TEST(OlderPrograms, TheTextProgramWithoutReplyWorksInBoth) {
  for (auto dialect : {Dialect::automatic, Dialect::strict}) {
    Echo client(dialect);
    client.say(R"({"type": "selfAddress"})");
    auto address = value_of(client.hear_text(), "address");
    client.say(R"({"type": "send", "message": "Hello Nym!", "recipient": )" + address + R"(, "withReplySurb": false})");
    EXPECT_EQ(value_of(client.hear_text(), "message"), "\"Hello Nym!\"");
    EXPECT_TRUE(client.is_silent());
  }
}

// 05 §13.2, §13.3
TEST(OlderPrograms, TheBinaryProgramGetsItsFileAndItsReply) {
  Echo client(Dialect::automatic);
  client.say(Bytes{2});
  auto address = client.hear_binary();
  ASSERT_EQ(address.size(), 97U);
  EXPECT_EQ(address[0], 2);
  address.erase(address.begin());
  client.say(joined({{0, 1}, address, number(2'859), file()}));
  auto received = client.hear_binary();
  ASSERT_EQ(received.size(), 2U + 8 + 16 + 8 + 2'859);
  EXPECT_EQ(Bytes(received.begin(), received.begin() + 10), joined({{1, 1}, number(16)}));
  Bytes surb(received.begin() + 10, received.begin() + 26);
  EXPECT_EQ(Bytes(received.begin() + 34, received.end()), file());
  auto thanks = to_bytes(as_bytes("hello from reply SURB! - thanks for sending me the file!"));
  client.say(joined({{1}, number(16), surb, number(56), thanks}));
  EXPECT_EQ(client.hear_binary(), joined({{1, 0}, number(56), thanks}));
}

TEST(OlderPrograms, TheBinaryProgramWithoutReplyGetsItsFile) {
  Echo client(Dialect::automatic);
  client.say(Bytes{2});
  auto address = client.hear_binary();
  address.erase(address.begin());
  client.say(joined({{0, 0}, address, number(2'859), file()}));
  EXPECT_EQ(client.hear_binary(), joined({{1, 0}, number(2'859), file()}));
}

TEST(OlderPrograms, TheBinaryProgramFailsInStrictAsWithTheOriginal) {
  Echo client(Dialect::strict);
  client.say(Bytes{2});
  EXPECT_EQ(client.hear_binary().size(), 53U);
}

// 05 §13.5: two connections, one after the other.
TEST(OlderPrograms, TheRustTextProgramEndsWellInBoth) {
  for (auto dialect : {Dialect::automatic, Dialect::strict}) {
    Echo client(dialect);
    client.say(R"({"type":"selfAddress"})");
    auto address = value_of(client.hear_text(), "address");
    client.say(R"({"message":"Hello Nym!","recipient":)" + address + R"(,"type":"send","withReplySurb":false})");
    EXPECT_EQ(value_of(client.hear_text(), "message"), "\"Hello Nym!\"");
    client.reconnect();
    auto last = run_text_with_reply(client);
    EXPECT_EQ(value_of(last, "type"), dialect == Dialect::strict ? "\"error\"" : "\"received\"") << last;
  }
}

TEST(OlderPrograms, TheRustBinaryProgramGetsItsFileInBoth) {
  for (auto dialect : {Dialect::automatic, Dialect::strict}) {
    Echo client(dialect);
    client.say(Bytes{3});
    auto address = client.hear_binary();
    ASSERT_EQ(address.size(), 97U);
    address.erase(address.begin());
    client.say(joined({{0}, address, number(0), number(2'859), file()}));
    EXPECT_EQ(client.hear_binary(), joined({{1, 0}, number(2'859), file()}));
  }
}

// 05 §13.6, §13.7
std::string run_v0_7_text(Echo& client) {
  client.say(R"({"type": "selfAddress"})");
  auto address = value_of(client.hear_text(), "address");
  client.say(R"({"type": "send", "message": "Hello Nym!", "recipient": )" + address + "}");
  auto confirmation = client.hear_text();
  return confirmation + client.hear_text();
}

TEST(OlderPrograms, TheTextProgramOfV07RunsInItsDialectOnly) {
  Echo client(Dialect::v0_7);
  EXPECT_EQ(run_v0_7_text(client), R"({"type":"send"}Hello Nym!)");
  Echo current(Dialect::automatic);
  EXPECT_EQ(run_v0_7_text(current), R"({"type":"received","message":"Hello Nym!","senderTag":null})")
      << "nothing follows";
}

TEST(OlderPrograms, TheFileProgramOfV07GetsItsFile) {
  Echo client(Dialect::v0_7);
  client.say(R"({"type":"selfAddress"})");
  auto address = value_of(client.hear_text(), "address");
  EXPECT_EQ(address, "\"" + app_api::two_part_form(client.own()) + "\"");
  auto identity = to_bytes(client.own().identity.bytes());
  auto gateway = to_bytes(client.own().gateway.bytes());
  client.say(joined({identity, gateway, file()}));
  EXPECT_EQ(client.hear_text(), R"({"type":"send"})");
  EXPECT_EQ(client.hear_binary(), file());
}

}  // namespace
}  // namespace nym::client
