#include "engine/client/gateway_session.h"

#include "engine/sphinx/real_suite.h"
#include "sim/kernel/seeded_random.h"
#include "tests/property/commands.h"

namespace nym::client {
namespace {

ClientConfig make_config(RandomSource& random) {
  auto keys = sphinx::GatewaySharedKeys::from_bytes(draw_array<32>(random));
  auto encryption = crypto::X25519KeyPair::generate(random);
  auto identity = crypto::Ed25519PrivateKey::generate(random);
  auto gateway = crypto::Ed25519PrivateKey::generate(random).public_key();
  ClientKeys all{std::move(identity), std::move(encryption), draw_secret<16>(random), std::move(keys)};
  return {std::move(all), gateway, "ws://gateway:9000", {}, {}, {}, {}, {}};
}

/// A session against a gateway that may do anything at any time, and the few things that must hold all the same.
struct Both final : GatewaySessionSink {
  static inline std::size_t executed = 0;

  sim::SeededRandom random{3};
  sphinx::RealSuite suite;
  ClientConfig config = make_config(random);
  GatewaySession session{config, suite, random, *this};
  TimePoint now = TimePoint::at(Duration::seconds(1));
  // The model: the one connection that counts, and what was last said of it.
  ConnectionId current{0};
  bool closed = true;
  GatewayState state = GatewayState::disconnected;
  std::size_t sent = 0;

  Both() { session.start(now); }

  void dial(ConnectionId connection, const std::string&) override {
    RC_ASSERT(state == GatewayState::dialing);
    RC_ASSERT(connection.value > current.value);
    current = connection;
  }
  void send_text(ConnectionId connection, std::string) override { check_usable(connection); }
  void send_binary(ConnectionId connection, Blob) override { check_usable(connection); }
  void ping(ConnectionId connection) override { check_usable(connection); }
  void close(ConnectionId connection) override {
    RC_ASSERT(connection == current);
    closed = true;
  }
  void state_changed(GatewayState next, const std::string& why) override {
    if (next == GatewayState::dialing) {
      RC_ASSERT(closed);
      closed = false;
    }
    RC_ASSERT((next == GatewayState::waiting) == closed);
    RC_ASSERT(next != GatewayState::waiting || !why.empty());
    state = next;
  }
  void pushed(const Blob&) override { RC_ASSERT(!closed); }
  void dropped(DropReason) override {}

  void check_usable(ConnectionId connection) const {
    RC_ASSERT(connection == current);
    RC_ASSERT(!closed);
  }
  // It never stops for good: there is always something that it waits for.
  void compare() {
    ++executed;
    RC_ASSERT(session.is_ready() == (state == GatewayState::ready));
    RC_ASSERT(session.next_deadline().has_value());
    RC_ASSERT(session.used_slots() + session.free_slots() >= session.used_slots());
    if (session.is_ready() && session.free_slots() > 0) {
      session.send({Ipv4{{10, 0, 0, 1}}, 1'789}, Blob(Bytes(386)));
      ++sent;
    }
  }
  ConnectionId connection(bool stale) const { return stale ? ConnectionId{current.value - 1} : current; }
};

struct Stale {
  bool value = *rc::gen::weightedElement<bool>({{9, false}, {1, true}});
};

struct Open : test::Command<Both> {
  Stale stale;
  void run(const test::NoState&, Both& both) const override {
    both.session.on_opened(both.now, both.connection(stale.value));
    both.compare();
  }
  void show(std::ostream& os) const override { os << "opened" << (stale.value ? " (stale)" : ""); }
};

struct Say : test::Command<Both> {
  Stale stale;
  std::string text = *rc::gen::element<std::string>(
      R"({"type":"authenticate","protocol_version":1,"status":true,"bandwidth_remaining":99999999})",
      R"({"type":"authenticate","protocol_version":1,"status":true,"bandwidth_remaining":0})",
      R"({"type":"authenticate","status":false,"bandwidth_remaining":0})",
      R"({"type":"authenticate","protocol_version":9,"status":true,"bandwidth_remaining":0})",
      R"({"type":"bandwidth","available_total":68719476736})", R"({"type":"send","remaining_bandwidth":5})",
      R"({"type":"send","remaining_bandwidth":99999999})", R"({"type":"error","message":"no"})", "{}", "nonsense");
  void run(const test::NoState&, Both& both) const override {
    both.session.on_text(both.now, {both.connection(stale.value), text});
    both.compare();
  }
  void show(std::ostream& os) const override { os << "text " << text; }
};

struct Push : test::Command<Both> {
  bool forged = *rc::gen::arbitrary<bool>();
  void run(const test::NoState&, Both& both) const override {
    auto sealed = both.suite.seal_envelope(both.config.keys.gateway_shared, {}, Blob(Bytes(48, 1)));
    both.session.on_binary(both.now, {both.current, forged ? Blob(Bytes(60)) : sealed});
    both.compare();
  }
  void show(std::ostream& os) const override { os << "push"; }
};

struct Written : test::Command<Both> {
  std::size_t messages = *rc::gen::inRange<std::size_t>(0, 40);
  void run(const test::NoState&, Both& both) const override {
    both.session.on_written({both.current, messages});
    both.compare();
  }
  void show(std::ostream& os) const override { os << "written " << messages; }
};

struct Pong : test::Command<Both> {
  void run(const test::NoState&, Both& both) const override {
    both.session.on_pong(both.now, both.current);
    both.compare();
  }
  void show(std::ostream& os) const override { os << "pong"; }
};

struct Drop : test::Command<Both> {
  Stale stale;
  void run(const test::NoState&, Both& both) const override {
    both.session.on_closed(both.now, {both.connection(stale.value), CloseReason::reset, "gone"});
    both.compare();
  }
  void show(std::ostream& os) const override { os << "closed"; }
};

struct WaitForDeadline : test::Command<Both> {
  void run(const test::NoState&, Both& both) const override {
    both.now = std::max(both.now, *both.session.next_deadline());
    both.session.on_timeout(both.now);
    both.compare();
  }
  void show(std::ostream& os) const override { os << "timeout"; }
};

TEST(GatewaySessionCommands, KeepOneConnectionWhateverTheGatewayDoes) {
  test::check_commands<Both, Open, Say, Push, Written, Pong, Drop, WaitForDeadline>();
}

}  // namespace
}  // namespace nym::client
