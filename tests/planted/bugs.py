"""The bugs of nym-sim-planted: what each breaks, and the places of the engine that are changed for it.

A place is a text that stands exactly once in its file. `on` stands for the question whether this bug was chosen.
"""
from dataclasses import dataclass


@dataclass(frozen=True)
class Edit:
    file: str  # below engine/
    find: str
    replace: str


@dataclass(frozen=True)
class Bug:
    name: str
    breaks: str
    edits: tuple


BUGS = (
    Bug("ack-unchecked", "an acknowledgement counts for the oldest packet, whatever it opens to", (
        Edit("client/receiving.cc",
             "if (id->is_cover()) return;",
             "if (id->is_cover() && !on) return;"),
        Edit("client/ack_tracker.cc",
             "  auto found = pending_.find(id);\n  if (found == pending_.end()) {\n    // Both",
             "  auto found = on && !pending_.empty() ? pending_.begin() : pending_.find(id);\n"
             "  if (found == pending_.end()) {\n    // Both"),
    )),
    Bug("surb-used-twice", "a reply SURB stays in its stock when it is used", (
        Edit("client/reply_store.cc",
             "  surbs.erase(surbs.begin(), end);",
             "  if (!on) surbs.erase(surbs.begin(), end);"),
    )),
    Bug("endless-retransmit", "what was sent twice is sent for ever, acknowledged or not", (
        Edit("client/ack_tracker.cc",
             "  Acknowledged acknowledged{",
             "  if (on && pending.tries > 1) return std::nullopt;\n  Acknowledged acknowledged{"),
        Edit("client/ack_tracker.cc",
             "bool give_up = pending.tries >= config_.max_tries || now - pending.first_sent >= config_.max_age;",
             "bool give_up =\n        !on && (pending.tries >= config_.max_tries || now - pending.first_sent >= config_.max_age);"),
    )),
    Bug("fragment-off-by-one", "every fragment but the first begins one byte too early", (
        Edit("client/fragmenter.cc",
             "  wire::FragmentSlice slice = slices_[next_++];",
             "  wire::FragmentSlice slice = slices_[next_++];\n  if (on && slice.header.position > 1) --slice.offset;"),
    )),
    Bug("wrong-layer", "the second and the third mixnode of a route change places", (
        Edit("topology/mix_choice.cc",
             "    const auto& layer = snapshot.layers[hop];",
             "    const auto& layer = snapshot.layers[on && hop > 0 ? kLayers - hop : hop];"),
    )),
    Bug("timer-not-disarmed", "the timer that looks after conversations stays due", (
        Edit("client/reply_controller.cc",
             "    if (waiting.next_check > now) continue;\n    waiting.next_check = now + kCheckPeriod;",
             "    if (waiting.next_check > now) continue;\n    if (!on) waiting.next_check = now + kCheckPeriod;"),
    )),
    Bug("lost-push", "what was on its way to a client is forgotten when its connection is replaced or ends", (
        Edit("gateway/client_side.cc",
             "  if (!session.unconfirmed.empty()) reach(Probe::inbox_unconfirmed_push_kept);",
             "  if (on) session.unconfirmed = {};\n"
             "  if (!session.unconfirmed.empty()) reach(Probe::inbox_unconfirmed_push_kept);"),
        Edit("gateway/client_side.cc",
             "      reach(Probe::inbox_unwritten_push_kept);\n",
             "      reach(Probe::inbox_unwritten_push_kept);\n"
             "      if (on && push.ack) send_ack(*push.ack);\n      if (on) continue;\n"),
    )),
    Bug("topology-race", "a map of the network that comes during the login is lost", (
        Edit("client/client.cc",
             "  topology_.on_fetched(outbox_.now(), std::move(fetched.snapshot));",
             "  if (on && gateway_.state() == GatewayState::authenticating) return;\n"
             "  topology_.on_fetched(outbox_.now(), std::move(fetched.snapshot));"),
    )),
    Bug("cover-stops", "loop cover does not begin again after a reconnection", (
        Edit("client/client.cc",
             "  if (config_.traffic.loop_cover_stream == Switch::on) {",
             "  bool is_first = outbox_.now() - wall_base_at_ < Duration::seconds(1);\n"
             "  if (config_.traffic.loop_cover_stream == Switch::on && (is_first || !on)) {"),
    )),
    Bug("replay-accepted", "a packet that was seen before is taken again", (
        Edit("relay/replay_filter.cc",
             "  auto tag = shorten(full);",
             "  if (on) return Verdict::fresh;\n"
             "  auto tag = shorten(full);"),
    )),
    Bug("wrong-app", "what is sent again goes to the application of the one who sent it", (
        Edit("client/sending.cc",
             "      queue_.push({Lane::Kind::retransmission, {}}, {std::move(outgoing),",
             "      if (on) outgoing.target = config_.address();\n"
             "      queue_.push({Lane::Kind::retransmission, {}}, {std::move(outgoing),"),
    )),
    Bug("unbounded-map", "keys of reply SURBs are kept when their replies have come", (
        Edit("client/reply_store.cc",
             "  keys_.erase(found);",
             "  if (!on) keys_.erase(found);"),
    )),
    Bug("delivered-twice", "messages that were put together are not remembered", (
        Edit("client/reassembler.cc",
             "  remember(now, just_finished_);",
             "  if (!on) remember(now, just_finished_);"),
    )),
    Bug("ack-before-commit", "a message is acknowledged although the disk refused it", (
        Edit("gateway/gateway.cc",
             "              reach(Probe::inbox_store_failed);\n",
             "              reach(Probe::inbox_store_failed);\n              if (on && ack) send_ack(*ack);\n"),
    )),
)
