#include "testnet/lane.h"

#include "engine/base/wide_int.h"
#include "net/clock.h"
#include "sim/grammar/draw_time.h"

namespace nym::testnet {
namespace {

/// What a transport needs to notice that something was lost.
constexpr Duration kRepair = Duration::milliseconds(200);
/// Of a frame: without them the receiver could not find the next one.
constexpr std::size_t kFrameHeader = 2;

Duration time_for(std::size_t bytes, std::uint64_t rate) {
  auto ns = static_cast<Uint128>(bytes) * 1'000'000'000U / rate;
  return Duration::nanoseconds(static_cast<std::int64_t>(ns));
}

}  // namespace

void LinkQuality::apply(const sim::LinkChange& change) {
  if (change.latency) latency = *change.latency;
  if (change.jitter) jitter = *change.jitter;
  if (change.loss) loss = *change.loss;
  if (change.duplicate) duplicate = *change.duplicate;
  if (change.reorder) reorder = *change.reorder;
  if (change.corrupt) corrupt = *change.corrupt;
  if (change.rate) rate = change.rate;
  if (change.clog == sim::LinkChange::Clog::clogged) is_clogged = true;
}

bool LinkQuality::changes_nothing() const {
  bool is_sure = loss.parts + duplicate.parts + reorder.parts + corrupt.parts == 0;
  return is_sure && latency.is_zero() && jitter.is_zero() && !rate && !is_clogged && !is_cut;
}

Lane::Lane(net::Runtime& runtime, RandomSource& random, Transport transport, Deliver deliver)
    : random_(random),
      transport_(transport),
      deliver_(std::move(deliver)),
      timer_(runtime, [this] { deliver_due(); }) {}

void Lane::set_quality(LinkQuality quality) {
  quality_ = std::move(quality);
  if (is_held()) return;
  for (auto& bytes : std::exchange(held_, {})) {
    bytes_ -= bytes.size();
    send(std::move(bytes));
  }
}

void Lane::pass(Bytes bytes) {
  if (quality_.is_cut && transport_ == Transport::frames) return;
  if (!is_held()) return send(std::move(bytes));
  bytes_ += bytes.size();
  held_.push_back(std::move(bytes));
}

TimePoint Lane::departure(std::size_t bytes) {
  auto at = std::max(net::now(), free_at_);
  if (quality_.rate) at = at + time_for(bytes, *quality_.rate);
  free_at_ = at;
  return at;
}

Duration Lane::draw_passage() {
  auto none = [](const sim::LatencyMatrix&) { return Duration(); };  // refused when the fault was added
  auto latency = sim::draw_time(random_, quality_.latency, none);
  return latency + sim::draw_time(random_, quality_.jitter, none);
}

void Lane::damage(Bytes& bytes) {
  if (bytes.size() <= kFrameHeader) return;
  auto bit = draw_below(random_, (bytes.size() - kFrameHeader) * 8);
  bytes[kFrameHeader + bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
}

void Lane::send(Bytes bytes) {
  if (quality_.changes_nothing() && arriving_.empty()) return deliver_(std::move(bytes));
  auto arrives = departure(bytes.size()) + draw_passage();
  bool is_lost = draw_event(random_, quality_.loss);
  bool is_damaged = draw_event(random_, quality_.corrupt);
  if (transport_ == Transport::websocket) {
    if (is_lost || is_damaged) arrives = arrives + kRepair + draw_passage();
    last_arrival_ = std::max(last_arrival_, arrives);
    return arrive_at(last_arrival_, std::move(bytes));
  }
  if (is_lost) return;
  if (is_damaged) damage(bytes);
  if (draw_event(random_, quality_.duplicate)) arrive_at(arrives + draw_passage(), bytes);
  if (draw_event(random_, quality_.reorder)) return arrive_at(arrives + draw_passage(), std::move(bytes));
  last_arrival_ = std::max(last_arrival_, arrives);
  arrive_at(last_arrival_, std::move(bytes));
}

void Lane::arrive_at(TimePoint when, Bytes bytes) {
  bytes_ += bytes.size();
  bool is_first = arriving_.empty() || when < arriving_.begin()->first;
  arriving_.emplace(when, std::move(bytes));
  if (is_first) timer_.arm(when);
}

void Lane::deliver_due() {
  auto now = net::now();
  while (!arriving_.empty() && arriving_.begin()->first <= now) {
    auto bytes = std::move(arriving_.extract(arriving_.begin()).mapped());
    bytes_ -= bytes.size();
    deliver_(std::move(bytes));
  }
  if (!arriving_.empty()) timer_.arm(arriving_.begin()->first);
}

}  // namespace nym::testnet
