#include "testnet/network_status.h"

#include <fmt/format.h>
#include <unistd.h>

#include "testnet/error.h"

namespace nym::testnet {
namespace {

using Json = nlohmann::ordered_json;

Json describe(const Network::Member& member) {
  Json out{{"name", member.plan.name}, {"state", to_string(member.node->state())}};
  if (auto why = member.node->why(); !why.empty()) out["why"] = why;
  out["starts"] = member.starts;
  if (auto pid = member.node->pid()) {
    out["pid"] = *pid;
    out["http"] = fmt::format("http://{}", to_string(member.plan.http));
  }
  return out;
}

Json describe_mixnode(const Network::Member& member, const topology::MixnodeDetails& listed) {
  auto out = describe(member);
  out["layer"] = listed.layer;
  out["mix"] = fmt::format("{}:{}", listed.host, listed.mix_port);
  out["identity"] = listed.identity_key;
  out["sphinx"] = listed.sphinx_key;
  return out;
}

Json describe_gateway(const Network::Member& member, const topology::GatewayBond& listed) {
  auto out = describe(member);
  out["mix"] = fmt::format("{}:{}", listed.host, listed.mix_port);
  out["clients"] = fmt::format("ws://{}:{}", listed.host, listed.clients_port);
  out["identity"] = listed.identity_key;
  out["sphinx"] = listed.sphinx_key;
  return out;
}

Json describe_client(const Network::Member& member, const std::string& host) {
  auto out = describe(member);
  out["gateway"] = member.gateway;
  out["address"] = member.client->address();
  out["websocket"] = fmt::format("ws://{}:{}", host, member.plan.app.port);
  return out;
}

const char* colour_of(const std::string& state) {
  if (state == "ready") return "\x1b[32m";
  return state == "stopped" ? "\x1b[31m" : "\x1b[33m";
}

std::string node_line(const Json& node, const std::string& what, Colours colours) {
  auto state = node.value("state", "");
  auto why = node.value("why", "");
  auto padded = fmt::format("{:<9}", state);
  if (colours == Colours::ansi) padded = colour_of(state) + padded + "\x1b[0m";
  return fmt::format("{:<6} {} {}{}{}\n", node.value("name", ""), padded, what, why.empty() ? "" : "  ", why);
}

void act(Network& network, const std::string& command, std::size_t place, ControlAnswer answer) {
  auto& node = *network.member(place).node;
  auto done = [answer = std::move(answer)](Result<void> result) {
    if (!result) return answer(std::unexpected(result.error()));
    answer(Json::object());
  };
  if (command == "kill") node.kill();
  if (command == "pause") node.pause();
  if (command == "resume") node.resume();
  if (command != "restart") return done({});
  node.kill();
  network.start_node(place, std::move(done));
}

void answer_fault(Network& network, const nlohmann::json& request, ControlAnswer answer) {
  auto command = request.value("command", "");
  if (command == "fault-list") return answer(network.faults().list());
  if (command == "fault-add") {
    auto line = request.contains("line") && request["line"].is_string() ? request["line"].get<std::string>() : "";
    return network.faults().add(line, [answer](Result<std::uint64_t> number) {
      if (!number) return answer(std::unexpected(number.error()));
      answer(Json{{"number", *number}});
    });
  }
  std::optional<std::uint64_t> number;
  if (request.contains("number") && request["number"].is_number_unsigned()) number = request["number"];
  network.faults().clear(number, [answer](Result<void> cleared) {
    if (!cleared) return answer(std::unexpected(cleared.error()));
    answer(Json::object());
  });
}

}  // namespace

Json status_of(const Network& network, FaultBook& faults) {
  auto state = network.state();
  Json out{{"ready", state == NodeState::ready}, {"state", to_string(state)}, {"directory", network.directory_url()},
           {"dir", network.folder().string()},   {"pid", ::getpid()},         {"mixnodes", Json::array()},
           {"gateways", Json::array()},          {"clients", Json::array()}};
  if (!network.dashboard_url().empty()) out["dashboard"] = network.dashboard_url();
  std::size_t mixnode = 0;
  std::size_t gateway = 0;
  for (const auto& member : network.members()) {
    if (member.plan.role == Role::mixnode) {
      out["mixnodes"].push_back(describe_mixnode(member, network.mixnodes()[mixnode++]));
    } else if (member.plan.role == Role::gateway) {
      out["gateways"].push_back(describe_gateway(member, network.gateways()[gateway++]));
    } else {
      out["clients"].push_back(describe_client(member, network.options().layout.announced()));
    }
  }
  out["faults"] = faults.list();
  return out;
}

std::string status_text(const Json& status, Colours colours) {
  auto text = fmt::format("network {}, directory {}\n", status.value("state", ""), status.value("directory", ""));
  for (const auto& node : status["mixnodes"]) {
    text += node_line(node, fmt::format("layer {} at {}", node.value("layer", 0), node.value("mix", "")), colours);
  }
  for (const auto& node : status["gateways"]) {
    text += node_line(node, fmt::format("{} {}", node.value("clients", ""), node.value("identity", "")), colours);
  }
  for (const auto& node : status["clients"]) {
    text += node_line(node, fmt::format("{} {}", node.value("websocket", ""), node.value("address", "")), colours);
  }
  for (const auto& fault : status["faults"]) {
    text += fmt::format("fault {} {}{}\n", fault.value("number", 0), fault.value("line", ""),
                        fault.value("active", false) ? "" : "  (not now)");
  }
  return text;
}

std::map<std::string, std::string> environment_of(const Json& status) {
  auto environment = network_environment(status.value("directory", ""));
  environment["NYM_TESTNET_DIR"] = status.value("dir", "");
  environment["NYM_TESTNET_DIRECTORY"] = status.value("directory", "");
  auto list = [&](const char* variable, const char* nodes, const char* key) {
    std::string values;
    for (const auto& node : status[nodes]) values += (values.empty() ? "" : " ") + node.value(key, "");
    environment[variable] = values;
  };
  list("NYM_TESTNET_GATEWAYS", "gateways", "identity");
  list("NYM_TESTNET_CLIENTS", "clients", "websocket");
  list("NYM_TESTNET_ADDRESSES", "clients", "address");
  std::error_code failed;
  auto self = std::filesystem::read_symlink("/proc/self/exe", failed);
  const char* path = std::getenv("PATH");
  if (!failed) environment["PATH"] = self.parent_path().string() + (path != nullptr ? std::string(":") + path : "");
  return environment;
}

void answer_control(Network& network, const nlohmann::json& request, ControlAnswer answer,
                    const std::function<void()>& stop) {
  auto command = request.value("command", "");
  if (command == "status") return answer(status_of(network, network.faults()));
  if (command == "ready") {
    return network.on_ready([&network, answer](Result<void> ready) {
      if (!ready) return answer(std::unexpected(ready.error()));
      answer(status_of(network, network.faults()));
    });
  }
  if (command == "down") {
    answer(Json::object());
    return stop();
  }
  if (command.starts_with("fault-")) {
    bool is_known = command == "fault-add" || command == "fault-list" || command == "fault-clear";
    if (is_known) return answer_fault(network, request, std::move(answer));
  }
  if (command == "kill" || command == "restart" || command == "pause" || command == "resume") {
    auto name = request.contains("node") && request["node"].is_string() ? request["node"].get<std::string>() : "";
    auto place = network.find(name);
    if (!place) return answer(std::unexpected(place.error()));
    return act(network, command, *place, std::move(answer));
  }
  answer(fail(TestnetError::control_failed,
              fmt::format("'{}' is no command; there are status, ready, down, kill, restart, pause, resume, fault-add, "
                          "fault-list, fault-clear",
                          command)));
}

}  // namespace nym::testnet
