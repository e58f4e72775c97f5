#include "net/websocket.h"
#include "tests/net/loopback.h"
#include "tests/net/raw_frames.h"

namespace nym::net::test {
namespace {

// A listener whose peers are raw TCP streams.
class HostileClientTest : public LoopbackTest {
 protected:
  explicit HostileClientTest(Duration timeout = limits::kHandshakeTimeout) : handshake_timeout(timeout) {}

  void SetUp() override {
    auto made =
        WebSocketListener::listen(runtime, kLoopback,
                                  [this](std::unique_ptr<WebSocketConnection> connection, const Endpoint&) {
                                    server.emplace();
                                    server->start(std::move(connection));
                                  },
                                  {.connection = {.handshake_timeout = handshake_timeout, .close_timeout = kClose},
                                   .on_refused = [this](DropReason reason) { refused.push_back(reason); }});
    ASSERT_TRUE(made.has_value()) << made.error().text();
    listener = *std::move(made);
    raw.start(TcpLink::connect(runtime, listener->local_endpoint()));
  }

  void upgrade() {
    raw.say(kUpgradeRequest);
    ASSERT_TRUE(happens([this] { return server && server->is_open && raw.heard("\r\n\r\n"); }));
    raw.received.clear();
  }

  void say_frame(Opcode opcode, ByteView payload, Fin fin = Fin::last) {
    raw.link->send(raw_frame(opcode, payload, Mask::constant, fin));
  }

  // Whatever happened, the next one is served.
  void expect_alive() {
    WebSocketPeer next;
    next.start(
        WebSocketConnection::connect(runtime, parse_url("ws://" + to_string(listener->local_endpoint())).value()));
    EXPECT_TRUE(happens([&] { return next.is_open; })) << next.detail;
  }

