#pragma once

#include <map>
#include <optional>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/client/io.h"
#include "sim/record/verdict.h"
#include "sim/record/witnesses.h"
#include "sim/workload/work.h"

namespace nym::sim {

/// Whether a message comes with a tag to answer to: it does if it brought reply SURBs.
enum class SenderTag : std::uint8_t { absent, present };

/// All messages of a run and their replies: what was sent to whom, what arrived, how each ended. Finds what must not
/// happen: a message that comes twice, to another, changed, or from nowhere; two outcomes.
class MessageBook {
 public:
  MessageBook(std::uint32_t clients, Witnesses& witnesses) : witnesses_(witnesses), clients_(clients) {}

  /// Its number is the next one.
  MessageRef add(Work work);
  Bytes content(MessageRef message) const;
  const std::optional<Content>& planned_reply(std::uint32_t message) const { return records_[message].reply; }
  std::uint32_t sender(MessageRef message) const;
  std::uint32_t receiver(MessageRef message) const;
  std::uint32_t reply_surbs(std::uint32_t message) const { return records_[message].reply_surbs; }

  void submit(TimePoint now, MessageRef message);
  void accept(TimePoint now, MessageRef message);
  void end(TimePoint now, MessageRef message, client::Outcome outcome, std::string_view why);
  /// What came to a client's application; nothing when it should not have come.
  std::optional<MessageRef> deliver(TimePoint now, std::uint32_t client, ByteView data, SenderTag tag);

  /// From now on what comes to this client may be lost although it was acknowledged, or come again: it crashed, or its
  /// gateway lost its disk.
  void excuse(std::uint32_t client);
  bool is_excused(std::uint32_t client) const { return clients_[client].is_excused; }

  /// Every message that was submitted has its outcome, and what was acknowledged has arrived.
  bool has_all_outcomes() const { return open_ == 0; }
  bool is_settled() const { return open_ == 0 && acknowledged_only_ == 0; }
  const std::optional<Violation>& violation() const { return violation_; }
  /// Why it is not settled, in one line.
  std::string unsettled() const;
  bool is_delivered(MessageRef message) const { return side(message).delivered; }

  struct Counts {
    std::uint64_t submitted = 0;  ///< messages and replies
    std::uint64_t delivered = 0;
    std::uint64_t acknowledged = 0;
    std::uint64_t failed = 0;  ///< and cancelled
    std::uint64_t replies_planned = 0;
  };
  const Counts& counts() const { return counts_; }
  std::size_t size() const { return records_.size(); }
  /// Messages, and replies to them, if all goes well.
  std::uint64_t expected() const { return size() + counts_.replies_planned; }

 private:
  struct Side {
    bool submitted = false;
    bool delivered = false;
    std::optional<client::Outcome> outcome;
  };
  struct Record {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    std::uint32_t reply_surbs = 0;
    Content content;
    std::optional<Content> reply;
    Side message_side;
    Side reply_side;
  };
  struct ClientState {
    bool is_excused = false;
    std::uint64_t acknowledged_only = 0;  ///< on their way to it, as far as their senders know
  };

  Side& side(MessageRef message);
  const Side& side(MessageRef message) const;
  const Content& content_of(MessageRef message) const;
  SenderTag tag_of(MessageRef message) const;
  std::optional<MessageRef> recognise(std::uint32_t client, ByteView data, SenderTag tag) const;
  std::string describe(MessageRef message) const;
  void complain(TimePoint now, std::uint32_t client, std::string text);
  void tell(TimePoint now, MessageRef message, MessageStep step, std::string_view why = {});
  void count_acknowledged_only(std::uint32_t client, std::int64_t change);

  Witnesses& witnesses_;
  std::vector<Record> records_;
  std::multimap<std::string, MessageRef> by_text_;
  std::vector<ClientState> clients_;
  std::uint64_t open_ = 0;               ///< submitted, without outcome
  std::uint64_t acknowledged_only_ = 0;  ///< of clients that are not excused
  Counts counts_;
  std::optional<Violation> violation_;
};

}  // namespace nym::sim
