#include "sim/sweep/workers.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "engine/base/bytes.h"
#include "engine/base/check.h"
#include "sim/sweep/wall_clock.h"

namespace nym::sim {
namespace {

constexpr std::size_t kMostComplaints = std::size_t{16} << 10U;  ///< bytes kept of what a worker writes to stderr
constexpr std::size_t kHead = 5;                                 ///< of a frame: its kind, and its length in 4 bytes
// Kinds of frames.
constexpr char kRequest = 'r';
constexpr char kEmitted = 'e';
constexpr char kAnswer = 'a';

/// False: the other side is gone.
bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    auto count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

std::string framed(char kind, std::string_view text) {
  std::array<std::uint8_t, 4> length{};
  store_be(static_cast<std::uint32_t>(text.size()), std::span(length));
  std::string frame(1, kind);
  frame.append(as_text(length));
  return frame.append(text);
}

std::uint32_t length_of(std::string_view head) {
  return load_be<std::uint32_t>(FixedView<4>(as_bytes(head.substr(1, 4)).first<4>()));
}

/// Empty: the other side is gone.
std::string read_request(int fd) {
  std::string bytes;
  std::array<char, 4'096> block{};
  for (;;) {
    if (bytes.size() >= kHead && bytes.size() == kHead + length_of(bytes)) return bytes.substr(kHead);
    auto count = ::read(fd, block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return {};
    bytes.append(block.data(), static_cast<std::size_t>(count));
  }
}

struct Pipe {
  OwnedFd out;
  OwnedFd in;
};
std::optional<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  return Pipe{OwnedFd(ends[0]), OwnedFd(ends[1])};
}

/// What there is to read at once. False: the other side is gone.
bool drain(int fd, std::string& into) {
  std::array<char, 65'536> block{};
  for (;;) {
    auto count = ::read(fd, block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return true;
    if (count == 0) return false;
    into.append(block.data(), static_cast<std::size_t>(count));
  }
}

/// The line of what a dying process wrote that says most.
std::string telling_line(std::string_view complaints) {
  std::string_view best;
  for (std::string_view mark : {"broken invariant", "ERROR: ", "runtime error: ", "terminate called"}) {
    auto at = complaints.find(mark);
    if (at == std::string_view::npos) continue;
    auto begin = complaints.rfind('\n', at) + 1;
    best = complaints.substr(begin, complaints.find('\n', at) - begin);
    break;
  }
  if (best.empty()) {
    while (complaints.ends_with('\n')) complaints.remove_suffix(1);
    best = complaints.substr(complaints.rfind('\n') + 1);
  }
  return std::string(best.substr(0, 500));
}

std::string how_it_ended(int status, std::string_view complaints) {
  auto line = telling_line(complaints);
  auto detail = line.empty() ? std::string() : ": " + line;
  if (WIFSIGNALED(status)) return fmt::format("the run died of {}{}", ::strsignal(WTERMSIG(status)), detail);
  return fmt::format("the run ended its process with code {}{}", WEXITSTATUS(status), detail);
}

}  // namespace

WorkerPool::WorkerPool(std::size_t workers, Work work, std::chrono::milliseconds limit)
    : most_(workers), work_(std::move(work)), limit_(limit) {
  NYM_CHECK(workers > 0);
  // A worker that died is noticed by its pipe.
  std::signal(SIGPIPE, SIG_IGN);
}

WorkerPool::~WorkerPool() {
  for (auto& worker : workers_) {
    ::kill(worker.pid, SIGKILL);
    ::waitpid(worker.pid, nullptr, 0);
  }
}

std::size_t WorkerPool::busy() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(workers_, [](const Worker& worker) { return worker.request.has_value(); }));
}

Result<void> WorkerPool::start() {
  auto requests = make_pipe();
  auto answers = make_pipe();
  auto errors = make_pipe();
  pid_t pid = -1;
  if (requests && answers && errors) pid = ::fork();
  if (pid < 0) {
    return fail(SimError::harness, fmt::format("can not start another process: {}", std::strerror(errno)));
  }
  if (pid == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    ::dup2(errors->in.get(), STDOUT_FILENO);
    ::dup2(errors->in.get(), STDERR_FILENO);
    for (auto& other : workers_) other.requests.close();
    requests->in.close();
    serve(requests->out.get(), answers->in.get());
  }
  ::fcntl(answers->out.get(), F_SETFL, O_NONBLOCK);
  ::fcntl(errors->out.get(), F_SETFL, O_NONBLOCK);
  workers_.push_back({pid, std::move(requests->in), std::move(answers->out), std::move(errors->out)});
  return {};
}