  static constexpr Duration kClose = Duration::milliseconds(200);
  Duration handshake_timeout;
  std::unique_ptr<WebSocketListener> listener;
  std::optional<WebSocketPeer> server;
  std::vector<DropReason> refused;
  TcpPeer raw;
};

TEST_F(HostileClientTest, TheAnswerToAnUpgradeDoesNotTellWhatItIsMadeWith) {
  raw.say(kUpgradeRequest);
  ASSERT_TRUE(happens([this] { return raw.heard("\r\n\r\n"); }));
  auto answer = std::string(as_text(raw.received));
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 101 ")) << answer;
  EXPECT_NE(answer.find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), std::string::npos) << answer;
  EXPECT_EQ(answer.find("Beast"), std::string::npos) << answer;
  EXPECT_EQ(answer.find("Extensions"), std::string::npos) << answer;
}

TEST_F(HostileClientTest, AnUpgradeWithoutHostIsAccepted) {
  auto request = kUpgradeRequest;
  request.erase(request.find("Host"), std::string_view("Host: localhost\r\n").size());
  raw.say(request);
  EXPECT_TRUE(happens([this] { return raw.heard("101 "); }));
}

TEST_F(HostileClientTest, MessagesAreOneUnmaskedUnfragmentedFrame) {
  upgrade();
  auto payload = numbered_bytes(100'000);
  server->connection->send_binary(Bytes(payload));
  auto expected = raw_frame(Opcode::binary, payload, Mask::none);
  ASSERT_TRUE(happens([&] { return raw.received.size() >= expected.size(); }));
  EXPECT_EQ(raw.received, expected);
}

TEST_F(HostileClientTest, FragmentsBecomeOneMessage) {
  upgrade();
  // The fragments part a character and enclose a ping.
  say_frame(Opcode::text, Bytes{'a', 0xc3}, Fin::more);
  say_frame(Opcode::ping, Bytes{1, 2});
  say_frame(Opcode::continuation, {}, Fin::more);
  say_frame(Opcode::continuation, Bytes{0xa9, 'b'});
  ASSERT_TRUE(happens([this] { return server->texts.size() == 1 && raw.received.size() >= 4; }));
  EXPECT_EQ(server->texts[0], "a\u00e9b");
  EXPECT_EQ(raw.received, raw_frame(Opcode::pong, Bytes{1, 2}, Mask::none));
}

TEST_F(HostileClientTest, PingsAreAnsweredAlsoWhileReadingIsPaused) {
  upgrade();
  server->connection->pause_reading();
  say_frame(Opcode::binary, Bytes{1});
  say_frame(Opcode::ping, Bytes{7, 8, 9});
  auto pong = raw_frame(Opcode::pong, Bytes{7, 8, 9}, Mask::none);
  ASSERT_TRUE(happens([&] { return raw.received == pong; }));
  EXPECT_TRUE(server->binaries.empty());
  server->connection->resume_reading();
  EXPECT_TRUE(happens([this] { return server->binaries.size() == 1; }));
}

TEST_F(HostileClientTest, PongsAreIgnored) {
  upgrade();
  say_frame(Opcode::pong, Bytes{1});
  say_frame(Opcode::text, as_bytes("x"));
  ASSERT_TRUE(happens([this] { return server->texts.size() == 1; }));
}

TEST_F(HostileClientTest, ACloseFrameIsAnswered) {
  upgrade();
  say_frame(Opcode::close, Bytes{0x03, 0xe8});
  ASSERT_TRUE(happens([this] { return server->closed && raw.closed; }));
  EXPECT_EQ(server->closed, CloseReason::finished);
  ASSERT_FALSE(raw.received.empty());
  EXPECT_EQ(raw.received[0], 0x88);
}

TEST_F(HostileClientTest, AbruptEndsAreNormal) {
  upgrade();
  raw.link.reset();
  ASSERT_TRUE(happens([this] { return server->closed.has_value(); }));
  EXPECT_TRUE(server->closed == CloseReason::finished || server->closed == CloseReason::reset);
  expect_alive();
}

TEST_F(HostileClientTest, AnEndInsideAFrameIsNormal) {
  upgrade();
  auto frame = raw_frame(Opcode::binary, Bytes(1000), Mask::constant);
  frame.resize(500);
  raw.link->send(std::move(frame));
  ASSERT_TRUE(happens([this] { return raw.link->queued_bytes() == 0; }));
  raw.link.reset();
  ASSERT_TRUE(happens([this] { return server->closed.has_value(); }));
  EXPECT_TRUE(server->binaries.empty());
}

TEST_F(HostileClientTest, BrokenFramesEndTheConnection) {
  const std::vector<Bytes> broken{
      raw_frame(Opcode::text, as_bytes("unmasked"), Mask::none),
      raw_frame(Opcode::text, as_bytes("reserved bit"), Mask::constant, Fin::last, 0x40),
      raw_frame(static_cast<Opcode>(3), as_bytes("reserved opcode"), Mask::constant),
      raw_frame(Opcode::continuation, as_bytes("nothing to continue"), Mask::constant),
      raw_frame(Opcode::ping, as_bytes("fragmented ping"), Mask::constant, Fin::more),
      raw_frame(Opcode::ping, Bytes(126), Mask::constant),
      raw_frame(Opcode::text, Bytes{0xff, 0xfe}, Mask::constant),
      raw_frame(Opcode::close, Bytes{0x03}, Mask::constant),
      from_hex("82ffffffffffffffffff00000000").value(),  // a length of 2^64 - 1
  };
  for (const auto& frame : broken) {
    SCOPED_TRACE(to_hex(ByteView(frame).first(std::min<std::size_t>(frame.size(), 32))));
    server.reset();
    raw = TcpPeer();
    raw.start(TcpLink::connect(runtime, listener->local_endpoint()));
    upgrade();
    raw.link->send(Bytes(frame));
    ASSERT_TRUE(happens([this] { return server->closed.has_value(); }));
    EXPECT_EQ(server->closed, CloseReason::protocol_error) << server->detail;
    EXPECT_TRUE(server->texts.empty());
    EXPECT_TRUE(happens([this] { return raw.closed.has_value(); }));
  }
  expect_alive();
}

TEST_F(HostileClientTest, AnAnnouncedMessageTooLongEndsTheConnection) {
  upgrade();
  raw.link->send(from_hex("82ff000000000400000100000000").value());  // 64 MiB and a byte
  ASSERT_TRUE(happens([this] { return server->closed.has_value(); }));
  EXPECT_EQ(server->closed, CloseReason::protocol_error);
}

TEST_F(HostileClientTest, APeerThatIgnoresOurCloseIsGivenUp) {
  upgrade();
  raw.link->pause_reading();
  auto start = now();
  server->connection->close();
  ASSERT_TRUE(happens([this] { return server->closed.has_value(); }));
  EXPECT_EQ(server->closed, CloseReason::shutdown);
  EXPECT_GE(now() - start, kClose);
}

TEST_F(HostileClientTest, APeerThatSendsCloseButStaysIsGivenUp) {
  upgrade();
  raw.link->pause_reading();
  say_frame(Opcode::close, Bytes{0x03, 0xe8});
  EXPECT_TRUE(happens([this] { return server->closed.has_value(); }));
}

TEST_F(HostileClientTest, PlainHttpIsAnsweredAndClosed) {
  raw.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(happens([this] { return raw.closed.has_value(); }));
  EXPECT_TRUE(raw.heard("HTTP/1.1 426 ")) << as_text(raw.received);
  EXPECT_TRUE(raw.heard("\r\n\r\nthis port speaks websocket only\n"));
  EXPECT_EQ(refused, std::vector{DropReason::malformed_frame});
  EXPECT_FALSE(server.has_value());
}

TEST_F(HostileClientTest, BrokenUpgradesAreRefused) {
  auto without = [](std::string_view line) {
    auto request = kUpgradeRequest;
    auto at = request.find(line);
    request.erase(at, request.find("\r\n", at) + 2 - at);
    return request;
  };
  auto replaced = [](std::string_view from, std::string_view to) {
    auto request = kUpgradeRequest;
    request.replace(request.find(from), from.size(), to);
    return request;
  };
  for (const auto& request :
       {without("Connection"), without("Upgrade:"), without("Sec-WebSocket-Version"), without("Sec-WebSocket-Key"),
        replaced("Version: 13", "Version: 12"), replaced("GET", "PUT"), replaced("HTTP/1.1", "HTTP/1.0"),
        replaced("HTTP/1.1", "garbage"), kUpgradeRequest + "early bytes",
        "GET / HTTP/1.1\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n", std::string("\x16\x03\x01\x02\x00\x01", 6),
        std::string("\r\n\r\n\r\n\r\nhello\r\n\r\n")}) {
    SCOPED_TRACE(request.substr(0, 300));
    raw = TcpPeer();
    raw.start(TcpLink::connect(runtime, listener->local_endpoint()));
    refused.clear();
    raw.say(request);
    ASSERT_TRUE(happens([this] { return raw.closed.has_value(); }));
    EXPECT_EQ(refused, std::vector{DropReason::malformed_frame});
    EXPECT_FALSE(raw.heard("101 "));
    EXPECT_FALSE(server.has_value());
  }
  expect_alive();
}

class ImpatientListenerTest : public HostileClientTest {
 protected:
  ImpatientListenerTest() : HostileClientTest(Duration::milliseconds(200)) {}
};

TEST_F(ImpatientListenerTest, AConnectionThatSaysNothingIsGivenUp) {
  ASSERT_TRUE(happens([this] { return raw.closed.has_value(); }));
  EXPECT_TRUE(raw.received.empty());
  EXPECT_EQ(refused, std::vector{DropReason::slow_frame});
}

TEST_F(ImpatientListenerTest, AnUpgradeThatTricklesInIsGivenUp) {
  raw.say("GET / HT");
  std::size_t sent = 0;
  Timer trickle(runtime, [&] {
    ++sent;
    raw.say("x");
    trickle.arm_after(Duration::milliseconds(10));
  });
  trickle.arm_after(Duration());
  EXPECT_TRUE(happens([this] { return raw.closed.has_value(); }));
  EXPECT_GT(sent, 0U);
}

TEST_F(HostileClientTest, ListenersMayGoDuringAnUpgrade) {
  raw.say("GET / HTTP/1.1\r\n");
  ASSERT_TRUE(happens([this] { return raw.link->queued_bytes() == 0; }));
  settle();
  listener.reset();
  raw.say(kUpgradeRequest.substr(kUpgradeRequest.find("Host")));
  EXPECT_TRUE(happens([this] { return raw.closed.has_value(); }));
  EXPECT_FALSE(server.has_value());
}

// A client whose server is a raw TCP stream.
class HostileServerTest : public LoopbackTest {
 protected:
  explicit HostileServerTest(Duration timeout = limits::kHandshakeTimeout) : handshake_timeout(timeout) {}

  void SetUp() override {
    auto made = TcpListener::listen(
        runtime, kLoopback, [this](std::unique_ptr<TcpLink> link, const Endpoint&) { raw.start(std::move(link)); });
    ASSERT_TRUE(made.has_value());
    listener = *std::move(made);
    auto url = parse_url("ws://" + to_string(listener->local_endpoint()) + "/path?query").value();
    client.start(WebSocketConnection::connect(
        runtime, url, {.handshake_timeout = handshake_timeout, .close_timeout = Duration::milliseconds(200)}));
    ASSERT_TRUE(happens([this] { return raw.heard("\r\n\r\n"); }));
  }

  void upgrade() {
    raw.say(upgrade_answer(raw.received));
    raw.received.clear();
    ASSERT_TRUE(happens([this] { return client.is_open; })) << client.detail;
  }

  Duration handshake_timeout;
  std::unique_ptr<TcpListener> listener;
  TcpPeer raw;
  WebSocketPeer client;
};

class ImpatientClientTest : public HostileServerTest {
 protected:
  ImpatientClientTest() : HostileServerTest(Duration::milliseconds(500)) {}
};

TEST_F(HostileServerTest, TheRequestNamesPathAndHost) {
  auto request = std::string(as_text(raw.received));
  EXPECT_TRUE(request.starts_with("GET /path?query HTTP/1.1\r\n")) << request;
  EXPECT_NE(request.find("Host: " + to_string(listener->local_endpoint())), std::string::npos) << request;
  EXPECT_EQ(request.find("Extensions"), std::string::npos) << request;
  EXPECT_EQ(request.find("User-Agent"), std::string::npos) << request;
}

TEST_F(HostileServerTest, SendsOneMaskedUnfragmentedFrameAMessage) {
  upgrade();
  client.connection->send_binary(Bytes(100'000));
  constexpr std::size_t kFrame = 2 + 8 + 4 + 100'000;
  ASSERT_TRUE(happens([this] { return raw.received.size() >= kFrame; }));
  EXPECT_EQ(raw.received.size(), kFrame);
  EXPECT_EQ(raw.received[0], 0x82);
  EXPECT_EQ(raw.received[1], 0xff);
}

TEST_F(HostileServerTest, ReadsWhatFollowsTheUpgradeAtOnce) {
  auto answer = to_bytes(as_bytes(upgrade_answer(raw.received)));
  append(answer, raw_frame(Opcode::text, as_bytes("first"), Mask::none));
  append(answer, raw_frame(Opcode::ping, as_bytes("p"), Mask::none));
  raw.received.clear();
  raw.link->send(std::move(answer));
  ASSERT_TRUE(happens([this] { return client.texts.size() == 1 && raw.received.size() == 7; }));
  EXPECT_EQ(raw.received[0], 0x8a) << "a pong";
}

TEST_F(HostileServerTest, AServerThatDeclinesIsReported) {
  raw.say("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
  ASSERT_TRUE(happens([this] { return client.closed.has_value(); }));
  EXPECT_EQ(client.closed, CloseReason::refused);
}

TEST_F(HostileServerTest, GarbageInsteadOfAnAnswerIsReported) {
  raw.say("SSH-2.0-OpenSSH_9.2\r\n\r\n");
  ASSERT_TRUE(happens([this] { return client.closed.has_value(); }));
  EXPECT_EQ(client.closed, CloseReason::protocol_error);
}

TEST_F(HostileServerTest, AWrongAcceptKeyIsReported) {
  auto answer = upgrade_answer(raw.received);
  answer.replace(answer.find("Accept: ") + 8, 3, "AAA");
  raw.say(answer);
  ASSERT_TRUE(happens([this] { return client.closed.has_value(); }));
  EXPECT_FALSE(client.is_open);
}

TEST_F(ImpatientClientTest, AnEndlessAnswerIsGivenUp) {
  raw.say("HTTP/1.1 101 ");
  Timer trickle(runtime, [&] {
    raw.link->send(Bytes(1000, 'x'));
    trickle.arm_after(Duration::milliseconds(20));
  });
  trickle.arm_after(Duration());
  EXPECT_TRUE(happens([this] { return client.closed.has_value(); }));
  EXPECT_FALSE(client.is_open);
}

TEST_F(ImpatientClientTest, SilenceTimesOut) {
  ASSERT_TRUE(happens([this] { return client.closed.has_value(); }));
  EXPECT_EQ(client.closed, CloseReason::timed_out);
  EXPECT_TRUE(happens([this] { return raw.closed.has_value(); }));
}

TEST_F(HostileServerTest, AnEndWithoutClosingHandshakeIsToldFromAGoodbye) {
  upgrade();
  raw.link->close();
  ASSERT_TRUE(happens([this] { return client.closed.has_value(); }));
  EXPECT_EQ(client.closed, CloseReason::reset);
}

// A server that is killed: what it had sent is with our operating system, what it had not read makes an end a reset.
TEST_F(HostileServerTest, WhatWasSentBeforeAnAbruptEndIsReadAlsoWhenNothingCanBeWrittenAnyMore) {
  upgrade();
  constexpr std::size_t kSent = 200;
  raw.link->pause_reading();
  client.connection->send_text("never read");
  Bytes pushed;
  for (std::size_t i = 0; i < kSent; ++i) {
    append(pushed, raw_frame(Opcode::text, as_bytes("pushed"), Mask::none));
    if (i % 10 == 0) append(pushed, raw_frame(Opcode::ping, {}, Mask::none));
  }
  client.connection->pause_reading();
  auto whole = raw.written + pushed.size();
  raw.link->send(std::move(pushed));
  ASSERT_TRUE(happens([&] { return raw.written == whole; }));
  raw.link.reset();
  client.connection->send_text("in vain");
  client.connection->send_text("in vain");
  client.connection->resume_reading();
  ASSERT_TRUE(happens([this] { return client.closed.has_value(); }));
  EXPECT_EQ(client.closed, CloseReason::reset);
  EXPECT_EQ(client.texts.size(), kSent);
}

TEST_F(HostileServerTest, MaskedFramesOfAServerEndTheConnection) {
  upgrade();
  raw.link->send(raw_frame(Opcode::text, as_bytes("x"), Mask::constant));
  ASSERT_TRUE(happens([this] { return client.closed.has_value(); }));
  EXPECT_EQ(client.closed, CloseReason::protocol_error);
}

}  // namespace
}  // namespace nym::net::test
