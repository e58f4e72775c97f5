#pragma once

#include <deque>
#include <map>

#include "engine/client/reply_store.h"
#include "engine/client/send_queue.h"

namespace nym::client {

/// A fragment and the SURB that it will use up.
struct AssignedSurb {
  Lane lane;
  QueuedFragment fragment;
};

/// What a ReplyController wants done.
class ReplyControllerSink {
 public:
  /// The SURBs are taken; the fragments leave once that is on disk.
  virtual void send_on_surbs(const wire::SenderTag& sender, std::vector<AssignedSurb> assigned) = 0;
  /// The fragment of a request for `amount` more, to go on one SURB.
  virtual OutgoingFragment make_surb_request(const wire::SenderTag& sender, std::uint32_t amount) = 0;
  virtual void reply_failed(const OutgoingFragment& fragment, const std::string& why) = 0;
  virtual void dropped(DropReason reason) = 0;

 protected:
  ~ReplyControllerSink() = default;
};

/// Gives SURBs to replies (04 §3.12): keeps a reserve, queues what has none yet, asks the sender for more and asks
/// again when none come, and gives up after five minutes.
class ReplyController {
 public:
  ReplyController(const ReplyConfig& config, ReplyStore& store, ReplyControllerSink& sink)
      : config_(config), store_(store), sink_(sink) {}

  void reply(TimePoint now, const wire::SenderTag& sender, const Lane& lane, std::vector<OutgoingFragment> fragments);
  /// A reply or request whose acknowledgement did not come, or that could not be sent: wants a new SURB.
  void retransmit(TimePoint now, OutgoingFragment fragment);
  /// Takes back what was assigned when its SURBs could not be marked as used; tried again at a later check.
  void put_back(TimePoint now, const wire::SenderTag& sender, std::vector<AssignedSurb> assigned);
  enum class Asked : std::uint8_t { no, yes };
  /// `count` SURBs of the sender came in; `asked` when they answer a request.
  void on_surbs(TimePoint now, const wire::SenderTag& sender, std::size_t count, Asked asked);

  void on_timeout(TimePoint now);
  std::optional<TimePoint> next_deadline() const;
  /// Fragments of this lane that wait for SURBs.
  std::uint64_t waiting_in(const Lane& lane) const;
  /// Fragments that wait for SURBs, replies and retransmissions.
  std::size_t waiting() const;
  /// Drops what of this message waits here.
  void forget_message(MessageId message);

 private:
  struct Waiting {
    Lane lane;
    OutgoingFragment outgoing;
  };
  struct Conversation {
    std::deque<Waiting> replies;
    std::map<wire::FragmentId, OutgoingFragment> retransmissions;
    std::size_t requested = 0;  ///< asked for and not yet come
    TimePoint last_progress;
    TimePoint next_check;
    std::size_t wanted() const { return replies.size() + retransmissions.size(); }
  };
  using Conversations = std::map<wire::SenderTag, Conversation>;

  Conversation& conversation(TimePoint now, const wire::SenderTag& sender);
  void pump(const wire::SenderTag& sender, Conversation& conversation);
  void request_if_short(const wire::SenderTag& sender, Conversation& conversation);
  void request(const wire::SenderTag& sender, Conversation& conversation);
  void give_up(Conversations::iterator conversation);

  ReplyConfig config_;
  ReplyStore& store_;
  ReplyControllerSink& sink_;
  Conversations conversations_;
};

}  // namespace nym::client
