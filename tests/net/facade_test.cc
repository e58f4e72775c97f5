#include <boost/asio/io_context.hpp>

#include "net/client/client.h"
#include "net/error.h"
#include "net/files.h"
#include "net/key_files.h"
#include "tests/net/live_client.h"

namespace nym::net::test {
namespace {

using std::chrono::seconds;

ByteView bytes_of(std::string_view text) {
  return as_bytes(text);
}

class Facade : public testing::Test {
 protected:
  ClientOptions options() const { return {.directories = {network.directory()}}; }
  std::unique_ptr<Client> connect(ClientOptions wanted) {
    auto made = Client::connect(context, std::move(wanted));
    EXPECT_TRUE(made) << made.error().text();
    return made ? std::move(*made) : nullptr;
  }
  bool happens(const std::function<bool()>& done) { return runtime.run_until(done, now() + Duration::seconds(60)); }

  /// As `init` leaves it.
  void make_data_directory(const std::filesystem::path& folder) {
    auto keys = register_keys(runtime, network.gateway(0));
    auto identity = keys.identity.public_key();
    ClientKeys files{{std::move(keys.identity), identity},
                     std::move(keys.encryption),
                     std::move(keys.ack),
                     keys.gateway_shared.to_bytes()};
    ASSERT_TRUE(store_client_keys(ClientKeyPaths::in(folder), files));
    const auto& gateway = network.gateway(0);
    ASSERT_TRUE(store_gateway_details(folder / "gateway_details.json",
                                      {wire::hash_of_shared_keys(files.gateway_shared.expose()), gateway.identity_key,
                                       gateway.owner, listener_of(gateway)}));
  }

  boost::asio::io_context context;
  Runtime& runtime = Runtime::of(context);
  LiveNetwork network{runtime};
};

TEST_F(Facade, SendsAMessageAndTellsHowItEnded) {
  auto alice = connect(options());
  auto bob = connect(options());
  ASSERT_TRUE(alice && bob);
  auto delivery = alice->deliver(bob->address(), bytes_of("hello"), seconds(60));
  ASSERT_TRUE(delivery) << delivery.error().text();
  EXPECT_EQ(delivery->outcome, Delivery::Outcome::acknowledged) << delivery->why;
  auto message = bob->receive(seconds(60));
  ASSERT_TRUE(message) << message.error().text();
  EXPECT_EQ(message->text(), "hello");
  EXPECT_FALSE(message->reply_tag);
}

TEST_F(Facade, AnswersAnAnonymousMessageFromWithinItsCallback) {
  auto alice = connect(options());
  auto bob = connect(options());
  ASSERT_TRUE(alice && bob);
  int replied = 0;
  bob->on_message([&](const Message& message) {
    ASSERT_TRUE(message.reply_tag);
    auto sent = bob->reply(*message.reply_tag, message.data, [&](const Delivery& delivery) {
      EXPECT_EQ(delivery.outcome, Delivery::Outcome::acknowledged) << delivery.why;
      ++replied;
    });
    EXPECT_TRUE(sent);
  });
  ASSERT_TRUE(alice->send_anonymous(bob->address(), bytes_of("who am I?"), 15));
  auto answer = alice->receive(seconds(60));
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_EQ(answer->text(), "who am I?");
  EXPECT_TRUE(happens([&] { return replied == 1; }));
}

TEST_F(Facade, ConnectsWithoutWaitingAndCallsBackOnce) {
  std::unique_ptr<Client> client;
  int calls = 0;
  Client::connect(context, options(), [&](Result<std::unique_ptr<Client>> made) {
    ++calls;
    ASSERT_TRUE(made) << made.error().text();
    client = std::move(*made);
  });
  EXPECT_EQ(calls, 0);
  ASSERT_TRUE(happens([&] { return calls > 0; }));
  EXPECT_EQ(client->address().find('@'), client->address().rfind('@'));
  EXPECT_EQ(calls, 1);
}

TEST_F(Facade, UsesAGatewayOfChoice) {
  auto wanted = options();
  wanted.gateway = network.gateway(1).identity_key;
  auto client = connect(wanted);
  ASSERT_TRUE(client);
  EXPECT_TRUE(client->address().ends_with("@" + wanted.gateway));
  wanted.gateway = "nonsense";
  auto refused = Client::connect(context, wanted);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().text().find("lists no gateway nonsense"), std::string::npos) << refused.error().text();
}

TEST_F(Facade, TakesADataDirectoryAndGivesItBack) {
  TemporaryDirectory folder;
  ASSERT_NO_FATAL_FAILURE(make_data_directory(folder.path()));
  auto wanted = options();
  wanted.data_directory = folder.path();
  auto client = connect(wanted);
  ASSERT_TRUE(client);
  auto address = client->address();
  auto second = Client::connect(context, wanted);
  ASSERT_FALSE(second);
  EXPECT_TRUE(second.error().is(NetError::locked)) << second.error().text();
  client->close();
  client = connect(wanted);
  ASSERT_TRUE(client);
  EXPECT_EQ(client->address(), address);
  client.reset();
  EXPECT_TRUE(connect(wanted)) << "destroying it gives the directory back too";
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "persistent_reply_store.sqlite"));
}

TEST_F(Facade, SaysWhatIsWrongWithItsOptions) {
  auto error_of = [&](ClientOptions wanted) {
    auto made = Client::connect(context, std::move(wanted));
    return made ? std::string("none") : made.error().text();
  };
  EXPECT_EQ(error_of({}), "no directory was given");
  EXPECT_NE(error_of({.directories = {"not a url"}}).find("not a url"), std::string::npos);
  EXPECT_NE(error_of({.directories = {"http://127.0.0.1:1"}}).find("cannot get the list of gateways"),
            std::string::npos);
  auto missing = options();
  missing.data_directory = "/nonexistent/data";
  EXPECT_NE(error_of(missing).find("/nonexistent/data"), std::string::npos);
}

