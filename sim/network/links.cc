#include "sim/network/links.h"

#include "engine/base/check.h"
#include "engine/base/wide_int.h"
#include "sim/grammar/draw_time.h"
#include "sim/network/damage.h"

namespace nym::sim {
namespace {

/// What a transport needs to notice that something was lost.
constexpr Duration kRepair = Duration::milliseconds(200);
/// What a sender's operating system takes before it makes the sender wait.
constexpr std::uint64_t kSocketBuffer = 256 * 1'024;

LinkQuality quality_of(const LinkProfile& profile) {
  return {profile.latency, profile.jitter, profile.loss,       profile.duplicate, profile.reorder,
          profile.corrupt, profile.rate,   profile.clog_every, profile.clog_for};
}

void apply(const LinkChange& change, LinkQuality& quality) {
  if (change.latency) quality.latency = *change.latency;
  if (change.jitter) quality.jitter = *change.jitter;
  if (change.loss) quality.loss = *change.loss;
  if (change.duplicate) quality.duplicate = *change.duplicate;
  if (change.reorder) quality.reorder = *change.reorder;
  if (change.corrupt) quality.corrupt = *change.corrupt;
  if (change.rate) quality.rate = change.rate;
  if (change.clog == LinkChange::Clog::clogged) quality.is_clogged = true;
}

Parcel copy_of(const Parcel& parcel) {
  return {parcel.link, parcel.kind,    parcel.transport,  parcel.bytes, std::make_unique<HostInput>(*parcel.input),
          InputBox(),  parcel.content, parcel.peeled_from};
}

Duration time_for(std::uint64_t bytes, std::uint64_t rate) {
  auto ns = static_cast<Uint128>(bytes) * 1'000'000'000U / rate;
  return Duration::nanoseconds(static_cast<std::int64_t>(ns));
}

}  // namespace

Links::Links(const Plan& plan, LinkGround& ground, Witnesses& witnesses, RandomSource& random)
    : plan_(plan),
      ground_(ground),
      witnesses_(witnesses),
      names_(plan),
      sites_(plan),
      random_(random.fork("links")),
      base_(quality_of(plan.links)) {
  for (const auto& one : plan.link_rules) {
    plan_rules_.push_back(rule(one.path.from, one.path.to, one.path.direction));
    plan_rules_.back().change = one.change;
  }
}

bool Links::Rule::concerns(HostId a, HostId b) const {
  if (from[a.value] && to[b.value]) return true;
  return direction == Direction::both_ways && from[b.value] && to[a.value];
}

Links::Rule Links::rule(const NodeSet& from, const NodeSet& to, Direction direction) const {
  auto members = [&](const NodeSet& set) {
    std::vector<bool> is_member(names_.count());
    auto nodes = resolve(plan_, set);
    NYM_CHECK(nodes);
    for (auto node : *nodes) is_member[names_.id(node).value] = true;
    return is_member;
  };
  return {members(from), members(to), direction, {}, false};
}

LinkChangeId Links::change(const LinkPath& path, const LinkChange& change) {
  auto changed = rule(path.from, path.to, path.direction);
  changed.change = change;
  return add(std::move(changed));
}

LinkChangeId Links::cut(const NodeSet& from, const NodeSet& to) {
  auto changed = rule(from, to, Direction::one_way);
  changed.cuts = true;
  return add(std::move(changed));
}

LinkChangeId Links::add(Rule rule) {
  LinkChangeId id{next_change_++};
  changes_.emplace(id, std::move(rule));
  requalify_all();
  return id;
}

void Links::undo(LinkChangeId change) {
  if (changes_.erase(change) > 0) requalify_all();
}

LinkId Links::between(HostId from, HostId to) {
  auto [found, is_new] = by_ends_.try_emplace({from, to}, LinkId{static_cast<std::uint32_t>(links_.size())});
  if (is_new) {
    links_.push_back({from, to, {}, {}, nullptr});
    requalify(links_.back());
  }
  return found->second;
}

Links::Special& Links::special(Link& link) {
  if (!link.special) link.special = std::make_unique<Special>();
  return *link.special;
}

void Links::requalify_all() {
  for (auto& link : links_) requalify(link);
}

// What waited on a clogged link goes on in its order when it is free.
void Links::requalify(Link& link) {
  std::optional<LinkQuality> own;
  auto apply_rule = [&](const Rule& rule) {
    if (!rule.concerns(link.from, link.to)) return;
    if (!own) own = base_;
    apply(rule.change, *own);
    own->is_cut = own->is_cut || rule.cuts;
  };
  for (const auto& rule : plan_rules_) apply_rule(rule);
  for (const auto& [id, rule] : changes_) apply_rule(rule);
  if (!own && !link.special) return;
  special(link).quality = std::move(own);
  if (quality(link).is_clogged || quality(link).is_cut) return;
  auto held = std::exchange(link.special->held, {});
  for (auto& parcel : held) pass(link, parcel);
}

Duration Links::draw(const Link& link, const TimeDistribution& time) {
  return draw_time(*random_, time,
                   [&](const LatencyMatrix& matrix) { return sites_.time_between(matrix, link.from, link.to); });
}

Duration Links::draw_passage(const Link& link, const LinkQuality& quality) {
  auto latency = draw(link, quality.latency);
  if (quality.jitter.is_zero()) return latency;
  return latency + draw(link, quality.jitter);
}

Duration Links::draw_latency(LinkId id) {
  const auto& link = links_[id.value];
  return draw_passage(link, quality(link));
}

// Clogs come by themselves, a random time after the last one ended.
TimePoint Links::end_of_clog(Link& link, const LinkQuality& quality, TimePoint at) {
  if (!quality.clog_every) return at;
  auto& own = special(link);
  while (own.clog_ends <= at) {
    own.clog_begins = own.clog_ends + draw_exponential(*random_, *quality.clog_every);
    own.clog_ends = own.clog_begins + draw(link, quality.clog_for);
  }
  return own.clog_begins <= at ? own.clog_ends : at;
}

TimePoint Links::departure(Link& link, const LinkQuality& quality, std::uint32_t bytes) {
  auto at = end_of_clog(link, quality, std::max(ground_.now(), link.free_at));
  if (quality.rate) at = at + time_for(bytes, *quality.rate);
  link.free_at = at;
  return at;
}

void Links::send(Parcel parcel) {
  auto& link = links_[parcel.link.value];
  const auto& now = quality(link);
  if (now.is_cut && parcel.written) ground_.tell_sender(ground_.now(), link.from, std::move(parcel.written));
  if (now.is_cut && parcel.transport == Transport::packets) return lose(link, parcel, LossReason::partition);
  if (now.is_cut || now.is_clogged) return special(link).held.push_back(std::move(parcel));
  pass(link, parcel);
}

void Links::pass(Link& link, Parcel& parcel) {
  const auto& quality = this->quality(link);
  auto departs = departure(link, quality, parcel.bytes);
  if (parcel.written) {
    auto buffered = quality.rate ? time_for(kSocketBuffer, *quality.rate) : Duration();
    auto written = std::max(ground_.now(), departs - buffered);
    ground_.tell_sender(written, link.from, std::move(parcel.written));
  }
  auto arrives = departs + draw_passage(link, quality);
  bool is_lost = quality.loss.parts != 0 && draw_event(*random_, quality.loss);
  bool is_damaged = quality.corrupt.parts != 0 && draw_event(*random_, quality.corrupt);
  if (parcel.transport == Transport::websocket) {
    if (is_lost || is_damaged) arrives = arrives + kRepair + draw_passage(link, quality);
    link.last_arrival = std::max(link.last_arrival, arrives);
    return deliver(link, parcel, link.last_arrival);
  }
  if (is_lost) return lose(link, parcel, LossReason::loss);
  if (is_damaged) damage(*parcel.input, *random_);
  if (quality.duplicate.parts != 0 && draw_event(*random_, quality.duplicate)) {
    auto copy = copy_of(parcel);
    deliver(link, copy, arrives + draw_passage(link, quality));
  }
  if (quality.reorder.parts != 0 && draw_event(*random_, quality.reorder)) {
    return deliver(link, parcel, arrives + draw_passage(link, quality));
  }
  link.last_arrival = std::max(link.last_arrival, arrives);
  deliver(link, parcel, link.last_arrival);
}

// Adversaries come after the link's own misfortunes.
void Links::deliver(const Link& link, Parcel& parcel, TimePoint arrives) {
  FrameId id{next_frame_++};
  auto origin = FrameOrigin{id, link.from, parcel.kind};
  bool is_told = witnesses_.wants(Frequent::frame_sent) || !witnesses_.interceptors().empty();
  if (!is_told) return ground_.arrive(arrives, link.to, std::move(parcel.input), origin);
  FrameSent sent{id,
                 names_.name(link.from),
                 names_.name(link.to),
                 parcel.kind,
                 parcel.bytes,
                 arrives,
                 parcel.content,
                 parcel.peeled_from,
                 content_of(*parcel.input)};
  std::vector<Duration> copies;
  for (auto* interceptor : witnesses_.interceptors()) {
    auto what = interceptor->intercept(ground_.now(), sent);
    if (what.fate == Interception::Fate::lose) return lose(link, parcel, LossReason::adversary);
    if (what.flip_bit) flip_bit(*parcel.input, *what.flip_bit);
    sent.bytes_on_link = content_of(*parcel.input);
    sent.arrives = sent.arrives + what.delay;
    copies.insert(copies.end(), what.copies.begin(), what.copies.end());
  }
  witnesses_.tell(Frequent::frame_sent, [&](Observer& observer) { observer.on_frame_sent(ground_.now(), sent); });
  for (auto later : copies) {
    FrameSent copy = sent;
    copy.id = {next_frame_++};
    copy.arrives = sent.arrives + later;
    witnesses_.tell(Frequent::frame_sent, [&](Observer& observer) { observer.on_frame_sent(ground_.now(), copy); });
    ground_.arrive(copy.arrives, link.to, std::make_unique<HostInput>(*parcel.input),
                   {copy.id, link.from, parcel.kind});
  }
  ground_.arrive(sent.arrives, link.to, std::move(parcel.input), origin);
}

void Links::lose(const Link& link, const Parcel& parcel, LossReason reason) {
  if (!witnesses_.is_anybody_there()) return;
  FrameLost lost{{next_frame_++}, names_.name(link.from), names_.name(link.to), parcel.kind, reason};
  witnesses_.tell([&](Observer& observer) { observer.on_frame_lost(ground_.now(), lost); });
}

}  // namespace nym::sim
