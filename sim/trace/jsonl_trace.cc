#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/wire/packet_size.h"
#include "sim/record/start.h"
#include "sim/trace/forms.h"

namespace nym::sim {
namespace {

constexpr int kTraceFormat = 1;

std::string json_text(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

/// What an event is, as members of an object that follow others.
struct EventFields {
  std::string operator()(const mixnode::PacketReceived& event) const {
    return fmt::format(R"(,"event":"packet_received","size":"{}")", wire::name_of(event.size));
  }
  std::string operator()(const mixnode::PacketForwarded& event) const {
    return fmt::format(R"(,"event":"packet_forwarded","size":"{}","held":{})", wire::name_of(event.size),
                       event.held.ns());
  }
  std::string operator()(const mixnode::PacketDropped& event) const { return dropped(event.reason); }
  std::string operator()(const mixnode::LoopSent&) const { return R"(,"event":"loop_sent")"; }
  std::string operator()(const mixnode::LoopReturned& event) const {
    return fmt::format(R"(,"event":"loop_returned","round_trip":{})", event.round_trip.ns());
  }
  std::string operator()(const mixnode::LoopLost&) const { return R"(,"event":"loop_lost")"; }

  std::string operator()(const gateway::ClientRegistered&) const { return R"(,"event":"client_registered")"; }
  std::string operator()(const gateway::ClientAuthenticated&) const { return R"(,"event":"client_authenticated")"; }
  std::string operator()(const gateway::SessionEnded&) const { return R"(,"event":"session_ended")"; }
  std::string operator()(const gateway::PacketAccepted& event) const {
    return fmt::format(R"(,"event":"packet_accepted","size":"{}")", wire::name_of(event.size));
  }
  std::string operator()(const gateway::MessagePushed& event) const { return bytes("message_pushed", event.bytes); }
  std::string operator()(const gateway::MessageStored& event) const { return bytes("message_stored", event.bytes); }
  std::string operator()(const gateway::AckSent&) const { return R"(,"event":"ack_sent")"; }
  std::string operator()(const gateway::Dropped& event) const { return dropped(event.reason); }

  std::string operator()(const client::GatewayStateChanged& event) const {
    return fmt::format(R"(,"event":"gateway_state","state":"{}","why":{})", client::to_string(event.state),
                       json_text(event.why));
  }
  std::string operator()(const client::TopologyChanged& event) const {
    return fmt::format(R"(,"event":"topology","usable":{},"why":{})", event.usable, json_text(event.why));
  }
  std::string operator()(const client::MessageOpened&) const { return R"(,"event":"message_opened")"; }
  std::string operator()(const client::MessageAccepted& event) const {
    return fmt::format(R"(,"event":"message_accepted","bytes":{},"fragments":{})", event.bytes, event.fragments);
  }
  std::string operator()(const client::MessageEnded& event) const {
    return fmt::format(R"(,"event":"message_ended","outcome":"{}","why":{})", client::to_string(event.outcome),
                       json_text(event.why));
  }
  std::string operator()(const client::PacketSent& event) const {
    return fmt::format(R"(,"event":"packet_sent","content":"{}")", client::to_string(event.kind));
  }
  std::string operator()(const client::AckReceived& event) const {
    return fmt::format(R"(,"event":"ack_received","round_trip":{})", event.round_trip.ns());
  }
  std::string operator()(const client::MessageReceived& event) const { return bytes("message_received", event.bytes); }
  std::string operator()(const client::SurbsCreated& event) const { return count("surbs_created", event.count); }
  std::string operator()(const client::SurbsReceived& event) const { return count("surbs_received", event.count); }
  std::string operator()(const client::SurbsUsed& event) const { return count("surbs_used", event.count); }
  std::string operator()(const client::SurbsRequested& event) const { return count("surbs_requested", event.count); }
  std::string operator()(const client::ReceptionGivenUp& event) const {
    return fmt::format(R"(,"event":"reception_given_up","fragments":{},"bytes":{})", event.fragments, event.bytes);
  }
  std::string operator()(const client::Dropped& event) const { return dropped(event.reason); }

 private:
  static std::string dropped(DropReason reason) {
    return fmt::format(R"(,"event":"dropped","reason":"{}")", to_string(reason));
  }
  static std::string bytes(const char* event, std::size_t number) {
    return fmt::format(R"(,"event":"{}","bytes":{})", event, number);
  }
  static std::string count(const char* event, std::size_t number) {
    return fmt::format(R"(,"event":"{}","count":{})", event, number);
  }
};

/// One object a line, for everything that is told.
class JsonlTrace : public Trace {
 public:
  explicit JsonlTrace(OutputFile file) : file_(std::move(file)) {
    line(kRunStart, "begin", fmt::format(R"(,"format":{})", kTraceFormat));
  }
  Result<void> finish() override { return file_.finish(); }

  void on_frame_sent(TimePoint now, const FrameSent& frame) override {
    auto more = fmt::format(R"(,"bytes":{},"arrives":{})", frame.bytes, (frame.arrives - kRunStart).ns());
    if (frame.content) more += fmt::format(R"(,"content":"{}")", client::to_string(*frame.content));
    line(now, "sent", fields_of(frame) + more);
  }
  void on_frame_arrived(TimePoint now, const FrameArrived& frame) override { line(now, "arrived", fields_of(frame)); }
  void on_frame_lost(TimePoint now, const FrameLost& frame) override {
    line(now, "lost", fields_of(frame) + fmt::format(R"(,"reason":"{}")", to_string(frame.reason)));
  }
  void on_mixnode_event(TimePoint now, std::uint32_t index, const mixnode::Event& event) override {
    node_event(now, {NodeKind::mixnode, index}, std::visit(EventFields(), event));
  }
  void on_gateway_event(TimePoint now, std::uint32_t index, const gateway::Event& event) override {
    node_event(now, {NodeKind::gateway, index}, std::visit(EventFields(), event));
  }
  void on_client_event(TimePoint now, std::uint32_t index, const client::Event& event) override {
    node_event(now, {NodeKind::client, index}, std::visit(EventFields(), event));
  }
  void on_message(TimePoint now, const MessageMoved& moved) override {
    auto part = moved.message.part == MessageRef::Part::message ? "message" : "reply";
    auto fields =
        fmt::format(R"(,"number":{},"part":"{}","step":"{}","from":"{}","to":"{}","bytes":{})", moved.message.number,
                    part, to_string(moved.step), client(moved.from), client(moved.to), moved.bytes);
    if (!moved.why.empty()) fields += R"(,"why":)" + json_text(moved.why);
    line(now, "message", fields);
  }
  void on_wrong_delivery(TimePoint now, std::uint32_t index, std::string_view what) override {
    line(now, "wrong_delivery", fmt::format(R"(,"node":"{}","why":{})", client(index), json_text(what)));
  }
  void on_node_state(TimePoint now, NodeName node, NodeState state) override {
    line(now, "node", fmt::format(R"(,"node":"{}","state":"{}")", to_text(node), to_string(state)));
  }
  void on_fault(TimePoint now, const FaultMoved& fault) override {
    auto step = fault.step == FaultMoved::Step::began ? "began" : "ended";
    line(now, "fault",
         fmt::format(R"(,"fault":{},"step":"{}","text":{})", fault.fault + 1, step, json_text(fault.text)));
  }
  void on_phase(TimePoint now, Phase phase) override {
    line(now, "phase", fmt::format(R"(,"phase":"{}")", to_string(phase)));
  }

 private:
  static std::string client(std::uint32_t index) { return to_text(NodeName{NodeKind::client, index}); }
  template <class Frame>
  static std::string fields_of(const Frame& frame) {
    return fmt::format(R"(,"id":{},"from":"{}","to":"{}","kind":"{}")", frame.id.value, to_text(frame.from),
                       to_text(frame.to), to_string(frame.kind));
  }
  void node_event(TimePoint now, NodeName node, const std::string& fields) {
    line(now, "event", fmt::format(R"(,"node":"{}"{})", to_text(node), fields));
  }
  void line(TimePoint now, const char* what, std::string_view fields) {
    file_.write(fmt::format("{{\"t\":{},\"what\":\"{}\"{}}}\n", (now - kRunStart).ns(), what, fields));
  }

  OutputFile file_;
};

}  // namespace

std::unique_ptr<Trace> make_jsonl_trace(OutputFile file) {
  return std::make_unique<JsonlTrace>(std::move(file));
}

}  // namespace nym::sim
