#include "testnet/demo.h"

#include <fmt/format.h>

#include "net/clock.h"
#include "testnet/app_connection.h"
#include "testnet/client_process.h"
#include "testnet/network.h"

namespace nym::testnet {
namespace {

constexpr Duration kStepLimit = Duration::seconds(60);
constexpr int kReplySurbs = 20;
constexpr const char* kMessage = "hello bob, guess who this is";
constexpr const char* kReply = "hello whoever you are, I can answer without knowing";

double seconds(Duration duration) {
  return static_cast<double>(duration.ns()) / 1e9;
}

/// Prints what was done and how long it took since the step before.
class Steps {
 public:
  Duration done(const std::string& what) {
    auto now = net::now();
    auto took = now - last_;
    last_ = now;
    fmt::print("{:7.3f} s  {}\n", seconds(took), what);
    std::fflush(stdout);
    return took;
  }

 private:
  TimePoint last_ = net::now();
};

Result<nlohmann::json> next_of_type(net::Runtime& runtime, AppConnection& app, const std::string& type) {
  auto deadline = net::now() + kStepLimit;
  while (runtime.run_until([&] { return app.has_message() || app.is_closed(); }, deadline)) {
    auto message = app.take();
    if (!message) return fail(net::NetError::unreachable, "a client closed its websocket");
    if (message->value("type", "") == type) return *message;
    return fail(net::NetError::bad_response, fmt::format("a client answered {}", message->dump()));
  }
  return fail(net::NetError::timed_out, fmt::format("no '{}' came within {} s", type, kStepLimit.whole_seconds()));
}

Result<std::string> own_address(net::Runtime& runtime, AppConnection& app) {
  app.send({{"type", "selfAddress"}});
  NYM_TRY(auto answer, next_of_type(runtime, app, "selfAddress"));
  return answer.value("address", "");
}

Result<void> expect_text(const nlohmann::json& received, const char* text) {
  if (received.value("message", "") == text) return {};
  return fail(net::NetError::bad_response, fmt::format("the text was changed on its way: {}", received.dump()));
}

Result<void> exchange(net::Runtime& runtime, Steps& steps, AppConnection& alice, AppConnection& bob) {
  NYM_TRY(auto bobs_address, own_address(runtime, bob));
  NYM_TRY_VOID(own_address(runtime, alice));  // her application has spoken: what she gets takes its form
  steps.done("both applications are connected");
  fmt::print("           bob is {}\n", bobs_address);

  alice.send(
      {{"type", "sendAnonymous"}, {"recipient", bobs_address}, {"message", kMessage}, {"replySurbs", kReplySurbs}});
  NYM_TRY(auto message, next_of_type(runtime, bob, "received"));
  NYM_TRY_VOID(expect_text(message, kMessage));
  auto there = steps.done(fmt::format("bob received the message: \"{}\"", message.value("message", "")));
  if (!message["senderTag"].is_string()) return fail(net::NetError::bad_response, "the message brought no sender tag");
  fmt::print("           all he knows of its sender is the tag {}\n", message["senderTag"].get<std::string>());

  bob.send({{"type", "reply"}, {"senderTag", message["senderTag"]}, {"message", kReply}});
  NYM_TRY(auto reply, next_of_type(runtime, alice, "received"));
  NYM_TRY_VOID(expect_text(reply, kReply));
  auto back = steps.done(fmt::format("alice received the reply: \"{}\"", reply.value("message", "")));
  fmt::print("\nround trip {:.3f} s: message {:.3f} s, reply {:.3f} s, each through 2 gateways and 3 mixnodes\n",
             seconds(there + back), seconds(there), seconds(back));
  return {};
}

}  // namespace

Result<void> run_demo(const std::filesystem::path& client_program) {
  Steps steps;
  net::Runtime runtime;
  NYM_TRY(auto home, TemporaryDirectory::make());
  NYM_TRY(auto network, Network::start(runtime, home.path()));
  steps.done(fmt::format("a private mixnet is ready: directory {}, {} mixnodes, {} gateways", network->directory_url(),
                         network->mixnodes().size(), network->gateways().size()));

  ClientProcess::Place place{client_program, home.path(), network->directory_url()};
  NYM_TRY(auto alice, ClientProcess::initialise(runtime, place, "alice", network->gateways()[0].identity_key));
  NYM_TRY(auto bob, ClientProcess::initialise(runtime, place, "bob", network->gateways()[1].identity_key));
  steps.done("nym-client init: alice registered with gateway 1, bob with gateway 2");
  NYM_TRY_VOID(alice.run(runtime));
  NYM_TRY_VOID(bob.run(runtime));
  steps.done("nym-client run: both are up, cover traffic flows");

  AppConnection alices_app(runtime, alice.websocket_url());
  AppConnection bobs_app(runtime, bob.websocket_url());
  return exchange(runtime, steps, alices_app, bobs_app);
}

}  // namespace nym::testnet
