#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <fstream>

#include "testnet/commands.h"
#include "testnet/demo.h"
#include "testnet/error.h"
#include "testnet/role.h"

namespace nym::testnet {
namespace {

constexpr int kUsageError = 2;
constexpr int kNoNetwork = 4;

constexpr const char* kExamples = R"text(examples:
  nym-testnet demo                                a message and its reply between two real clients
  nym-testnet up                                  3 mixnodes and 2 gateways, until ctrl-c
  nym-testnet up --clients 2 -- ./my-test.sh      for as long as a command runs; its exit code is returned
  nym-testnet up --detach --gateways 4 && nym-testnet selftest && nym-testnet down
  nym-testnet exec -- nym-client init --id alice  a program on the network that runs
  nym-testnet fault add "mix1->mix2 loss 5% latency normal(40ms,10ms)"
  nym-testnet kill gw1 && nym-testnet restart gw1

exit codes: 0 good, 1 failed, 2 wrong usage, 3 not ready (status), 4 no network runs there
docs/testnet.md says more)text";

int report(const Result<int>& done) {
  if (done) return *done;
  fmt::print(stderr, "nym-testnet: {}\n", done.error().text());
  if (done.error().is(TestnetError::no_network)) return kNoNetwork;
  bool is_usage = done.error().is(TestnetError::bad_layout) || done.error().is(TestnetError::bad_usage) ||
                  done.error().is(TestnetError::bad_fault) || done.error().is(TestnetError::no_such_node);
  return is_usage ? kUsageError : 1;
}

Result<int> demo() {
  NYM_TRY_VOID(run_demo(beside_us("nym-client")));
  return 0;
}

/// Where a network is that nobody gave another place.
std::filesystem::path usual_directory() {
  const char* given = std::getenv("NYM_TESTNET_DIR");
  if (given != nullptr && *given != '\0') return given;
  const char* home = std::getenv("HOME");
  return std::filesystem::path(home != nullptr ? home : "/tmp") / ".nym" / "testnet";
}

// Everything behind `--` is the command, whatever it looks like.
std::vector<std::string> cut_command(std::vector<std::string>& arguments) {
  auto separator = std::find(arguments.begin(), arguments.end(), "--");
  if (separator == arguments.end()) return {};
  std::vector<std::string> command(separator + 1, arguments.end());
  arguments.erase(separator, arguments.end());
  return command;
}

// `--config FILE`: what it says counts as options that were not given.
Result<void> read_config(std::vector<std::string>& arguments) {
  auto named = std::find(arguments.begin(), arguments.end(), "--config");
  if (named == arguments.end() || named + 1 == arguments.end()) return {};
  auto file = *(named + 1);
  arguments.erase(named, named + 2);
  std::ifstream in(file);
  if (!in) return fail(TestnetError::bad_usage, fmt::format("cannot read {}: there is no such file", file));
  std::vector<CLI::ConfigItem> items;
  try {
    items = CLI::ConfigTOML().from_config(in);
  } catch (const CLI::Error& error) {
    return fail(TestnetError::bad_usage, fmt::format("cannot use {}: {}", file, error.what()));
  }
  auto given = arguments;
  for (const auto& item : items) {
    auto option = "--" + item.name;
    bool is_given = std::any_of(given.begin(), given.end(), [&](const std::string& argument) {
      return argument == option || argument.starts_with(option + "=");
    });
    if (is_given) continue;
    for (const auto& value : item.inputs) arguments.push_back(option + "=" + value);
  }
  return {};
}

/// The program's commands and what was given to them.
class CommandLine {
 public:
  CommandLine() {
    app_.require_subcommand(1);
    app_.footer(kExamples);
    add_up();
    add_looking();
    add_faults();
    add_roles();
    command("demo", "send a message and its reply between two real clients", [] { return demo(); });
  }

  int run(std::vector<std::string> arguments) {
    command_ = cut_command(arguments);
    if (auto read = read_config(arguments); !read) return report(std::unexpected(read.error()));
    std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
    try {
      app_.parse(arguments);
    } catch (const CLI::ParseError& error) {
      return app_.exit(error) == 0 ? 0 : kUsageError;
    }
    return report(action_());
  }

 private:
  template <class Action>
  CLI::App* command(const std::string& name, const std::string& what, Action action, CLI::App* under = nullptr) {
    auto* added = (under != nullptr ? under : &app_)->add_subcommand(name, what);
    added->callback([this, action] { action_ = action; });
    auto example = kExampleOf.find(name);
    if (example != kExampleOf.end()) added->footer("example:\n  nym-testnet " + example->second);
    return added;
  }
  void take_directory(CLI::App* app) {
    app->add_option("--dir", directory_, "the network's directory (NYM_TESTNET_DIR, else ~/.nym/testnet)");
  }
  void take_json(CLI::App* app) { app->add_flag("--json", json_, "print one line of JSON"); }
  OutputFormat format() const { return json_ ? OutputFormat::json : OutputFormat::text; }
  std::filesystem::path directory() const {
    return directory_.empty() ? usual_directory() : std::filesystem::path(directory_);
  }

