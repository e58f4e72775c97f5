#include "engine/client/client.h"

#include <algorithm>

#include "engine/base/overloaded.h"
#include "engine/base/probe.h"

namespace nym::client {
namespace {

/// A tenth of the default age of SURBs, as the original (04 §3.0).
constexpr Duration kInvalidationPeriod = Duration::seconds(4'320);

std::optional<TimePoint> earliest(std::initializer_list<std::optional<TimePoint>> deadlines) {
  std::optional<TimePoint> first;
  for (const auto& deadline : deadlines) {
    if (deadline && (!first || *deadline < *first)) first = deadline;
  }
  return first;
}

}  // namespace

Client::Client(ClientConfig config, StoredState stored, const sphinx::Suite& suite, RandomSource& random, Spool& spool)
    : config_(std::move(config)),
      suite_(suite),
      identifiers_(random.fork("identifiers")),
      secrets_(random.fork("secrets")),
      cover_choices_(random.fork("cover sizes")),
      factory_(config_, suite, random),
      gateway_(config_, suite, random, *this),
      topology_(config_.topology, config_.gateway),
      queue_(random.fork("lanes")),
      acks_(config_.acks, random.fork("ack timeouts")),
      replies_(std::move(stored.replies)),
      reply_controller_(config_.replies, replies_, *this),
      reassembler_(ReassemblyLimits{}, spool),
      apps_(config_.apps, config_.address(), *this),
      main_clock_(random.fork("main stream")),
      cover_clock_(random.fork("cover stream")),
      drop_clock_(random.fork("drop cover stream")),
      to_resume_(std::move(stored.journal)),
      finished_before_(std::move(stored.finished_sets)) {}

void Client::start(TimePoint now, UnixSeconds wall_clock) {
  now = outbox_.begin_mutation(now);
  wall_base_ = wall_clock;
  wall_base_at_ = now;
  bool is_unpaced = config_.traffic.main_poisson_stream == Switch::off;
  if (is_unpaced && config_.traffic.adaptive_window == Switch::on) window_.emplace();
  next_invalidation_ = now + kInvalidationPeriod;
  delay_controller_.emplace(now);
  reassembler_.remember(now, std::exchange(finished_before_, {}));
  for (const auto& journaled : std::exchange(to_resume_, {})) resume(journaled);
  unable_since_ = now;
  gateway_.start(now);
  fetch_topology_if_due();
}

void Client::handle_input(TimePoint now, Input&& input) {
  now = outbox_.begin_mutation(now);
  if (stopped_) return;
  std::visit(Overloaded{
                 [&](GatewayOpened& opened) { gateway_.on_opened(now, opened.connection); },
                 [&](GatewayText& message) { gateway_.on_text(now, message); },
                 [&](GatewayBinary& message) { gateway_.on_binary(now, message); },
                 [&](GatewayPong& pong) { gateway_.on_pong(now, pong.connection); },
                 [&](GatewayWritten& written) { gateway_.on_written(written); },
                 [&](GatewayClosed& closed) { gateway_.on_closed(now, closed); },
                 [&](TopologyFetched& fetched) { on_topology(fetched); },
                 [&](Persisted& persisted) { on_persisted(persisted); },
                 [&](AppOpened& opened) { apps_.open(now, opened.session); },
                 [&](FromApp& from) { on_app(from); },
                 [&](AppTooLong& began) { apps_.refuse_long(began.session, began.format, began.bytes); },
                 [&](AppWritten& written) { apps_.on_written(written.session, written.frames); },
                 [&](AppClosed& closed) { close_app_session(closed.session); },
                 [&](WallClock& clock) {
                   wall_base_ = clock.now;
                   wall_base_at_ = now;
                 },
                 [&](Shutdown& shutdown) { shut_down(shutdown.flush); },
             },
             input);
  run_streams();
  update_congestion();
  stop_if_flushed();
}

void Client::handle_timeout(TimePoint now) {
  now = outbox_.begin_mutation(now);
  if (stopped_) return;
  gateway_.on_timeout(now);
  fetch_topology_if_due();
  retransmit_expired();
  reply_controller_.on_timeout(now);
  fail_what_waited_too_long();
  for (const auto& lost : reassembler_.expire(now)) {
    event(ReceptionGivenUp{lost.fragments, lost.bytes});
    dropped(DropReason::reassembly_expired);
  }
  invalidate_old_replies();
  apps_.on_timeout(now);
  run_streams();
  update_congestion();
  stop_if_flushed();
}

std::optional<TimePoint> Client::poll_timeout() const {
  outbox_.check_drained();
  if (stopped_) return std::nullopt;
  bool can_send = gateway_.is_ready() && gateway_.free_slots() > 0;
  return earliest({gateway_.next_deadline(), topology_.next_deadline(), acks_.next_deadline(),
                   reply_controller_.next_deadline(), reassembler_.next_expiry(), next_invalidation_, stop_by_,
                   patience_ends(), apps_.next_deadline(), can_send ? main_clock_.deadline() : std::nullopt,
                   can_send ? cover_clock_.deadline() : std::nullopt,
                   can_send ? drop_clock_.deadline() : std::nullopt});
}

void Client::fetch_topology_if_due() {
  if (topology_.begin_fetch(outbox_.now())) outbox_.push(FetchTopology{{next_fetch_++}});
}

void Client::on_topology(TopologyFetched& fetched) {
  topology_.on_fetched(outbox_.now(), std::move(fetched.snapshot));
  auto usable = topology_.usable();
  event(TopologyChanged{usable.has_value(), usable ? "" : usable.error().text()});
  note_whether_it_can_send();
  if (usable) send_what_waited_for_a_topology();
}

void Client::note_whether_it_can_send() {
  bool can_send = gateway_.is_ready() && topology_.usable();
  if (can_send) return unable_since_.reset();
  if (!unable_since_) unable_since_ = outbox_.now();
}

// A message that waits in a queue has no other limit of time.
std::optional<TimePoint> Client::patience_ends() const {
  auto oldest = ledger_.oldest();
  if (!unable_since_ || !oldest) return std::nullopt;
  return std::max(*unable_since_, *oldest) + config_.acks.max_age;
}

void Client::fail_what_waited_too_long() {
  auto ends = patience_ends();
  if (!ends || *ends > outbox_.now()) return;
  auto why = gateway_.is_ready() ? "there was no usable topology for too long" : "the gateway was away for too long";
  for (auto id : ledger_.opened_until(outbox_.now() - config_.acks.max_age)) end_message(id, Outcome::failed, why);
}

void Client::persist(std::vector<StoreOperation> operations, PersistDone done) {
  PersistId id{next_persist_++};
  persisting_.emplace(id, std::move(done));
  outbox_.push(Persist{id, std::move(operations)});
}

void Client::on_persisted(const Persisted& persisted) {
  auto waiting = persisting_.find(persisted.id);
  NYM_CHECK(waiting != persisting_.end());
  PersistDone done = std::move(waiting->second);
  persisting_.erase(waiting);
  if (persisted.error) reach(Probe::client_storage_failed);
  if (persisted.error) dropped(DropReason::storage_failed);
  if (done) done(persisted.error);
}

UnixSeconds Client::wall_clock() const {
  return {wall_base_.value + (outbox_.now() - wall_base_at_).whole_seconds()};
}

void Client::invalidate_old_replies() {
  if (outbox_.now() < next_invalidation_) return;
  next_invalidation_ = outbox_.now() + kInvalidationPeriod;
  auto gone = replies_.invalidate(wall_clock(), config_.replies);
  std::vector<StoreOperation> operations;
  for (auto& [sender, surbs] : gone.surbs) operations.emplace_back(RemoveSurbs{sender, std::move(surbs)});
  for (const auto& digest : gone.keys) operations.emplace_back(RemoveReplyKey{digest});
  if (!operations.empty()) persist(std::move(operations), {});
}

void Client::shut_down(Duration flush) {
  auto deadline = outbox_.now() + flush;
  if (!stop_by_ || deadline < *stop_by_) stop_by_ = deadline;
}

// Cover traffic goes on until then: the last messages look like all others.
void Client::stop_if_flushed() {
  if (!stop_by_) return;
  bool flushed = ledger_.size() == 0 && queue_.size() == 0 && persisting_.empty();
  if (!flushed && outbox_.now() < *stop_by_) return;
  bool resumed_later = config_.journal == Switch::on;
  for (auto id : resumed_later ? std::vector<MessageId>() : ledger_.open_messages()) {
    end_message(id, Outcome::cancelled, "the client was stopped");
  }
  reach(Probe::client_stopped);
  stopped_ = true;
  outbox_.push(Stopped{});
}

Status Client::status() const {
  return {.gateway = gateway_.state(),
          .topology_usable = topology_.usable().has_value(),
          .stopping = stop_by_.has_value(),
          .queued = {.general = queue_.waiting(Lane::Kind::general),
                     .surb_requests = queue_.waiting(Lane::Kind::surb_request),
                     .additional_surbs = queue_.waiting(Lane::Kind::additional_surbs),
                     .retransmissions = queue_.waiting(Lane::Kind::retransmission),
                     .apps = queue_.waiting(Lane::Kind::app)},
          .waiting_for_surbs = reply_controller_.waiting(),
          .awaiting_acks = acks_.size(),
          .gateway_frames = gateway_.used_slots(),
          .open_messages = ledger_.size(),
          .surbs = replies_.surb_count(),
          .surb_senders = replies_.sender_count(),
          .reply_keys = replies_.key_count(),
          .reassembly_sets = reassembler_.open_sets(),
          .reassembly_bytes = reassembler_.buffered_bytes(),
          .apps = apps_.count(),
          .backlog_messages = apps_.undelivered(),
          .backlog_bytes = apps_.undelivered_bytes()};
}

// What it sent before goes on (05 §3).
void Client::close_app_session(AppSessionId session) {
  apps_.close(session);
  queue_.forget_lengths_of(session);
}

void Client::update_congestion() {
  using Congestion = AppSessions::Congestion;
  apps_.set_congestion(queue_.size() >= limits::kPausingFragments ? Congestion::present : Congestion::none);
}

void Client::event(Event event) {
  if (const auto* ended = std::get_if<MessageEnded>(&event)) apps_.on_message_ended(*ended);
  if (const auto* changed = std::get_if<GatewayStateChanged>(&event)) apps_.on_gateway_state(*changed);
  outbox_.push(std::move(event));
}

void Client::dial(ConnectionId connection, const std::string& url) {
  outbox_.push(DialGateway{connection, url});
}
void Client::send_text(ConnectionId connection, std::string text) {
  outbox_.push(SendText{connection, std::move(text)});
}
void Client::send_binary(ConnectionId connection, Blob data) {
  outbox_.push(SendBinary{connection, std::move(data)});
}
void Client::ping(ConnectionId connection) {
  outbox_.push(PingGateway{connection});
}
void Client::close(ConnectionId connection) {
  outbox_.push(CloseGateway{connection});
}
void Client::to_app(AppSessionId session, app_api::Frame frame) {
  outbox_.push(ToApp{session, std::move(frame)});
}
void Client::close_app(AppSessionId session, AppEnd why) {
  outbox_.push(CloseApp{session, why});
}
void Client::pause_app(AppSessionId session) {
  outbox_.push(PauseApp{session});
}
void Client::resume_app(AppSessionId session) {
  outbox_.push(ResumeApp{session});
}
void Client::dropped(DropReason reason) {
  event(Dropped{reason});
}

// The traffic clocks run only while packets can leave.
void Client::state_changed(GatewayState state, const std::string& why) {
  event(GatewayStateChanged{state, why});
  note_whether_it_can_send();
  main_clock_.stop();
  cover_clock_.stop();
  drop_clock_.stop();
  if (state != GatewayState::ready) return;
  if (config_.traffic.main_poisson_stream == Switch::on) {
    main_clock_.start(outbox_.now(), config_.traffic.message_sending_average_delay);
  }
  if (config_.traffic.loop_cover_stream == Switch::on) {
    cover_clock_.start(outbox_.now(), config_.traffic.loop_cover_average_delay);
  }
  if (config_.traffic.drop_cover_average_delay) {
    drop_clock_.start(outbox_.now(), *config_.traffic.drop_cover_average_delay);
  }
}

}  // namespace nym::client
