#pragma once

#include <map>
#include <vector>

#include "engine/app_api/dialogue.h"
#include "engine/base/fifo.h"
#include "engine/base/limits.h"
#include "engine/client/config.h"
#include "engine/client/io.h"
#include "engine/client/recent_map.h"

namespace nym::client {

/// The applications that are connected: reads what they say, in the dialect of each; decides who gets a received
/// message and in what form; keeps what nobody is there for; slows down who sends or reads wrongly (05 §3, §9.5,
/// docs/api.md).
///
/// A received message is handed over once (to all with DeliverTo::all), in the order of arrival for each application:
///
///   deliver ─► kept (nobody there) ─► waiting (form unknown, or it reads slowly) ─► in flight ─► written
///
/// and goes back to the others, or is kept, if its application leaves before it was written.
class AppSessions {
 public:
  class Sink {
   public:
    virtual void to_app(AppSessionId session, app_api::Frame frame) = 0;
    virtual void close_app(AppSessionId session, AppEnd why) = 0;
    virtual void pause_app(AppSessionId session) = 0;
    virtual void resume_app(AppSessionId session) = 0;
    virtual void dropped(DropReason reason) = 0;

   protected:
    ~Sink() = default;
  };
  AppSessions(const AppConfig& config, const wire::Recipient& own, Sink& sink);

  void open(TimePoint now, AppSessionId session);
  void close(AppSessionId session);
  /// A request for the caller; nothing when it was answered here (errors, subscriptions). `finish` comes after.
  std::optional<app_api::AppRequest> read(AppSessionId session, const app_api::Frame& frame);
  /// The request of `read` is answered: what waited for it can go.
  void finish(AppSessionId session);
  void answer(AppSessionId session, app_api::Format asked, const app_api::Response& response);
  /// A message of this application was accepted.
  void confirm(AppSessionId session);
  /// It began a message of so many bytes, more than AppConfig::max_message.
  void refuse_long(AppSessionId session, app_api::Format format, std::uint64_t bytes);
  /// So many more frames were written to its socket.
  void on_written(AppSessionId session, std::size_t frames);

  /// Whose lanes a session uses: in `strict` all share them, as there were no sessions.
  AppSessionId lane_owner(AppSessionId session) const;

  // Who belongs to whom.
  void note_reply_key(const sphinx::SurbKeyDigest& digest, AppSessionId owner) { reply_owners_.put(digest, owner); }
  /// Each key answers once.
  std::optional<AppSessionId> take_reply_owner(const sphinx::SurbKeyDigest& digest) {
    return reply_owners_.take(digest);
  }
  /// Which application wrote last to this address, anonymously.
  std::optional<AppSessionId> writer_to(const wire::Recipient& peer) const { return writers_.find(peer); }
  void deliver(app_api::Received message, std::optional<AppSessionId> owner);

  // Events for those who asked.
  void note_accepted(MessageId message, AppSessionId session, const std::optional<std::string>& name);
  void on_message_ended(const MessageEnded& ended);
  void on_gateway_state(const GatewayStateChanged& changed);

  enum class Congestion : std::uint8_t { none, present };
  /// While present, whoever sends is not read any more until it is over.
  void set_congestion(Congestion congestion);

  void on_timeout(TimePoint now);
  std::optional<TimePoint> next_deadline() const;

  std::size_t count() const { return sessions_.size(); }
  /// Received and not yet on their way to an application.
  std::size_t undelivered() const;
  std::size_t undelivered_bytes() const;
  app_api::LinkState link() const { return link_.state; }

 private:
  struct InFlight {
    std::size_t bytes = 0;
    std::optional<app_api::Received> message;  ///< none for answers and events
  };
  struct Session {
    app_api::Dialogue dialogue;
    bool is_formed = false;  ///< the form of its pushes is known, or its time to show it is over
    TimePoint formed_at;     ///< at the latest
    app_api::EventKinds events;
    bool is_link_event_due = false;
    Fifo<app_api::Received> waiting;
    std::size_t waiting_bytes = 0;
    std::size_t allowed_messages = limits::kAppWaitingMessages;
    std::size_t allowed_bytes = limits::kAppWaitingBytes;
    Fifo<InFlight> in_flight;
    std::size_t bytes_in_flight = 0;
    bool must_wait = false;  ///< it sent during congestion
    bool is_paused = false;
  };
  using Sessions = std::map<AppSessionId, Session>;

  bool is_allowed(AppSessionId session, const app_api::AppRequest& asked, app_api::Format format);
  void note_peer(AppSessionId session, const app_api::Request& request);
  void subscribe(AppSessionId session, app_api::Format format, const app_api::EventKinds& events);
  void say(Sessions::iterator session, app_api::Frame frame, std::optional<app_api::Received> message = std::nullopt);
  void update_pause(Sessions::iterator session);
  static bool can_push(const Session& session);
  void form(Sessions::iterator session);
  void flush(Sessions::iterator session);
  void offer(Sessions::iterator session, app_api::Received message);
  void hand_over(Sessions::iterator session, Fifo<app_api::Received> messages);
  void keep(app_api::Received message);
  void turn_out(Sessions::iterator session, AppEnd why);
  void leave(Sessions::iterator session);
  std::optional<AppSessionId> receiver_of(const app_api::Received& message, std::optional<AppSessionId> owner) const;

  const AppConfig& config_;
  Sink& sink_;
  app_api::AddressBook book_;
  Sessions sessions_;
  Fifo<app_api::Received> kept_;
  std::size_t kept_bytes_ = 0;
  RecentMap<sphinx::SurbKeyDigest, AppSessionId> reply_owners_{limits::kReplyOwners};
  RecentMap<wire::Recipient, AppSessionId> writers_{limits::kConversations};
  RecentMap<wire::SenderTag, AppSessionId> repliers_{limits::kConversations};
  struct Named {
    AppSessionId session;
    std::string name;
  };
  std::map<MessageId, Named> named_;
  app_api::GatewayEvent link_{app_api::LinkState::connecting, {}};
  Congestion congestion_ = Congestion::none;
};

}  // namespace nym::client
