#include "testnet/control.h"

#include <fmt/format.h>

#include "net/clock.h"
#include "testnet/error.h"

namespace nym::testnet {
namespace {

constexpr Duration kAnswerLimit = Duration::minutes(2);  ///< a network that starts with many clients

/// Cuts what came into lines. False: a line is too long.
template <class OnLine>
bool feed_lines(std::string& rest, ByteView data, std::size_t limit, OnLine on_line) {
  rest.append(as_text(data));
  for (auto end = rest.find('\n'); end != std::string::npos; end = rest.find('\n')) {
    auto line = rest.substr(0, end);
    rest.erase(0, end + 1);
    on_line(line);
  }
  return rest.size() <= limit;
}

void send_line(net::TcpLink& link, const nlohmann::ordered_json& document) {
  auto text = document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  link.send(to_bytes(as_bytes(text)));
}

nlohmann::ordered_json document_of(const Result<nlohmann::ordered_json>& result) {
  if (result) return {{"ok", true}, {"result", *result}};
  return {{"ok", false}, {"error", result.error().text()}};
}

}  // namespace

std::filesystem::path control_socket(const std::filesystem::path& directory) {
  return directory / "control.sock";
}

Result<std::unique_ptr<ControlServer>> ControlServer::start(net::Runtime& runtime,
                                                            const std::filesystem::path& directory,
                                                            ControlHandler handler) {
  std::unique_ptr<ControlServer> made(new ControlServer(std::move(handler)));
  auto* self = made.get();
  net::TcpListenerOptions options{.max_connections = limits::kControlConnections};
  NYM_TRY(
      made->listener_,
      net::TcpListener::listen(
          runtime, control_socket(directory),
          [self](std::unique_ptr<net::TcpLink> link, const Endpoint&) { self->on_accept(std::move(link)); }, options));
  return made;
}

void ControlServer::on_accept(std::unique_ptr<net::TcpLink> link) {
  auto number = next_++;
  auto& connection = (*connections_)[number];
  connection.link = std::move(link);
  connection.link->start({[] {}, [this, number](ByteView data) { on_data(number, data); }, [](std::size_t) {},
                          [this, number](CloseReason, std::string_view) { connections_->erase(number); }});
}

void ControlServer::on_data(std::uint64_t number, ByteView data) {
  auto line = std::move(connections_->at(number).line);
  bool fits = feed_lines(line, data, limits::kControlLine, [&](std::string_view text) { on_line(number, text); });
  auto found = connections_->find(number);
  if (found == connections_->end()) return;
  found->second.line = std::move(line);
  if (!fits) connections_->erase(found);
}

void ControlServer::on_line(std::uint64_t number, std::string_view line) {
  auto request = nlohmann::json::parse(line, nullptr, false);
  bool has_id = request.is_object() && request.contains("id");
  auto answer = [connections = std::weak_ptr(connections_), number,
                 id = has_id ? request["id"] : nlohmann::json()](Result<nlohmann::ordered_json> result) {
    auto still = connections.lock();
    auto found = still ? still->find(number) : Connections::iterator();
    if (!still || found == still->end()) return;
    auto document = document_of(result);
    if (!id.is_null()) document["id"] = id;
    send_line(*found->second.link, document);
  };
  bool is_request = request.is_object() && request.contains("command") && request["command"].is_string();
  if (!is_request)
    return answer(fail(TestnetError::control_failed, "a request is a line like {\"command\":\"status\"}"));
  handler_(request, std::move(answer));
}

Result<std::unique_ptr<ControlLink>> ControlLink::connect(net::Runtime& runtime,
                                                          const std::filesystem::path& directory) {
  auto link = net::TcpLink::connect(runtime, control_socket(directory));
  if (!link) {
    return fail(TestnetError::no_network, fmt::format("no network runs in {}; start one with 'nym-testnet up --dir {}'",
                                                      directory.string(), directory.string()));
  }
  std::unique_ptr<ControlLink> made(new ControlLink);
  auto* self = made.get();
  made->link_ = std::move(*link);
  made->link_->start({[] {}, [self](ByteView data) { self->on_data(data); }, [](std::size_t) {},
                      [self](CloseReason, std::string_view) { self->on_closed(); }});
  return made;
}

ControlLink::~ControlLink() = default;

void ControlLink::ask(nlohmann::json request, ControlAnswer answer) {
  if (!is_open_) return answer(fail(TestnetError::control_failed, "the connection has ended"));
  auto id = next_++;
  request["id"] = id;
  waiting_.emplace(id, std::move(answer));
  send_line(*link_, nlohmann::ordered_json(request));
}

void ControlLink::on_data(ByteView data) {
  bool fits = feed_lines(line_, data, limits::kControlAnswer, [this](std::string_view line) { on_line(line); });
  if (!fits) link_->close();
}

void ControlLink::on_line(std::string_view line) {
  auto document = nlohmann::ordered_json::parse(line, nullptr, false);
  if (!document.is_object() || !document.contains("id")) return;
  auto waiting = waiting_.extract(document.value("id", std::uint64_t{0}));
  if (waiting.empty()) return;
  if (document.value("ok", false)) return waiting.mapped()(document["result"]);
  waiting.mapped()(fail(TestnetError::control_failed, document.value("error", "no reason was given")));
}

void ControlLink::on_closed() {
  is_open_ = false;
  for (auto& [id, answer] : std::exchange(waiting_, {})) {
    answer(fail(TestnetError::control_failed, "the other side ended the connection"));
  }
}

Result<nlohmann::ordered_json> ask_network(const std::filesystem::path& directory, const nlohmann::json& request) {
  net::Runtime runtime;
  NYM_TRY(auto link, ControlLink::connect(runtime, directory));
  std::optional<Result<nlohmann::ordered_json>> answer;
  link->ask(request, [&](Result<nlohmann::ordered_json> result) { answer = std::move(result); });
  runtime.run_until([&] { return answer.has_value(); }, net::now() + kAnswerLimit);
  if (answer) return *std::move(answer);
  return fail(TestnetError::control_failed, "the network does not answer; see its log");
}

}  // namespace nym::testnet