TEST_F(Facade, AsksTheNextDirectoryWhenOneFails) {
  auto wanted = options();
  wanted.directories.insert(wanted.directories.begin(), "http://127.0.0.1:1");
  EXPECT_TRUE(connect(wanted));
}

TEST_F(Facade, GivesUpConnectingInTime) {
  std::unique_ptr<TcpListener> silent;
  auto listening = TcpListener::listen(
      runtime, kLoopback,
      [kept = std::make_shared<std::deque<TcpPeer>>()](std::unique_ptr<TcpLink> link, const Endpoint&) {
        kept->emplace_back().start(std::move(link));
      });
  ASSERT_TRUE(listening);
  auto wanted = options();
  wanted.directories = {"http://" + to_string((*listening)->local_endpoint())};
  wanted.connect_timeout = std::chrono::milliseconds(50);
  auto made = Client::connect(context, wanted);
  ASSERT_FALSE(made);
  EXPECT_TRUE(made.error().is(NetError::timed_out));
  EXPECT_NE(made.error().text().find("reading the directory took too long"), std::string::npos);
}

TEST_F(Facade, RefusesMalformedAddressesAndTagsAtOnce) {
  auto client = connect(options());
  ASSERT_TRUE(client);
  auto never = [](const Delivery&) { FAIL() << "of a message that was not accepted"; };
  EXPECT_FALSE(client->send("nobody", bytes_of("x"), never));
  EXPECT_FALSE(client->send_anonymous("nobody", bytes_of("x"), 5, never));
  EXPECT_FALSE(client->reply({"0OIl"}, bytes_of("x"), never));
  auto too_many = client->send_anonymous(client->address(), bytes_of("x"), 1'001, never);
  ASSERT_FALSE(too_many);
  EXPECT_NE(too_many.error().text().find("1001 reply surbs"), std::string::npos) << too_many.error().text();
}

TEST_F(Facade, TellsThatAReplyToAnUnknownSenderFailed) {
  auto client = connect(options());
  ASSERT_TRUE(client);
  std::optional<Delivery> delivery;
  ASSERT_TRUE(client->reply({"8vBjLKTFvq1WHuEMtHfXEj"}, bytes_of("x"), [&](Delivery ended) { delivery = ended; }));
  EXPECT_FALSE(delivery) << "called from inside the call";
  ASSERT_TRUE(happens([&] { return delivery.has_value(); }));
  EXPECT_EQ(delivery->outcome, Delivery::Outcome::failed);
  EXPECT_NE(delivery->why.find("no reply surbs"), std::string::npos) << delivery->why;
}

TEST_F(Facade, LetsMessagesLeaveBeforeItCloses) {
  auto alice = connect(options());
  auto bob = connect(options());
  ASSERT_TRUE(alice && bob);
  std::optional<Delivery> delivery;
  ASSERT_TRUE(alice->send(bob->address(), bytes_of("last words"), [&](Delivery ended) { delivery = ended; }));
  alice->close(seconds(30));
  ASSERT_TRUE(delivery);
  EXPECT_EQ(delivery->outcome, Delivery::Outcome::acknowledged) << delivery->why;
  EXPECT_FALSE(alice->send(bob->address(), bytes_of("more")));
  EXPECT_FALSE(alice->receive(seconds(1)));
  auto message = bob->receive(seconds(60));
  ASSERT_TRUE(message) << message.error().text();
  EXPECT_EQ(message->text(), "last words");
  alice->close();
}

TEST_F(Facade, CancelsWhatIsLeftWhenItClosesWithoutTime) {
  auto client = connect(options());
  ASSERT_TRUE(client);
  std::optional<Delivery> delivery;
  ASSERT_TRUE(client->send(client->address(), Bytes(100'000, 7), [&](Delivery ended) { delivery = ended; }));
  int closed = 0;
  client->close(seconds(0), [&] { ++closed; });
  client->close(seconds(0), [&] { ++closed; });
  ASSERT_TRUE(happens([&] { return closed == 2; }));
  ASSERT_TRUE(delivery);
  EXPECT_EQ(delivery->outcome, Delivery::Outcome::cancelled);
}

TEST_F(Facade, MayBeDestroyedInItsOwnCallbacks) {
  auto client = connect(options());
  ASSERT_TRUE(client);
  client->on_message([&](const Message&) { client.reset(); });
  ASSERT_TRUE(client->send(client->address(), bytes_of("end")));
  EXPECT_TRUE(happens([&] { return client == nullptr; }));
  auto other = connect(options());
  ASSERT_TRUE(other);
  ASSERT_TRUE(other->send(other->address(), bytes_of("end"), [&](const Delivery&) { other.reset(); }));
  EXPECT_TRUE(happens([&] { return other == nullptr; }));
}

TEST_F(Facade, LeavesNothingRunningOnTheContext) {
  boost::asio::io_context own;
  auto made = Client::connect(own, {.directories = {"http://127.0.0.1:1"}});
  EXPECT_FALSE(made);
  own.restart();
  own.run();  // would not return while something is left
}

TEST(FacadeAlone, LetsItsContextGoWhileItConnects) {
  auto context = std::make_unique<boost::asio::io_context>();
  bool called = false;
  Client::connect(*context, {.directories = {"http://127.0.0.1:1"}}, [&](auto) { called = true; });
  context.reset();
  EXPECT_FALSE(called);
}

}  // namespace
}  // namespace nym::net::test
