#pragma once

#include <deque>

#include "engine/base/limits.h"
#include "engine/client/io.h"

namespace nym::client {

/// The application that is connected, and what waits while none is (05 §3): one at a time, further ones are turned
/// away. Pushes take the form of the application's last data message, binary before its first.
class AppSessions {
 public:
  class Sink {
   public:
    virtual void to_app(AppSessionId session, app_api::Format format, app_api::Response response) = 0;
    virtual void close_app(AppSessionId session) = 0;
    virtual void dropped(DropReason reason) = 0;

   protected:
    ~Sink() = default;
  };
  explicit AppSessions(Sink& sink) : sink_(sink) {}

  void open(AppSessionId session);
  void close(AppSessionId session);
  bool is_current(AppSessionId session) const { return current_ && current_->id == session; }
  /// Before a request is looked at, malformed or not.
  void note_format(AppSessionId session, app_api::Format format);
  void answer(AppSessionId session, app_api::Format format, app_api::Response response);
  void deliver(app_api::Received message);

  std::size_t connected() const { return current_ ? 1 : 0; }
  /// What waits for an application.
  std::size_t backlog_messages() const { return backlog_.size(); }
  std::size_t backlog_bytes() const { return backlog_bytes_; }

 private:
  struct Current {
    AppSessionId id;
    app_api::Format format = app_api::Format::binary;
  };
  Sink& sink_;
  std::optional<Current> current_;
  std::deque<app_api::Received> backlog_;
  std::size_t backlog_bytes_ = 0;
};

}  // namespace nym::client
