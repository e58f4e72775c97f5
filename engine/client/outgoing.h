#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "engine/client/fragmenter.h"
#include "engine/client/io.h"

namespace nym::client {

/// Where a fragment goes: to a known address, or back to an anonymous sender on one of its SURBs.
struct ToSender {
  wire::SenderTag tag;
  /// May use the SURBs that are held in reserve: only a request for more may.
  enum class Reserve : std::uint8_t { keep, may_use } reserve = Reserve::keep;
};
using Target = std::variant<ToSender, wire::Recipient>;

/// A fragment on its way; kept until it is acknowledged.
struct OutgoingFragment {
  PreparedFragment fragment;
  wire::PacketSize size = wire::PacketSize::regular;
  Target target;
  std::optional<MessageId> message;  ///< none for what the client sends of its own accord
};

/// A message on its way out. It is cut up as its turns come, so that only what is under way exists as fragments.
class OutgoingMessage {
 public:
  OutgoingMessage(Fragmenter fragmenter, wire::PacketSize size, Target target, std::optional<MessageId> id)
      : fragmenter_(std::move(fragmenter)), size_(size), target_(target), id_(id) {}

  std::optional<MessageId> id() const { return id_; }
  std::size_t fragments() const { return fragmenter_.total(); }
  std::size_t remaining() const { return fragmenter_.remaining(); }
  std::size_t bytes() const { return fragmenter_.padded_size(); }
  /// Of a message with an id.
  JournaledMessage journal_entry() const;
  /// Nothing after the last.
  std::optional<OutgoingFragment> next() {
    auto fragment = fragmenter_.next();
    if (!fragment) return std::nullopt;
    return OutgoingFragment{std::move(*fragment), size_, target_, id_};
  }

 private:
  Fragmenter fragmenter_;
  wire::PacketSize size_;
  Target target_;
  std::optional<MessageId> id_;
};

/// Who waits for a turn (04 §3.4).
struct Lane {
  enum class Kind : std::uint8_t { general, surb_request, additional_surbs, retransmission, app };
  Kind kind = Kind::general;
  app_api::LaneId id{};    ///< of an app's lane
  AppSessionId session{};  ///< whose lane that is
  friend auto operator<=>(const Lane&, const Lane&) = default;

  static Lane of(AppSessionId session, std::optional<app_api::LaneId> id) {
    return id ? Lane{Kind::app, *id, session} : Lane{};
  }
};

}  // namespace nym::client
