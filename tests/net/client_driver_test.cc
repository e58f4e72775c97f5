#include "net/drivers/client_driver.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <fstream>

#include "sim/kernel/seeded_random.h"
#include "tests/net/loopback.h"
#include "tests/net/raw_frames.h"
#include "tests/net/temporary_directory.h"

namespace nym::net::test {
namespace {

using app_api::Dialect;

constexpr std::string_view kAskAddress = R"({"type":"selfAddress"})";

/// A client without a network: nothing answers where its gateway and directory should be.
class AppSocket : public LoopbackTest {
 protected:
  void start(client::AppConfig apps = {}, AppGate::Rules rules = {}) {
    sim::SeededRandom random(1);
    auto identity = crypto::Ed25519PrivateKey::generate(random);
    auto encryption = crypto::X25519KeyPair::generate(random);
    auto ack = draw_secret<16>(random);
    auto shared = sphinx::GatewaySharedKeys::from_bytes(draw_array<32>(random));
    auto gateway = crypto::Ed25519PrivateKey::generate(random).public_key();
    client::ClientConfig config{{identity, encryption, ack, shared}, gateway, "ws://127.0.0.1:1"};
    config.apps = apps;
    address = config.address().to_string();
    socket_path = folder.path() / "app.sock";
    ClientDriver::Places places{.app = kLoopback,
                                .directories = {"http://127.0.0.1:1"},
                                .store = {folder.path() / "replies", std::nullopt},
                                .spool = folder.path(),
                                .app_rules = std::move(rules),
                                .app_socket = socket_path};
    auto started = ClientDriver::start(runtime, std::move(config), places, [](const client::Event&) {});
    ASSERT_TRUE(started) << started.error().text();
    driver = std::move(started->driver);
  }
  std::string url() const { return "ws://" + to_string(driver->app_endpoint()) + "/"; }

  std::unique_ptr<WebSocketPeer> connect() {
    auto app = std::make_unique<WebSocketPeer>();
    app->start(WebSocketConnection::connect(runtime, parse_url(url()).value()));
    EXPECT_TRUE(happens([&] { return app->is_open || app->closed; }));
    return app;
  }
  std::unique_ptr<TcpPeer> connect_raw() {
    auto peer = std::make_unique<TcpPeer>();
    peer->start(TcpLink::connect(runtime, driver->app_endpoint()));
    return peer;
  }
  void expect_answered(WebSocketPeer& app) {
    app.connection->send_text(std::string(kAskAddress));
    ASSERT_TRUE(happens([&] { return !app.texts.empty(); })) << app.detail;
    EXPECT_EQ(app.texts.front(), R"({"type":"selfAddress","address":")" + address + R"("})");
    app.texts.pop_front();
  }
  std::unique_ptr<TcpPeer> upgraded() {
    auto peer = connect_raw();
    peer->say(kUpgradeRequest);
    EXPECT_TRUE(happens([&] { return peer->heard("\r\n\r\n"); }));
    peer->received.clear();
    return peer;
  }
  std::string answer_to(std::string_view header) {
    auto request = kUpgradeRequest;
    request.insert(request.find("Connection"), header);
    auto peer = connect_raw();
    peer->say(request);
    EXPECT_TRUE(happens([&] { return peer->heard("\r\n\r\n"); }));
    return std::string(as_text(peer->received)).substr(9, 3);
  }

