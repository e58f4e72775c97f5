#include "testnet/node_log.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "engine/base/overloaded.h"
#include "engine/base/text_encoding.h"
#include "net/clock.h"

namespace nym::testnet {
namespace {

constexpr std::size_t kShownAddress = 8;

// The whole address would tell nobody more.
std::string shown(const gateway::ClientAddress& client) {
  return to_base58(client.bytes).substr(0, kShownAddress);
}

}  // namespace

void NodeLog::Close::operator()(std::FILE* file) const {
  if (file != stderr) std::fclose(file);
}

NodeLog::NodeLog(const std::filesystem::path& file) : file_(std::fopen(file.c_str(), "ae")) {}
NodeLog::NodeLog() : file_(stderr) {}

void NodeLog::line(std::string_view text) {
  if (!file_) return;
  auto now = static_cast<std::time_t>(net::wall_now().value);
  fmt::print(file_.get(), "{:%Y-%m-%dT%H:%M:%SZ} {}\n", fmt::gmtime(now), text);
  std::fflush(file_.get());
}

void NodeLog::dropped(DropReason reason) {
  auto& drops = drops_[reason];
  auto second = net::wall_now().value;
  ++drops.unsaid;
  if (std::exchange(drops.second, second) == second) return;
  line(fmt::format("dropped {}, {} since this was said last", to_string(reason), std::exchange(drops.unsaid, 0)));
}

void NodeLog::event(const mixnode::Event& event) {
  if (const auto* drop = std::get_if<mixnode::PacketDropped>(&event)) dropped(drop->reason);
}

void NodeLog::event(const gateway::Event& event) {
  std::visit(Overloaded{
                 [&](const gateway::ClientRegistered& e) { line("registered client " + shown(e.client)); },
                 [&](const gateway::ClientAuthenticated& e) { line("client " + shown(e.client) + " is connected"); },
                 [&](const gateway::SessionEnded& e) { line("client " + shown(e.client) + " is gone"); },
                 [&](const gateway::Dropped& e) { dropped(e.reason); },
                 [](const auto&) {},
             },
             event);
}

}  // namespace nym::testnet
