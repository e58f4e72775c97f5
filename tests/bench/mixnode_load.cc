// What a mixnode process costs a packet, sockets included. `nym-testnet mixnode` is fed over loopback with packets that
// were made before, all distinct, regular ones with a short delay each, and sends them on to this program. Never more
// than kUnderWay are under way, so that none is dropped. Prints one JSON object.
//   mixnode_load [PACKETS] [NYM_TESTNET]
#include <fmt/format.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "engine/sphinx/real_suite.h"
#include "engine/wire/framing.h"
#include "engine/wire/routing_address.h"
#include "net/clock.h"
#include "net/os_random.h"
#include "net/tcp_link.h"
#include "testnet/child_process.h"
#include "testnet/control.h"
#include "testnet/node_keys.h"
#include "tests/bench/openssl_x25519.h"
#include "tests/bench/process_figures.h"

namespace nym::bench {
namespace {

using testnet::ChildProcess;

constexpr std::size_t kUnderWay = 1'000;
constexpr std::size_t kMadeTogether = 512;
constexpr Duration kMeanDelay = Duration::milliseconds(2);
constexpr Duration kStepLimit = Duration::seconds(60);
constexpr std::size_t kLeastBytesATag = 21;  // relay::ReplayFilter
const Endpoint kAnyPort{Ipv4{{127, 0, 0, 1}}, 0};

/// Distinct frames for a mixnode that sends what is in them to `next`.
std::vector<Bytes> make_frames(std::size_t count, const crypto::X25519PublicKey& mixnode, const Endpoint& next) {
  net::OsRandom random;
  sphinx::RealSuite suite;
  auto last_key = crypto::X25519KeyPair::generate(random).public_key;
  auto plan = [&] {
    auto delay = static_cast<std::uint64_t>(draw_exponential(random, kMeanDelay).ns());
    sphinx::HeaderPlan header;
    header.route.push_back({{}, mixnode, {delay}});
    header.route.push_back({{wire::encode_address_32(next)}, last_key, {}});
    header.initial_secret = draw_secret<32>(random);
    header.final_padding.resize(sphinx::final_padding_size(2));
    random.fill(header.final_padding);
    auto key = draw_secret<16>(random);
    return suite.seal({std::move(header), wire::payload_bytes(wire::PacketSize::regular),
                       sphinx::AckPayload{std::move(key), {}, {}}});
  };
  auto head =
      wire::encode_frame_header(wire::PacketSize::regular, wire::PacketType::mix, wire::FrameHeaderForm::legacy);
  std::vector<Bytes> frames;
  while (frames.size() < count) {
    std::vector<Blob> packets;
    for (std::size_t i = 0; i < std::min(kMadeTogether, count - frames.size()); ++i) packets.push_back(plan());
    suite.prepare(packets);
    for (const auto& packet : packets) {
      frames.push_back(ByteWriter(head.size() + packet.size()).put(head).put(packet.stored()).finish());
    }
  }
  return frames;
}

/// Sends frames through one link and counts what comes to the sink.
class Feeder {
 public:
  static Result<std::unique_ptr<Feeder>> open(net::Runtime& runtime) {
    std::unique_ptr<Feeder> feeder(new Feeder(runtime));
    auto accept = [feeder = feeder.get()](std::unique_ptr<net::TcpLink> link, const Endpoint&) {
      feeder->on_accept(std::move(link));
    };
    NYM_TRY(feeder->sink_, net::TcpListener::listen(runtime, kAnyPort, accept));
    return feeder;
  }
  const Endpoint& sink() const { return sink_->local_endpoint(); }

  /// Error: timed_out.
  Result<void> run(std::vector<Bytes> frames, const Endpoint& to) {
    frames_ = std::move(frames);
    frame_bytes_ = frames_.front().size();
    link_ = net::TcpLink::connect(runtime_, to);
    link_->start({[this] { feed(); }, [](ByteView) {}, [](std::size_t) {},
                  [this](CloseReason, std::string_view) { is_closed_ = true; }});
    bool all =
        runtime_.run_until([this] { return is_closed_ || arrived() == frames_.size(); }, net::now() + kStepLimit);
    if (all && !is_closed_) return {};
    return fail(net::NetError::timed_out,
                fmt::format("of {} packets only {} came through the mixnode", frames_.size(), arrived()));
  }