  TemporaryDirectory folder;
  std::filesystem::path socket_path;
  std::string address;
  std::unique_ptr<ClientDriver> driver;
};

TEST_F(AppSocket, ServesManyApplicationsAtOnce) {
  start();
  auto first = connect();
  auto second = connect();
  expect_answered(*first);
  expect_answered(*second);
  expect_answered(*first);
}

TEST_F(AppSocket, RefusesForeignPagesWith403) {
  start();
  EXPECT_EQ(answer_to("Origin: https://evil.example\r\n"), "403");
  EXPECT_EQ(answer_to("Origin: null\r\n"), "403");
  EXPECT_EQ(answer_to("Origin: http://localhost:3000\r\n"), "101");
}

TEST_F(AppSocket, AsksForItsTokenWith401) {
  auto token = folder.path() / "token";
  std::ofstream(token) << "s3cret\n";
  std::filesystem::permissions(token, std::filesystem::perms(0600));
  start({}, {.token_file = token.string()});
  EXPECT_EQ(answer_to(""), "401");
  EXPECT_EQ(answer_to("Authorization: Bearer wrong\r\n"), "401");
  EXPECT_EQ(answer_to("Authorization: Bearer s3cret\r\n"), "101");
}

TEST_F(AppSocket, AMessageThatIsTooLongIsAnsweredAndThenClosedWith1009) {
  start({.max_message = 1'000});
  auto app = upgraded();
  app->link->send(from_hex("81ff000000000fffffff00000000").value());
  // An error of 150-odd bytes with a 4-byte header, then a Close frame.
  ASSERT_TRUE(happens([&] { return app->heard("bytes allowed") && app->heard("\x03\xf1the message is too long"); }));
  EXPECT_TRUE(
      app->heard(R"({"type":"error","message":"malformed request:a message of 268435455 bytes is longer than)"));
  auto next = connect();
  expect_answered(*next);
}

TEST_F(AppSocket, AMessageOfTheGreatestSizeIsRead) {
  start({.max_message = 1'000});
  auto app = connect();
  app->connection->send_text(std::string(1'000, ' '));
  ASSERT_TRUE(happens([&] { return !app->texts.empty(); }));
  EXPECT_NE(app->texts.front().find("EOF while parsing a value"), std::string::npos);
}

TEST_F(AppSocket, InStrictAFrameOf16MiBIsReadAndAGreaterOneEndsTheConnectionWithoutAWord) {
  start({.dialect = Dialect::strict});
  auto app = connect();
  app->connection->send_binary(Bytes(std::size_t{16} << 20U));
  ASSERT_TRUE(happens([&] { return !app->binaries.empty(); })) << app->detail;
  app.reset();
  auto raw = upgraded();
  raw->link->send(from_hex("82ff000000000100000100000000").value());
  ASSERT_TRUE(happens([&] { return raw->closed.has_value(); }));
  EXPECT_TRUE(raw->received.empty());
}

TEST_F(AppSocket, InStrictASecondApplicationIsClosedWithoutAWord) {
  start({.dialect = Dialect::strict});
  auto first = connect();
  expect_answered(*first);
  auto second = connect_raw();
  second->say(kUpgradeRequest);
  ASSERT_TRUE(happens([&] { return second->closed.has_value(); }));
  EXPECT_TRUE(second->received.empty());
  expect_answered(*first);
}

// The original refused some of these (07 no. 4).
TEST_F(AppSocket, InStrictAnImmediateReconnectionIsServed) {
  start({.dialect = Dialect::strict});
  for (int i = 0; i < 20; ++i) {
    auto app = connect();
    ASSERT_TRUE(app->is_open) << "attempt " << i;
    expect_answered(*app);
  }
}

TEST_F(AppSocket, TenThousandQuickConnectionsDoNoHarm) {
  start();
  auto app = connect();
  const std::vector<std::string> openings{"", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "GET / HT", "\x16\x03\x01",
                                          "hello\r\n\r\n"};
  constexpr std::size_t kBatch = 100;
  for (std::size_t round = 0; round < 10'000 / kBatch; ++round) {
    std::vector<std::unique_ptr<TcpPeer>> peers;
    for (std::size_t i = 0; i < kBatch; ++i) {
      peers.push_back(connect_raw());
      const auto& opening = openings[i % openings.size()];
      if (!opening.empty()) peers.back()->say(opening);
    }
    ASSERT_TRUE(happens([&] {
      return std::all_of(peers.begin(), peers.end(), [](const auto& peer) { return peer->is_open || peer->closed; });
    }));
  }
  expect_answered(*app);
  auto next = connect();
  expect_answered(*next);
}

// A peer on the unix socket, driven by hand.
class UnixPeer {
 public:
  explicit UnixPeer(const std::filesystem::path& path) : number_(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0)) {
    sockaddr_un where{};
    where.sun_family = AF_UNIX;
    path.string().copy(where.sun_path, sizeof(where.sun_path) - 1);
    is_connected_ = ::connect(number_, reinterpret_cast<const sockaddr*>(&where), sizeof(where)) == 0;
  }
  UnixPeer(const UnixPeer&) = delete;
  UnixPeer& operator=(const UnixPeer&) = delete;
  ~UnixPeer() { ::close(number_); }

  bool is_connected() const { return is_connected_; }
  void say(ByteView bytes) const {
    EXPECT_EQ(::write(number_, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  }
  bool heard(std::string_view text) {
    ByteArray<4'096> buffer{};
    auto count = ::read(number_, buffer.data(), buffer.size());
    if (count > 0) received_ += as_text(ByteView(buffer).first(static_cast<std::size_t>(count)));
    return received_.find(text) != std::string::npos;
  }

 private:
  int number_;
  bool is_connected_ = false;
  std::string received_;
};

TEST_F(AppSocket, IsAlsoAUnixSocketOfTheOwnerThatNeedsNoToken) {
  auto token = folder.path() / "token";
  std::ofstream(token) << "s3cret";
  std::filesystem::permissions(token, std::filesystem::perms(0600));
  start({}, {.token_file = token.string()});
  EXPECT_EQ(std::filesystem::status(socket_path).permissions() & std::filesystem::perms::all,
            std::filesystem::perms(0600));
  UnixPeer peer(socket_path);
  ASSERT_TRUE(peer.is_connected());
  std::optional<Timer> look;
  look.emplace(runtime, [&] { look->arm_after(Duration::milliseconds(1)); });
  look->arm_after(Duration());
  peer.say(as_bytes(kUpgradeRequest));
  ASSERT_TRUE(happens([&] { return peer.heard("101 "); }));
  peer.say(raw_frame(Opcode::text, as_bytes(kAskAddress), Mask::constant));
  EXPECT_TRUE(happens([&] { return peer.heard(address); }));
  driver.reset();
  EXPECT_FALSE(std::filesystem::exists(socket_path));
}

TEST_F(AppSocket, TakesTheUnixSocketOfADeadProcessAndNoOtherFile) {
  start();
  auto lives =
      WebSocketListener::listen(runtime, socket_path, [](std::unique_ptr<WebSocketConnection>, const Endpoint&) {});
  ASSERT_FALSE(lives);
  EXPECT_NE(lives.error().text().find("another program listens there"), std::string::npos) << lives.error().text();
  driver.reset();
  std::ofstream(socket_path) << "a file";
  auto file =
      WebSocketListener::listen(runtime, socket_path, [](std::unique_ptr<WebSocketConnection>, const Endpoint&) {});
  ASSERT_FALSE(file);
  EXPECT_NE(file.error().text().find("there is a file of that name already"), std::string::npos);
  std::filesystem::remove(socket_path);
  {
    int left = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un where{};
    where.sun_family = AF_UNIX;
    socket_path.string().copy(where.sun_path, sizeof(where.sun_path) - 1);
    ASSERT_EQ(::bind(left, reinterpret_cast<const sockaddr*>(&where), sizeof(where)), 0);
    ::close(left);
  }
  auto dead =
      WebSocketListener::listen(runtime, socket_path, [](std::unique_ptr<WebSocketConnection>, const Endpoint&) {});
  EXPECT_TRUE(dead) << dead.error().text();
}

}  // namespace
}  // namespace nym::net::test