void WorkerPool::serve(int requests, int answers) {
  auto emit = [&](std::string_view text) { write_all(answers, framed(kEmitted, text)); };
  for (;;) {
    auto request = read_request(requests);
    if (request.empty()) ::_exit(0);
    auto answer = work_(request, emit);
    if (!write_all(answers, framed(kAnswer, answer))) ::_exit(0);
  }
}

Result<void> WorkerPool::ask(std::string request) {
  NYM_CHECK(has_room() && !request.empty());
  auto idle = std::ranges::find_if(workers_, [](const Worker& worker) { return !worker.request; });
  if (idle == workers_.end()) {
    NYM_TRY_VOID(start());
    idle = std::prev(workers_.end());
  }
  idle->asked_at = wall_clock_ms();
  idle->emitted.clear();
  idle->request = std::move(request);
  write_all(idle->requests.get(), framed(kRequest, *idle->request));
  return {};
}

int WorkerPool::time_left(std::chrono::milliseconds at_most) const {
  auto left = at_most.count();
  for (const auto& worker : workers_) {
    if (worker.request) left = std::min(left, worker.asked_at + limit_.count() - wall_clock_ms());
  }
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 60'000));
}

std::vector<Answer> WorkerPool::wait(std::chrono::milliseconds at_most, int interrupt) {
  std::vector<pollfd> watched{{interrupt, POLLIN, 0}};
  for (const auto& worker : workers_) {
    watched.push_back({worker.answers.get(), POLLIN, 0});
    watched.push_back({worker.errors.get(), POLLIN, 0});
  }
  ::poll(watched.data(), watched.size(), time_left(at_most));
  std::vector<Answer> done;
  for (auto next = workers_.begin(); next != workers_.end();) {
    auto worker = next++;
    read_answers(worker, done);
  }
  for (auto next = workers_.begin(); next != workers_.end();) {
    auto worker = next++;
    bool is_late = worker->request && wall_clock_ms() - worker->asked_at >= limit_.count();
    if (is_late) end(worker, Answer::End::timed_out, done);
  }
  return done;
}

void WorkerPool::read_answers(Workers::iterator worker, std::vector<Answer>& done) {
  drain(worker->errors.get(), worker->complaints);
  if (worker->complaints.size() > kMostComplaints) worker->complaints.resize(kMostComplaints);
  bool is_alive = drain(worker->answers.get(), worker->buffered);
  auto& bytes = worker->buffered;
  while (bytes.size() >= kHead && bytes.size() >= kHead + length_of(bytes)) {
    auto text = bytes.substr(kHead, length_of(bytes));
    bool is_answer = bytes.front() == kAnswer;
    bytes.erase(0, kHead + text.size());
    if (!is_answer) {
      worker->emitted += text;
      continue;
    }
    done.push_back({*std::exchange(worker->request, std::nullopt), Answer::End::answered, std::move(text),
                    wall_clock_ms() - worker->asked_at, std::exchange(worker->emitted, {})});
    worker->complaints.clear();
  }
  if (!is_alive) end(worker, Answer::End::crashed, done);
}

void WorkerPool::end(Workers::iterator worker, Answer::End how, std::vector<Answer>& done) {
  if (how == Answer::End::timed_out) ::kill(worker->pid, SIGKILL);
  int status = 0;
  ::waitpid(worker->pid, &status, 0);
  drain(worker->errors.get(), worker->complaints);
  if (worker->request) {
    auto text = how == Answer::End::crashed
                    ? how_it_ended(status, worker->complaints)
                    : fmt::format("the run did not come to an end within {} ms", limit_.count());
    done.push_back({*std::move(worker->request), how, std::move(text), wall_clock_ms() - worker->asked_at,
                    std::move(worker->emitted)});
  }
  workers_.erase(worker);
}

Result<OwnedFd> watch_for_interrupts() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  ::sigprocmask(SIG_BLOCK, &signals, nullptr);
  OwnedFd fd(::signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC));
  if (!fd.is_open()) return fail(SimError::harness, fmt::format("can not watch for signals: {}", std::strerror(errno)));
  return fd;
}

bool is_interrupted(int interrupt) {
  pollfd watched{interrupt, POLLIN, 0};
  return ::poll(&watched, 1, 0) > 0;
}

}  // namespace nym::sim
