#include "testnet/up.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/clock.h"
#include "testnet/dashboard.h"
#include "testnet/error.h"
#include "testnet/network_status.h"

namespace nym::testnet {
namespace {

constexpr Duration kLookAtChild = Duration::milliseconds(10);

void print_ready(const nlohmann::ordered_json& status, const UpOptions& options) {
  if (options.output == OutputFormat::json) {
    fmt::print("{}\n", status.dump());
  } else {
    fmt::print(
        "{0}\nuse it in another terminal:\n  export CONFIGURED=true NYM_API={1} NYXD={1}\n"
        "  nym-client init --id alice && nym-client run --id alice\n\n",
        status_text(status, Colours::none), status.value("directory", ""));
    if (status.contains("dashboard")) fmt::print("dashboard {}\n", status.value("dashboard", ""));
    if (options.stay == Stay::in_terminal) fmt::print("ready; ctrl-c stops it\n");
    if (options.stay == Stay::in_background) {
      fmt::print("ready; 'nym-testnet down --dir {}' stops it\n", status.value("dir", ""));
    }
  }
  std::fflush(stdout);
}

/// A network and everything around it that ends with it.
class Stage {
 public:
  explicit Stage(const UpOptions& options) : options_(options) {}

  Result<int> run() {
    NYM_TRY(network_, Network::start(runtime_, options_.network));
    NYM_TRY(control_, ControlServer::start(runtime_, network_->folder(),
                                           [this](const nlohmann::json& request, ControlAnswer answer) {
                                             answer_control(*network_, request, std::move(answer), [this] { stop(); });
                                           }));
    if (options_.dashboard) {
      NYM_TRY(dashboard_, Dashboard::start(runtime_, *options_.dashboard, *network_));
      network_->set_dashboard(fmt::format("http://{}/", to_string(dashboard_->local_endpoint())));
    }
    runtime_.on_signals([this] { on_signal(); }, [this] { runtime_.stop(); });
    runtime_.post([this] { network_->on_ready([this](Result<void> ready) { on_ready(std::move(ready)); }); });
    runtime_.run();
    if (failure_) return std::unexpected(*failure_);
    return exit_code_;
  }

 private:
  void on_ready(Result<void> ready) {
    if (!ready) return fail_with(std::move(ready).error());
    auto status = status_of(*network_, network_->faults());
    if (options_.command.empty()) return print_ready(status, options_);
    auto child = ChildProcess::start(options_.command, {.environment = environment_of(status)});
    if (!child) return fail_with(std::move(child).error());
    child_.emplace(std::move(*child));
    look_.emplace(runtime_, [this] { look_at_child(); });
    look_->arm_after(kLookAtChild);
  }

  void look_at_child() {
    auto code = child_->poll_exit();
    if (!code) return look_->arm_after(kLookAtChild);
    exit_code_ = *code;
    stop();
  }

  void on_signal() {
    if (child_ && !child_->poll_exit()) return child_->interrupt();
    stop();
  }

  void fail_with(Error error) {
    failure_ = std::move(error);
    stop();
  }

  // Not from inside what the network itself calls.
  void stop() {
    if (std::exchange(is_stopping_, true)) return;
    runtime_.post([this] { network_->shut_down([this] { runtime_.stop(); }); });
  }

  const UpOptions& options_;
  net::Runtime runtime_;
  std::unique_ptr<Network> network_;
  std::unique_ptr<ControlServer> control_;
  std::unique_ptr<Dashboard> dashboard_;
  std::optional<ChildProcess> child_;
  std::optional<net::Timer> look_;
  std::optional<Error> failure_;
  int exit_code_ = 0;
  bool is_stopping_ = false;
};

void write_to(int target, const std::filesystem::path& file) {
  int opened = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (opened >= 0) ::dup2(opened, target);
}

/// In the process that goes on alone: its words go to a log.
void leave_terminal(const std::filesystem::path& log) {
  ::setsid();
  int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (nothing >= 0) ::dup2(nothing, STDIN_FILENO);
  write_to(STDOUT_FILENO, log);
  write_to(STDERR_FILENO, log);
}

// The network tells over its socket when it is ready; until it has one it is asked again and again.
Result<int> wait_for_background(pid_t pid, const UpOptions& options, const std::filesystem::path& log) {
  auto give_up_at = net::now() + limits::kStart;
  for (;;) {
    int status = 0;
    if (::waitpid(pid, &status, WNOHANG) == pid) {
      return fail(TestnetError::node_failed, fmt::format("the network did not start; see {}", log.string()));
    }
    auto ready = ask_network(options.network.directory, {{"command", "ready"}});
    if (ready) {
      print_ready(*ready, options);
      return 0;
    }
    if (!ready.error().is(TestnetError::no_network) || net::now() > give_up_at) return std::unexpected(ready.error());
    ::usleep(5'000);
  }
}

Result<int> run_in_background(const UpOptions& options) {
  auto log = log_file(options.network.directory, "testnet");
  NYM_TRY_VOID(net::make_directories(log.parent_path()));
  {
    // Told here, in the terminal, rather than in a log.
    auto lock = net::DirectoryLock::take(options.network.directory);
    if (!lock) return fail(net::NetError::locked, fmt::format("a network runs there already: {}", lock.error().text()));
  }
  pid_t pid = ::fork();
  if (pid > 0) return wait_for_background(pid, options, log);
  leave_terminal(log);
  UpOptions own = options;
  own.output = OutputFormat::json;
  auto done = Stage(own).run();
  if (!done) fmt::print(stderr, "nym-testnet: {}\n", done.error().text());
  ::_exit(done ? *done : 1);
}

}  // namespace

void raise_file_limit() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
}

Result<int> run_up(const UpOptions& options) {
  raise_file_limit();
  if (!options.network.directory.empty()) {
    return options.stay == Stay::in_background ? run_in_background(options) : Stage(options).run();
  }
  NYM_TRY(auto state, TemporaryDirectory::make());
  auto placed = options;
  placed.network.directory = state.path();
  return Stage(placed).run();
}

}  // namespace nym::testnet
