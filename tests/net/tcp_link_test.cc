#include "net/tcp_link.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "net/error.h"
#include "tests/net/loopback.h"

namespace nym::net::test {
namespace {

class TcpLinkTest : public LoopbackTest {
 protected:
  void listen(TcpListenerOptions options = {}) {
    auto made = TcpListener::listen(
        runtime, kLoopback,
        [this](std::unique_ptr<TcpLink> link, const Endpoint& peer) {
          EXPECT_EQ(peer.address, kLoopback.address);
          auto& server = servers.emplace_back(std::make_unique<TcpPeer>());
          server->start(std::move(link));
        },
        options);
    ASSERT_TRUE(made.has_value()) << made.error().text();
    listener = *std::move(made);
  }

  void connect(TcpPeer& peer, TcpLinkOptions options = {}) {
    peer.start(TcpLink::connect(runtime, listener->local_endpoint(), options));
  }

  void connect_pair(TcpLinkOptions options = {}) {
    listen();
    connect(client, options);
    ASSERT_TRUE(happens([this] { return client.is_open && servers.size() == 1 && servers[0]->is_open; }));
  }

  std::unique_ptr<TcpListener> listener;
  std::vector<std::unique_ptr<TcpPeer>> servers;
  TcpPeer client;
};

TEST_F(TcpLinkTest, CarriesBytesBothWays) {
  connect_pair();
  client.say("ping");
  ASSERT_TRUE(happens([this] { return servers[0]->heard("ping"); }));
  servers[0]->say("pong");
  ASSERT_TRUE(happens([this] { return client.heard("pong"); }));
  EXPECT_EQ(client.written, 4U);
}

/// The connected TCP sockets of this process, and which of them wait for more to send together (Nagle's algorithm).
std::pair<int, int> connected_and_waiting() {
  constexpr int kDescriptors = 1'024;
  std::pair<int, int> found;
  for (int descriptor = 0; descriptor < kDescriptors; ++descriptor) {
    tcp_info info{};
    socklen_t size = sizeof info;
    if (::getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &info, &size) != 0 || info.tcpi_state != TCP_ESTABLISHED)
      continue;
    int no_delay = 0;
    size = sizeof no_delay;
    ::getsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &no_delay, &size);
    ++found.first;
    found.second += no_delay == 0 ? 1 : 0;
  }
  return found;
}

// The original waits (07 no. 48): some forty milliseconds a hop.
TEST_F(TcpLinkTest, SendsSmallFramesAtOnce) {
  connect_pair();
  auto [connected, waiting] = connected_and_waiting();
  EXPECT_EQ(connected, 2);
  EXPECT_EQ(waiting, 0);
}

TEST_F(TcpLinkTest, SendsWhatWasGivenBeforeItWasOpen) {
  listen();
  connect(client);
  client.say("early");
  EXPECT_FALSE(client.is_open);
  EXPECT_EQ(client.link->queued_bytes(), 5U);
  EXPECT_TRUE(happens([this] { return servers.size() == 1 && servers[0]->heard("early"); }));
}

TEST_F(TcpLinkTest, KeepsTheOrderOfManyPiecesOfOddSizes) {
  connect_pair();
  Bytes expected;
  std::size_t size = 1;
  for (int batch = 0; batch < 40; ++batch) {
    std::vector<Bytes> pieces;
    for (int i = 0; i < 100; ++i) {
      size = (size * 7919 + 13) % 9001;
      pieces.push_back(numbered_bytes(size, size));
      append(expected, pieces.back());
    }
    client.link->send(std::move(pieces));
  }
  client.link->send(Blob::with_zero_tail(Bytes{1}, 1000));
  append(expected, Bytes{1});
  expected.resize(expected.size() + 999);
  ASSERT_TRUE(happens([&] { return servers[0]->received.size() >= expected.size(); }));
  EXPECT_EQ(servers[0]->received, expected);
  EXPECT_TRUE(happens([&] { return client.written == expected.size(); }));
  EXPECT_EQ(client.link->queued_bytes(), 0U);
}

TEST_F(TcpLinkTest, APausedReaderSlowsTheSenderDownAndLosesNothing) {
  connect_pair();
  servers[0]->link->pause_reading();
  auto expected = numbered_bytes(std::size_t{24} << 20U);
  client.link->send(Bytes(expected));
  // Written bytes stand still once the buffers of the system are full.
  std::size_t before = 0;
  TimePoint since = now();
  ASSERT_TRUE(happens([&] {
    if (client.written != before) since = now();
    before = client.written;
    return now() - since > Duration::milliseconds(200);
  }));
  EXPECT_LT(client.written, expected.size());
  EXPECT_TRUE(servers[0]->received.empty());
  servers[0]->link->resume_reading();
  ASSERT_TRUE(happens([&] { return servers[0]->received.size() >= expected.size(); }));
  EXPECT_EQ(servers[0]->received, expected);
}

TEST_F(TcpLinkTest, AFullSendQueueClosesTheLink) {
  connect_pair({.send_queue_max = 1000});
  client.link->send(Bytes(600));
  client.link->send(Bytes(600));
  EXPECT_FALSE(client.closed.has_value()) << "called back from inside send";
  ASSERT_TRUE(happens([this] { return client.closed.has_value(); }));
  EXPECT_EQ(client.closed, CloseReason::reset);
  EXPECT_TRUE(happens([this] { return servers[0]->closed.has_value(); }));
}