  void add_up() {
    auto* up = command("up", "start a network; with a command after --, for as long as that runs",
                       [this] { return start_network(); });
    auto& layout = up_.network.layout;
    up->add_option("--mixnodes", mixnodes_, "how many in all (3)");
    up->add_option("--layers", layers_, "3, or how many mixnodes each has: 2,3,4")->capture_default_str();
    up->add_option("--gateways", layout.gateways, "how many")->capture_default_str();
    up->add_option("--clients", layout.clients, "ready nym-client processes, each at the next gateway");
    up->add_option("--client-option", up_.network.client_options, "a further argument of 'nym-client run'")
        ->allow_extra_args(false);
    up->add_option("--host", layout.host, "the address to listen on")->capture_default_str();
    up->add_option("--announce", layout.announce, "the name or address others use for it");
    up->add_option("--port-base", layout.port_base, "the first port (directory, gateways, clients, inner ones)");
    up->add_option("--dashboard", dashboard_, "serve a live page there, such as 127.0.0.1:8080");
    up->add_flag("--detach", detach_, "return when it is ready, and leave it in the background");
    up->add_flag("--forward-anywhere", forward_anywhere_,
                 "send packets on to addresses that the directory does not list");
    up->add_flag("--processes", processes_, "one process a node, so that killing one is a real crash");
    take_directory(up);
    take_json(up);
  }

  Result<int> start_network() {
    auto& network = up_.network;
    auto count = mixnodes_ == 0 && layers_ == "3" ? 3 : mixnodes_;
    NYM_TRY(network.layout.mixnodes, spread_mixnodes(count, layers_));
    network.client_program = beside_us("nym-client");
    network.nodes = processes_ ? NetworkOptions::Nodes::own_processes : NetworkOptions::Nodes::in_this_process;
    if (forward_anywhere_) network.forward = NetworkOptions::Forward::anywhere;
    up_.output = format();
    up_.stay = detach_ ? Stay::in_background : Stay::in_terminal;
    up_.command = command_;
    if (detach_ && !command_.empty()) {
      return fail(TestnetError::bad_usage, "a command needs the network in the foreground; leave out --detach");
    }
    if (!dashboard_.empty()) {
      up_.dashboard = parse_endpoint(dashboard_);
      if (!up_.dashboard) {
        return fail(TestnetError::bad_usage,
                    fmt::format("'{}' is no address for --dashboard; write it like 127.0.0.1:8080", dashboard_));
      }
    }
    // A command's network is its own, unless somebody says where.
    bool is_kept = !directory_.empty() || command_.empty();
    network.directory = is_kept ? directory() : std::filesystem::path();
    return run_up(up_);
  }

  void add_looking() {
    auto* status = command("status", "what runs, and how it is", [this] { return show_status(directory(), format()); });
    auto* down = command("down", "stop the network", [this] { return take_down(directory()); });
    auto* logs = command("logs", "the log of a node, or of the network itself: testnet",
                         [this] { return show_log(directory(), node_, follow_ ? Follow::yes : Follow::no); });
    logs->add_option("node", node_, "mix1, gw1, c1, testnet")->required();
    logs->add_flag("-f,--follow", follow_, "go on as it grows");
    auto* test = command("selftest", "send text and binary, with replies, between every two gateways",
                         [this] { return selftest(directory(), format()); });
    auto* exec = command("exec", "run the command after -- with an environment that says where the network is",
                         [this]() -> Result<int> {
                           if (!command_.empty()) return exec_on(directory(), command_);
                           return fail(TestnetError::bad_usage, "say what to run: nym-testnet exec -- COMMAND");
                         });
    for (auto* one : {status, down, logs, test, exec}) take_directory(one);
    for (auto* one : {status, test}) take_json(one);
    for (const char* what : {"kill", "restart", "pause", "resume"}) {
      auto* act = command(what, kNodeHelp.at(what),
                          [this, what = std::string(what)] { return do_to_node(directory(), what, node_); });
      act->add_option("node", node_, "mix1, gw1, c1")->required();
      take_directory(act);
    }
  }

  void add_faults() {
    auto* fault = app_.add_subcommand("fault", "make links and nodes misbehave, in the simulator's grammar");
    fault->require_subcommand(1);
    fault->footer(
        "examples:\n  nym-testnet fault add \"mix1->mix2 loss 5% latency normal(40ms,10ms)\"\n"
        "  nym-testnet fault add \"at 2s for 10s partition gw1 | mix*\"\n"
        "  nym-testnet fault add \"every 5s 3 times for 1s crash gw1\"\n  nym-testnet fault clear 1");
    auto* add = command("add", "one line", [this] { return add_fault(directory(), line_, format()); }, fault);
    add->add_option("line", line_, "such as: c1<->gw1 latency 40ms")->required();
    auto* list = command("list", "those that were added", [this] { return list_faults(directory(), format()); }, fault);
    auto* clear = command(
        "clear", "end one, or all",
        [this] { return clear_faults(directory(), number_ == 0 ? std::nullopt : std::optional(number_)); }, fault);
    clear->add_option("number", number_, "as add printed it");
    for (auto* one : {add, list, clear}) take_directory(one);
    for (auto* one : {add, list}) take_json(one);
  }

