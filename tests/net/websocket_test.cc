#include "net/websocket.h"

#include "net/error.h"
#include "tests/net/loopback.h"

namespace nym::net::test {
namespace {

class WebSocketTest : public LoopbackTest {
 protected:
  void listen(WebSocketListenerOptions options = {}) {
    auto made = WebSocketListener::listen(
        runtime, kLoopback,
        [this](std::unique_ptr<WebSocketConnection> connection, const Endpoint&) {
          auto& server = servers.emplace_back(std::make_unique<WebSocketPeer>());
          server->start(std::move(connection));
        },
        options);
    ASSERT_TRUE(made.has_value()) << made.error().text();
    listener = *std::move(made);
  }

  Url url() const { return parse_url("ws://" + to_string(listener->local_endpoint())).value(); }

  void connect(WebSocketPeer& peer, WebSocketOptions options = {}) {
    peer.start(WebSocketConnection::connect(runtime, url(), options));
  }

  void connect_pair(WebSocketOptions client_options = {}, WebSocketListenerOptions listener_options = {}) {
    listen(listener_options);
    connect(client, client_options);
    ASSERT_TRUE(happens([this] { return client.is_open && servers.size() == 1 && servers[0]->is_open; }))
        << client.detail;
  }

  std::unique_ptr<WebSocketListener> listener;
  std::vector<std::unique_ptr<WebSocketPeer>> servers;
  WebSocketPeer client;
};

TEST_F(WebSocketTest, CarriesMessagesOfEverySizeBothWays) {
  connect_pair();
  auto& server = *servers[0];
  for (std::size_t size : std::initializer_list<std::size_t>{0, 1, 125, 126, 2413, 65'535, 65'536, 1'048'576}) {
    SCOPED_TRACE(size);
    auto payload = numbered_bytes(size);
    std::string text(size, 'x');
    client.connection->send_binary(Bytes(payload));
    client.connection->send_text(text);
    server.connection->send_text(text);
    server.connection->send_binary(Bytes(payload));
    ASSERT_TRUE(happens([&] {
      return server.binaries.size() + server.texts.size() + client.binaries.size() + client.texts.size() == 4;
    }));
    EXPECT_EQ(server.binaries, std::deque{payload});
    EXPECT_EQ(server.texts, std::deque{text});
    EXPECT_EQ(client.binaries, std::deque{payload});
    EXPECT_EQ(client.texts, std::deque{text});
    for (auto* peer : {&server, &client}) {
      peer->binaries.clear();
      peer->texts.clear();
    }
  }
}

TEST_F(WebSocketTest, KeepsTheOrderAndReportsWhatWasWritten) {
  listen();
  connect(client);
  std::deque<Bytes> sent;
  for (std::size_t i = 0; i < 500; ++i) {
    sent.push_back(numbered_bytes(i * 37 % 3000, i));
    client.connection->send_binary(Bytes(sent.back()));
  }
  ASSERT_TRUE(happens([&] { return servers.size() == 1 && servers[0]->binaries.size() == sent.size(); }));
  EXPECT_EQ(servers[0]->binaries, sent);
  EXPECT_TRUE(happens([&] { return client.written == sent.size(); }));
  EXPECT_EQ(client.connection->queued_bytes(), 0U);
}

// Several go out in one write, and the next one is not for its callback to begin.
TEST_F(WebSocketTest, MayBeSentToWhenItReportsWhatWasWritten) {
  connect_pair();
  std::size_t more = 50;
  client.on_written = [&] {
    if (more == 0) return;
    --more;
    client.connection->send_binary(numbered_bytes(300, more));
  };
  for (std::size_t i = 0; i < 50; ++i) client.connection->send_binary(numbered_bytes(200, i));
  ASSERT_TRUE(happens([&] { return client.written == 100 && servers[0]->binaries.size() == 100; }));
  EXPECT_EQ(servers[0]->binaries[49], numbered_bytes(200, 49));
  EXPECT_EQ(servers[0]->binaries[99], numbered_bytes(300, 0));
}

TEST_F(WebSocketTest, SendsBlobsWithTheirZeroTail) {
  connect_pair();
  client.connection->send_binary(Blob::with_zero_tail(Bytes{1, 2}, 5));
  ASSERT_TRUE(happens([&] { return servers[0]->binaries.size() == 1; }));
  EXPECT_EQ(servers[0]->binaries[0], (Bytes{1, 2, 0, 0, 0}));
}

TEST_F(WebSocketTest, ClosingFlushesWhatIsQueuedAndIsReportedOnceOnBothSides) {
  WebSocketOptions options;
  options.close_timeout = kPatience;  // two megabytes, on a machine that may be busy
  connect_pair(options);
  for (int i = 0; i < 20; ++i) client.connection->send_binary(Bytes(100'000));
  client.connection->close();
  client.connection->close();
  client.connection->send_text("too late");
  EXPECT_FALSE(client.closed.has_value());
  ASSERT_TRUE(happens([this] { return client.closed && servers[0]->closed; }));
  EXPECT_EQ(client.closed, CloseReason::shutdown);
  EXPECT_EQ(servers[0]->closed, CloseReason::finished);
  EXPECT_EQ(servers[0]->binaries.size(), 20U);
  EXPECT_TRUE(servers[0]->texts.empty());
}

TEST_F(WebSocketTest, TheServerMayCloseToo) {
  connect_pair();
  servers[0]->connection->close();
  ASSERT_TRUE(happens([this] { return client.closed && servers[0]->closed; }));
  EXPECT_EQ(client.closed, CloseReason::finished);
  EXPECT_EQ(servers[0]->closed, CloseReason::shutdown);
}

TEST_F(WebSocketTest, ClosingBeforeItIsOpenIsReported) {
  listen();
  connect(client);
  client.connection->close();
  ASSERT_TRUE(happens([this] { return client.closed.has_value(); }));
  EXPECT_EQ(client.closed, CloseReason::shutdown);
  EXPECT_FALSE(client.is_open);
}

TEST_F(WebSocketTest, DestroyingItEndsTheOtherSideWithoutACallbackHere) {
  connect_pair();
  client.connection.reset();
  ASSERT_TRUE(happens([this] { return servers[0]->closed.has_value(); }));
  EXPECT_NE(servers[0]->closed, CloseReason::shutdown);
  EXPECT_FALSE(client.closed.has_value());
}

TEST_F(WebSocketTest, MayBeDestroyedInsideEachOfItsCallbacks) {
  listen();
  for (int victim = 0; victim < 4; ++victim) {
    SCOPED_TRACE(victim);
    auto connection = WebSocketConnection::connect(runtime, url());
    auto end_if = [&connection, victim](int number) {
      if (victim == number) connection.reset();
    };
    connection->start({.on_open = [=] { end_if(0); },
                       .on_text = [=](const std::string&) { end_if(1); },
                       .on_binary = [=](const Bytes&) { end_if(2); },
                       .on_written = [=](std::size_t) { end_if(3); },
                       .on_closed = [](CloseReason, std::string_view) { ADD_FAILURE(); }});
    connection->send_text("x");
    auto index = static_cast<std::size_t>(victim);
    ASSERT_TRUE(happens([&] { return servers.size() == index + 1 && servers[index]->is_open; }));
    if (victim == 1) servers[index]->connection->send_text("x");
    if (victim == 2) servers[index]->connection->send_binary(Bytes{1});
    ASSERT_TRUE(happens([&] { return connection == nullptr && servers[index]->closed; }));
  }
}

TEST_F(WebSocketTest, MayBeDestroyedWhenItIsClosed) {
  connect_pair();
  auto connection = WebSocketConnection::connect(runtime, url());
  connection->start({.on_open = [] {},
                     .on_text = [](const std::string&) {},
                     .on_binary = [](const Bytes&) {},
                     .on_written = [](std::size_t) {},
                     .on_closed = [&](CloseReason, std::string_view) { connection.reset(); }});
  ASSERT_TRUE(happens([&] { return servers.size() == 2 && servers[1]->is_open; }));
  servers[1]->connection.reset();
  EXPECT_TRUE(happens([&] { return connection == nullptr; }));
}

TEST_F(WebSocketTest, PausingHoldsMessagesBackAndKeepsTheirOrder) {
  connect_pair();
  auto& server = *servers[0];
  server.connection->pause_reading();
  constexpr std::size_t kCount = 3000;
  for (std::size_t i = 0; i < kCount; ++i) client.connection->send_binary(numbered_bytes(10'000, i));
  std::size_t before = 0;
  TimePoint since = now();
  ASSERT_TRUE(happens([&] {
    if (client.written != before) since = now();
    before = client.written;
    return now() - since > Duration::milliseconds(200);
  }));
  EXPECT_LT(client.written, kCount) << "the sender was not slowed down";
  EXPECT_TRUE(server.binaries.empty());

  server.connection->resume_reading();
  EXPECT_TRUE(server.binaries.empty()) << "called back from inside resume_reading";
  ASSERT_TRUE(happens([&] { return server.binaries.size() == kCount; }));
  for (std::size_t i = 0; i < kCount; ++i) ASSERT_EQ(server.binaries[i], numbered_bytes(10'000, i)) << i;
}

TEST_F(WebSocketTest, PausingInsideACallbackHoldsTheNextMessageBack) {
  listen();
  auto connection = WebSocketConnection::connect(runtime, url());
  int seen = 0;
  connection->start({.on_open = [] {},
                     .on_text =
                         [&](const std::string&) {
                           ++seen;
                           connection->pause_reading();
                         },
                     .on_binary = [](const Bytes&) {},
                     .on_written = [](std::size_t) {},
                     .on_closed = [](CloseReason, std::string_view) { ADD_FAILURE(); }});
  ASSERT_TRUE(happens([&] { return servers.size() == 1; }));
  for (int i = 0; i < 3; ++i) servers[0]->connection->send_text("x");
  for (int expected = 1; expected <= 3; ++expected) {
    ASSERT_TRUE(happens([&] { return seen == expected; }));
    settle();
    EXPECT_EQ(seen, expected);
    connection->resume_reading();
  }
}

TEST_F(WebSocketTest, AFullSendQueueClosesTheConnection) {
  connect_pair({.send_queue_max = 1000});
  client.connection->send_binary(Bytes(600));
  client.connection->send_binary(Bytes(600));
  EXPECT_FALSE(client.closed.has_value());
  ASSERT_TRUE(happens([this] { return client.closed && servers[0]->closed; }));
  EXPECT_EQ(client.closed, CloseReason::reset);
}

TEST_F(WebSocketTest, TooLongAMessageEndsTheConnection) {
  connect_pair({}, {.connection = {.read_message_max = 1000}});
  client.connection->send_binary(Bytes(1000));
  ASSERT_TRUE(happens([this] { return servers[0]->binaries.size() == 1; }));
  client.connection->send_binary(Bytes(1001));
  ASSERT_TRUE(happens([this] { return client.closed && servers[0]->closed; }));
  EXPECT_EQ(servers[0]->closed, CloseReason::protocol_error);
  EXPECT_EQ(servers[0]->binaries.size(), 1U);
}

TEST_F(WebSocketTest, ARefusedPortIsReported) {
  listen();
  auto closed_port = url();
  listener.reset();
  settle();
  client.start(WebSocketConnection::connect(runtime, closed_port));
  ASSERT_TRUE(happens([this] { return client.closed.has_value(); }));
  EXPECT_EQ(client.closed, CloseReason::refused);
  EXPECT_EQ(client.detail, "connection refused");
  EXPECT_FALSE(client.is_open);
}

TEST_F(WebSocketTest, AHostWithoutAddressIsReported) {
  client.start(WebSocketConnection::connect(runtime, parse_url("ws://no-such-host.invalid:1").value()));
  ASSERT_TRUE(happens([this] { return client.closed.has_value(); }));
  EXPECT_EQ(client.closed, CloseReason::refused);
  EXPECT_NE(client.detail.find("no-such-host.invalid"), std::string::npos);
}

TEST_F(WebSocketTest, HostNamesAreLookedUp) {
  listen();
  auto named = url();
  named.host = "localhost";
  client.start(WebSocketConnection::connect(runtime, named));
  ASSERT_TRUE(happens([this] { return client.is_open || client.closed; }));
  EXPECT_TRUE(client.is_open) << client.detail;
}

TEST_F(WebSocketTest, APortInUseIsExplained) {
  listen();
  auto second = WebSocketListener::listen(runtime, listener->local_endpoint(), [](auto, const auto&) {});
  ASSERT_FALSE(second.has_value());
  EXPECT_TRUE(second.error().is(NetError::cannot_listen));
}

TEST_F(WebSocketTest, MoreConnectionsThanAllowedAreClosedUntilOneEnds) {
  listen({.max_connections = 1});
  connect(client);
  ASSERT_TRUE(happens([this] { return client.is_open; }));
  WebSocketPeer surplus;
  connect(surplus);
  ASSERT_TRUE(happens([&] { return surplus.closed.has_value(); }));
  EXPECT_FALSE(surplus.is_open);
  client.connection->close();
  ASSERT_TRUE(happens([this] { return servers[0]->closed.has_value(); }));
  WebSocketPeer next;
  connect(next);
  EXPECT_TRUE(happens([&] { return next.is_open; }));
}

TEST_F(WebSocketTest, ConnectionsOutliveTheirListener) {
  connect_pair();
  listener.reset();
  client.connection->send_text("still there");
  EXPECT_TRUE(happens([this] { return servers[0]->texts.size() == 1; }));
}

TEST_F(WebSocketTest, AnAcceptedConnectionThatNobodyTakesIsClosed) {
  auto made = WebSocketListener::listen(runtime, kLoopback, [](auto, const auto&) {});
  ASSERT_TRUE(made.has_value());
  listener = *std::move(made);
  connect(client);
  EXPECT_TRUE(happens([this] { return client.closed.has_value(); }));
}

}  // namespace
}  // namespace nym::net::test