TEST_F(TcpLinkTest, ClosingIsReportedOnceOnBothSides) {
  connect_pair();
  client.link->close();
  client.link->close();
  EXPECT_FALSE(client.closed.has_value());
  ASSERT_TRUE(happens([this] { return client.closed && servers[0]->closed; }));
  EXPECT_EQ(client.closed, CloseReason::shutdown);
  EXPECT_EQ(servers[0]->closed, CloseReason::finished);
  client.say("into the void");
  settle();
}

TEST_F(TcpLinkTest, DestroyingItClosesWithoutACallback) {
  connect_pair();
  client.link.reset();
  ASSERT_TRUE(happens([this] { return servers[0]->closed.has_value(); }));
  EXPECT_FALSE(client.closed.has_value());
}

TEST_F(TcpLinkTest, MayBeDestroyedInsideItsCallbacks) {
  listen();
  auto link = TcpLink::connect(runtime, listener->local_endpoint());
  link->start({.on_open = [&] { link.reset(); },
               .on_data = [](ByteView) {},
               .on_written = [](std::size_t) {},
               .on_closed = [](CloseReason, std::string_view) { ADD_FAILURE(); }});
  ASSERT_TRUE(happens([&] { return link == nullptr && servers.size() == 1 && servers[0]->closed; }));

  auto reader = TcpLink::connect(runtime, listener->local_endpoint());
  reader->start({.on_open = [] {},
                 .on_data = [&](ByteView) { reader.reset(); },
                 .on_written = [](std::size_t) {},
                 .on_closed = [](CloseReason, std::string_view) { ADD_FAILURE(); }});
  ASSERT_TRUE(happens([&] { return servers.size() == 2; }));
  servers[1]->link->send(Bytes(200'000));
  EXPECT_TRUE(happens([&] { return reader == nullptr && servers[1]->closed; }));
}

TEST_F(TcpLinkTest, ARefusedPortIsReported) {
  listen();
  auto port = listener->local_endpoint();
  listener.reset();
  settle();
  client.start(TcpLink::connect(runtime, port));
  ASSERT_TRUE(happens([this] { return client.closed.has_value(); }));
  EXPECT_EQ(client.closed, CloseReason::refused);
  EXPECT_EQ(client.detail, "connection refused");
}

TEST_F(TcpLinkTest, AnAttemptWithoutAnswerTimesOut) {
  // Reserved for documentation: nobody answers there. Where there is no route at all it is refused at once.
  client.start(TcpLink::connect(runtime, {Ipv4{{192, 0, 2, 1}}, 9}, {.connect_timeout = Duration::milliseconds(50)}));
  ASSERT_TRUE(happens([this] { return client.closed.has_value(); }));
  EXPECT_TRUE(client.closed == CloseReason::timed_out || client.closed == CloseReason::refused) << client.detail;
}

TEST_F(TcpLinkTest, APortInUseIsExplained) {
  listen();
  auto second = TcpListener::listen(runtime, listener->local_endpoint(), [](auto, const auto&) {});
  ASSERT_FALSE(second.has_value());
  EXPECT_TRUE(second.error().is(NetError::cannot_listen));
  EXPECT_EQ(second.error().text(), "cannot listen on " + to_string(listener->local_endpoint()) +
                                       ": address already in use; stop the other program or choose another port");
}

TEST_F(TcpLinkTest, AnAddressOfAnotherMachineIsExplained) {
  auto made = TcpListener::listen(runtime, {Ipv4{{192, 0, 2, 1}}, 0}, [](auto, const auto&) {});
  ASSERT_FALSE(made.has_value());
  EXPECT_EQ(made.error().text(), "cannot listen on 192.0.2.1:0: this machine does not have that address");
}

TEST_F(TcpLinkTest, MoreConnectionsThanAllowedAreClosedUntilOneEnds) {
  listen({.max_connections = 1});
  connect(client);
  ASSERT_TRUE(happens([this] { return servers.size() == 1; }));
  TcpPeer surplus;
  connect(surplus);
  ASSERT_TRUE(happens([&] { return surplus.closed.has_value(); }));
  EXPECT_EQ(servers.size(), 1U);
  client.link.reset();
  ASSERT_TRUE(happens([this] { return servers[0]->closed.has_value(); }));
  TcpPeer next;
  connect(next);
  EXPECT_TRUE(happens([this] { return servers.size() == 2; }));
}

TEST_F(TcpLinkTest, AnAcceptedLinkThatNobodyTakesIsClosed) {
  auto made = TcpListener::listen(runtime, kLoopback, [](auto, const auto&) {});
  ASSERT_TRUE(made.has_value());
  client.start(TcpLink::connect(runtime, (*made)->local_endpoint()));
  EXPECT_TRUE(happens([this] { return client.closed.has_value(); }));
}

TEST_F(TcpLinkTest, AListenerMayBeDestroyedInItsOwnCallback) {
  std::unique_ptr<TcpListener> doomed;
  TcpPeer server;
  auto made = TcpListener::listen(runtime, kLoopback, [&](std::unique_ptr<TcpLink> link, const Endpoint&) {
    server.start(std::move(link));
    doomed.reset();
  });
  ASSERT_TRUE(made.has_value());
  doomed = *std::move(made);
  client.start(TcpLink::connect(runtime, doomed->local_endpoint()));
  client.say("still there");
  EXPECT_TRUE(happens([&] { return server.heard("still there"); }));
}

}  // namespace
}  // namespace nym::net::test
