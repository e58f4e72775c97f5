#pragma once

#include <optional>
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