  void add_roles() {
    auto* mixnode = command("mixnode", "one mixnode, of a network that may span machines",
                            [this] { return run_role(Role::mixnode); });
    auto* gateway = command("gateway", "one gateway", [this] { return run_role(Role::gateway); });
    auto* directory = command("directory", "the directory: lists the nodes whose HTTP addresses it is given", [this] {
      directory_role_.directory = directory_;
      return run_directory(directory_role_);
    });
    for (auto* one : {mixnode, gateway}) {
      one->add_option("--name", role_.name, "its number, at the end, is its place in the directory")->required();
      one->add_option("--listen", role_.listen, "for other nodes: 0.0.0.0:1789")->required();
      one->add_option("--announce", role_.announce, "the name or address under which others find it");
      one->add_option("--directory", role_.listed_by,
                      "the network's directory: packets go on only to addresses that it lists; else anywhere");
      one->add_option("--http", role_.http, "figures, health and what the directory asks for: 0.0.0.0:8000");
    }
    mixnode->add_option("--layer", role_.layer, "1, 2 or 3")->required()->check(CLI::Range(1, 3));
    gateway->add_option("--clients", role_.clients, "for clients: 0.0.0.0:9000")->required();
    directory->add_option("--listen", directory_role_.listen, "where it is served: 0.0.0.0:8080")->required();
    directory->add_option("--node", directory_role_.nodes, "of a node: http://mix1:8000; again for each");
    for (auto* one : {mixnode, gateway, directory}) {
      one->add_option("--dir", directory_, "where it keeps what must last")->required(one != directory);
      one->add_option("--config", config_, "a TOML file with these options: listen = \"0.0.0.0:1789\"");
    }
    mixnode->footer(
        "example:\n  nym-testnet mixnode --name mix1 --layer 1 --dir mix1 --listen 0.0.0.0:1789 \\\n"
        "    --announce mix1.example --http 0.0.0.0:8000");
    gateway->footer(
        "example:\n  nym-testnet gateway --name gw1 --dir gw1 --listen 0.0.0.0:1789 --clients 0.0.0.0:9000 \\\n"
        "    --announce gw1.example --http 0.0.0.0:8000");
    directory->footer("example:\n  nym-testnet directory --listen 0.0.0.0:8080 --node mix1:8000 --node gw1:8000");
  }

  Result<int> run_role(Role role) {
    role_.role = role;
    role_.directory = directory_;
    return run_node(role_);
  }

  const std::map<std::string, std::string> kExampleOf{
      {"up", "up --detach --mixnodes 6 --gateways 3 --clients 2 --dashboard 127.0.0.1:8080"},
      {"demo", "demo"},
      {"status", "status --json"},
      {"down", "down --dir /tmp/net"},
      {"logs", "logs -f gw1"},
      {"selftest", "selftest --json"},
      {"exec", "exec -- nym-client init --id alice"},
      {"kill", "kill gw1"},
      {"restart", "restart gw1"},
      {"pause", "pause mix2"},
      {"resume", "resume mix2"},
      {"add", "fault add \"mix1->mix2 loss 5% latency normal(40ms,10ms)\""},
      {"list", "fault list --json"},
      {"clear", "fault clear 1"}};
  const std::map<std::string, std::string> kNodeHelp{{"kill", "end a node as a power failure would"},
                                                     {"restart", "kill a node and start it again"},
                                                     {"pause", "let a node stand still; what comes for it waits"},
                                                     {"resume", "let it go on"}};
  CLI::App app_{"nym-testnet: a private mixnet on this machine", "nym-testnet"};
  std::function<Result<int>()> action_;
  std::vector<std::string> command_;
  UpOptions up_;
  std::uint32_t mixnodes_ = 0;
  std::string layers_ = "3";
  std::string dashboard_;
  std::string directory_;
  std::string config_;  ///< read before all others
  std::string node_;
  std::string line_;
  std::uint64_t number_ = 0;
  RoleOptions role_;
  DirectoryOptions directory_role_;
  bool json_ = false;
  bool detach_ = false;
  bool processes_ = false;
  bool forward_anywhere_ = false;
  bool follow_ = false;
};

int main_of(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  return CommandLine().run({argv + 1, argv + argc});
}

}  // namespace
}  // namespace nym::testnet

int main(int argc, char** argv) {
  return nym::testnet::main_of(argc, argv);
}