 private:
  explicit Feeder(net::Runtime& runtime) : runtime_(runtime) {}
  std::size_t arrived() const { return bytes_arrived_ / frame_bytes_; }
  void feed() {
    for (; sent_ < frames_.size() && sent_ - arrived() < kUnderWay; ++sent_) link_->send(std::move(frames_[sent_]));
  }
  void on_accept(std::unique_ptr<net::TcpLink> link) {
    incoming_.push_back(std::move(link));
    auto on_data = [this](ByteView data) {
      bytes_arrived_ += data.size();
      feed();
    };
    incoming_.back()->start({[] {}, on_data, [](std::size_t) {}, [](CloseReason, std::string_view) {}});
  }

  net::Runtime& runtime_;
  std::unique_ptr<net::TcpListener> sink_;
  std::vector<std::unique_ptr<net::TcpLink>> incoming_;
  std::unique_ptr<net::TcpLink> link_;
  std::vector<Bytes> frames_;
  std::size_t frame_bytes_ = 1;
  std::size_t sent_ = 0;
  std::size_t bytes_arrived_ = 0;
  bool is_closed_ = false;
};

/// One that nobody listens on now.
Result<Endpoint> free_endpoint(net::Runtime& runtime) {
  NYM_TRY(auto listener,
          net::TcpListener::listen(runtime, kAnyPort, [](std::unique_ptr<net::TcpLink>, const Endpoint&) {}));
  return listener->local_endpoint();
}

Result<ChildProcess> start_mixnode(net::Runtime& runtime, const std::string& program,
                                   const std::filesystem::path& folder, const Endpoint& where) {
  std::vector<std::string> command{program, "mixnode", "--name", "mix1", "--layer", "1"};
  command.insert(command.end(), {"--dir", folder.string(), "--listen", to_string(where)});
  NYM_TRY(auto process, ChildProcess::start(command, {.output_file = folder / "out", .error_file = folder / "err"}));
  // Its socket is the last thing that it opens.
  auto deadline = net::now() + kStepLimit;
  while (!std::filesystem::exists(testnet::control_socket(folder)) && !process.poll_exit() && net::now() < deadline) {
    runtime.run_until([] { return false; }, net::now() + Duration::milliseconds(5));
  }
  if (process.poll_exit()) return fail(net::NetError::file_failed, "the mixnode did not start");
  return process;
}

Result<void> measure(std::size_t count, const std::string& program) {
  net::Runtime runtime;
  NYM_TRY(auto home, testnet::TemporaryDirectory::make());
  NYM_TRY(auto keys, testnet::load_or_make_keys(home.path()));
  NYM_TRY(auto where, free_endpoint(runtime));
  NYM_TRY(auto mixnode, start_mixnode(runtime, program, home.path(), where));
  NYM_TRY(auto feeder, Feeder::open(runtime));
  auto frames = make_frames(count, keys.sphinx.public_key, feeder->sink());
  OpensslX25519 openssl;
  auto speed = openssl.a_second();
  auto used = processor_time(mixnode.pid());
  auto began = net::now();
  NYM_TRY_VOID(feeder->run(std::move(frames), where));
  auto seconds = static_cast<double>((net::now() - began).ns()) / 1e9;
  used = processor_time(mixnode.pid()) - used;
  speed = (speed + openssl.a_second()) / 2;
  auto each = used / static_cast<double>(count);
  auto resident = memory(mixnode.pid(), "VmHWM:") / 1024;
  auto tags = static_cast<double>(count * kLeastBytesATag) / (1U << 20U);
  nlohmann::json result{{"packets", count},          {"seconds", seconds},     {"cpu_us", each * 1e6},
                        {"cpu_units", each * speed}, {"pps_a_core", 1 / each}, {"unit_us", 1e6 / speed},
                        {"peak_rss_mb", resident},   {"tags_mb", tags}};
  fmt::print("{}\n", result.dump());
  return {};
}

}  // namespace
}  // namespace nym::bench

int main(int argc, char** argv) {
  auto count = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 100'000;
  auto program = argc > 2 ? std::string(argv[2]) : nym::testnet::beside_us("nym-testnet").string();
  auto done = nym::bench::measure(std::max(count, 1UL), program);
  if (done) return 0;
  fmt::print(stderr, "mixnode_load: {}\n", done.error().text());
  return 1;
}
