#pragma once

#include <deque>
#include <map>
#include <memory>

#include "sim/network/host.h"
#include "sim/network/sites.h"
#include "sim/record/witnesses.h"

namespace nym::sim {

/// A direction between two hosts.
using LinkId = StrongId<struct LinkTag, std::uint32_t>;
using LinkChangeId = StrongId<struct LinkChangeTag, std::uint64_t>;

/// What a link is like now.
struct LinkQuality {
  TimeDistribution latency;
  TimeDistribution jitter;
  Probability loss;
  Probability duplicate;
  Probability reorder;
  Probability corrupt;
  std::optional<std::uint64_t> rate;
  std::optional<Duration> clog_every;
  TimeDistribution clog_for;
  bool is_clogged = false;  ///< until somebody frees it
  bool is_cut = false;
};

/// Packets between nodes are lost, doubled, reordered and damaged one by one. A websocket runs over a transport that
/// repairs all that: what is lost or damaged comes later, and nothing is overtaken.
enum class Transport : std::uint8_t { packets, websocket };

/// Something on its way. `input` is for its receiver, `written` for its sender once it has left, if it wants to know.
struct Parcel {
  LinkId link;
  FrameKind kind{};
  Transport transport{};
  std::uint32_t bytes = 0;
  InputBox input;
  InputBox written{};
  std::optional<client::PacketKind> content{};
  FrameId peeled_from{};
};
/// What a host was sent over a link; no number: it came otherwise.
struct FrameOrigin {
  FrameId id;
  HostId from;
  FrameKind kind{};
};

/// What links need of the world around them.
class LinkGround {
 public:
  virtual TimePoint now() const = 0;
  virtual void arrive(TimePoint at, HostId to, InputBox input, FrameOrigin origin) = 0;
  virtual void tell_sender(TimePoint at, HostId from, InputBox written) = 0;

 protected:
  ~LinkGround() = default;
};

/// All links of a network: made when they are first used, each as the plan's rules and the faults of the moment say.
class Links {
 public:
  Links(const Plan& plan, LinkGround& ground, Witnesses& witnesses, RandomSource& random);

  LinkId between(HostId from, HostId to);
  void send(Parcel parcel);
  /// Without a parcel: how long something small takes now.
  Duration draw_latency(LinkId link);
  bool is_cut(LinkId link) const { return quality(links_[link.value]).is_cut; }

  /// Later changes win over earlier ones and over the plan.
  LinkChangeId change(const LinkPath& path, const LinkChange& change);
  /// Nothing passes from the first to the second any more.
  LinkChangeId cut(const NodeSet& from, const NodeSet& to);
  void undo(LinkChangeId change);

 private:
  struct Rule {
    std::vector<bool> from;  ///< by host
    std::vector<bool> to;
    Direction direction{};
    LinkChange change;
    bool cuts = false;
    bool concerns(HostId a, HostId b) const;
  };
  /// Of a link that is not like all others, or was not always.
  struct Special {
    std::optional<LinkQuality> quality;
    std::deque<Parcel> held;  ///< while it is clogged
    TimePoint clog_begins;
    TimePoint clog_ends;
  };
  struct Link {
    HostId from;
    HostId to;
    TimePoint last_arrival;
    TimePoint free_at;  ///< when what was sent before has left, with a rate
    std::unique_ptr<Special> special;
  };

  const LinkQuality& quality(const Link& link) const {
    return link.special && link.special->quality ? *link.special->quality : base_;
  }
  Special& special(Link& link);
  Rule rule(const NodeSet& from, const NodeSet& to, Direction direction) const;
  LinkChangeId add(Rule rule);
  void requalify(Link& link);
  void requalify_all();
  void pass(Link& link, Parcel& parcel);
  TimePoint departure(Link& link, const LinkQuality& quality, std::uint32_t bytes);
  TimePoint end_of_clog(Link& link, const LinkQuality& quality, TimePoint at);
  Duration draw(const Link& link, const TimeDistribution& time);
  Duration draw_passage(const Link& link, const LinkQuality& quality);
  void deliver(const Link& link, Parcel& parcel, TimePoint arrives);
  void lose(const Link& link, const Parcel& parcel, LossReason reason);

  const Plan& plan_;
  LinkGround& ground_;
  Witnesses& witnesses_;
  HostNames names_;
  Sites sites_;
  std::unique_ptr<RandomSource> random_;
  LinkQuality base_;
  std::vector<Rule> plan_rules_;
  std::map<LinkChangeId, Rule> changes_;
  std::uint64_t next_change_ = 1;
  std::uint64_t next_frame_ = 1;
  std::vector<Link> links_;
  std::map<std::pair<HostId, HostId>, LinkId> by_ends_;
};

}  // namespace nym::sim
