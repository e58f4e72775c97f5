#pragma once

#include "engine/app_api/codec.h"
#include "engine/client/app_sessions.h"
#include "tests/support/addresses.h"

namespace nym::test {

/// AppSessions whose outputs are written down.
class RecordingApps final : private client::AppSessions::Sink {
 public:
  explicit RecordingApps(client::AppConfig settings = {}) : config(settings) {}

  /// What reached an application, oldest first; answers and pushes.
  struct Said {
    client::AppSessionId to;
    app_api::Frame frame;
    std::string text() const { return std::string(as_text(frame.data)); }
    std::optional<app_api::Response> response() const {
      auto read = app_api::parse_binary_response(frame.data);
      if (!read) return std::nullopt;
      return *read;
    }
  };

  client::AppConfig config;
  wire::Recipient own = address(1);
  client::AppSessions apps{config, own, *this};
  std::vector<Said> said;
  std::vector<std::pair<client::AppSessionId, client::AppEnd>> closed;
  std::map<client::AppSessionId, bool> paused;
  std::vector<DropReason> drops;

  /// As a client does: what `apps` does not answer is returned.
  std::optional<app_api::AppRequest> speak(client::AppSessionId app, app_api::Format format, ByteView bytes) {
    auto asked = apps.read(app, {format, to_bytes(bytes)});
    apps.finish(app);
    return asked;
  }
  std::optional<app_api::AppRequest> text(client::AppSessionId app, std::string_view text) {
    return speak(app, app_api::Format::text, as_bytes(text));
  }
  std::optional<app_api::AppRequest> binary(client::AppSessionId app, const app_api::Request& request) {
    return speak(app, app_api::Format::binary, app_api::to_binary(request));
  }

 private:
  void to_app(client::AppSessionId session, app_api::Frame frame) override {
    said.push_back({session, std::move(frame)});
  }
  void close_app(client::AppSessionId session, client::AppEnd why) override { closed.emplace_back(session, why); }
  void pause_app(client::AppSessionId session) override { paused[session] = true; }
  void resume_app(client::AppSessionId session) override { paused[session] = false; }
  void dropped(DropReason reason) override { drops.push_back(reason); }
};

}  // namespace nym::test
