#include "engine/client/app_sessions.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <rapidcheck/state.h>

#include <charconv>
#include <deque>

#include "tests/support/recording_apps.h"

namespace nym::client {
namespace {

using app_api::Dialect;
using app_api::Format;

constexpr std::uint64_t kMostApps = 4;
constexpr int kPeers = 3;

/// Who got what in which form: the n-th message delivered is called n.
struct Delivery {
  std::uint64_t app = 0;
  std::uint64_t message = 0;
  Format format{};
  friend bool operator==(const Delivery&, const Delivery&) = default;
};

/// AppSessions in a few lines, without limits.
struct Model {
  struct App {
    bool is_formed = false;
    Format format = Format::binary;
    std::deque<std::uint64_t> waiting;
    std::deque<std::uint64_t> in_flight;  ///< 0: an answer
  };
  AppConfig config;
  std::map<std::uint64_t, App> apps;
  std::deque<std::uint64_t> kept;
  std::map<int, std::uint64_t> repliers;
  std::uint64_t opened = 0;
  std::uint64_t delivered = 0;
  std::vector<Delivery> log;

  void flush(std::uint64_t id) {
    auto& app = apps.at(id);
    if (!app.is_formed) return;
    for (auto message : app.waiting) {
      log.push_back({id, message, app.format});
      app.in_flight.push_back(message);
    }
    app.waiting.clear();
  }
  void open() {
    ++opened;
    if (config.dialect == Dialect::strict && !apps.empty()) return;
    apps[opened] = {.is_formed = config.dialect == Dialect::strict, .waiting = std::exchange(kept, {})};
    flush(opened);
  }
  void close(std::uint64_t id) {
    auto app = std::move(apps.at(id));
    apps.erase(id);
    std::erase(app.in_flight, 0U);
    app.in_flight.insert(app.in_flight.end(), app.waiting.begin(), app.waiting.end());
    if (!apps.empty() && config.deliver_to == DeliverTo::all) return;
    auto& to = apps.empty() ? kept : apps.rbegin()->second.waiting;
    to.insert(to.end(), app.in_flight.begin(), app.in_flight.end());
    if (!apps.empty()) flush(apps.rbegin()->first);
  }
  void speak(std::uint64_t id, Format format) {
    auto& app = apps.at(id);
    app.format = format;
    app.is_formed = true;
  }
  void give(std::uint64_t id, std::uint64_t message) {
    apps.at(id).waiting.push_back(message);
    flush(id);
  }
  void deliver(std::uint64_t owner, int peer) {
    ++delivered;
    if (apps.empty()) return kept.push_back(delivered);
    if (config.deliver_to == DeliverTo::all) {
      for (const auto& [id, app] : apps) give(id, delivered);
      return;
    }
    if (owner == 0 && repliers.contains(peer)) owner = repliers.at(peer);
    bool is_owned = config.deliver_to == DeliverTo::owner && apps.contains(owner);
    give(is_owned ? owner : apps.rbegin()->first, delivered);
  }
};

struct Sut {
  explicit Sut(const AppConfig& config) : recorder(config) {}

  /// What was handed over since the start.
  const std::vector<Delivery>& log() {
    for (; looked_at_ < recorder.said.size(); ++looked_at_) {
      const auto& said = recorder.said[looked_at_];
      auto text = mark_of(said);
      std::uint64_t mark = 0;
      auto read = std::from_chars(text.data(), text.data() + text.size(), mark);
      if (read.ec == std::errc()) log_.push_back({said.to.value, mark, said.frame.format});
    }
    return log_;
  }
  static std::string mark_of(const test::RecordingApps::Said& said) {
    constexpr std::string_view kKey = R"({"type":"received","message":")";
    if (said.frame.format == Format::text) {
      auto text = said.text();
      return text.starts_with(kKey) ? text.substr(kKey.size()) : "";
    }
    auto response = said.response();
    const auto* received = response ? std::get_if<app_api::Received>(&*response) : nullptr;
    return received == nullptr ? "" : std::string(as_text(received->data.stored()));
  }

  test::RecordingApps recorder;
  TimePoint now;

 private:
  std::vector<Delivery> log_;
  std::size_t looked_at_ = 0;
};

wire::SenderTag tag_of(int peer) {
  return {{static_cast<std::uint8_t>(peer + 1)}};
}

using Base = rc::state::Command<Model, Sut>;

class Step : public Base {
 public:
  void run(const Model& before, Sut& sut) const override {
    perform(before, sut);
    auto after = nextState(before);
    bool is_as_modelled = sut.log() == after.log;  // not inside the assertion, which would print both every time
    RC_ASSERT(is_as_modelled);
    RC_ASSERT(sut.recorder.apps.count() == after.apps.size());
    std::size_t undelivered = after.kept.size();
    for (const auto& [id, app] : after.apps) undelivered += app.waiting.size();
    RC_ASSERT(sut.recorder.apps.undelivered() == undelivered);
  }
  virtual void perform(const Model& before, Sut& sut) const = 0;
};

std::uint64_t draw_app(const Model& model) {
  RC_PRE(!model.apps.empty());
  std::vector<std::uint64_t> ids;
  for (const auto& [id, app] : model.apps) ids.push_back(id);
  return *rc::gen::elementOf(ids);
}

class Open final : public Step {
 public:
  void checkPreconditions(const Model& model) const override { RC_PRE(model.apps.size() < kMostApps); }
  void apply(Model& model) const override { model.open(); }
  void perform(const Model& before, Sut& sut) const override {
    sut.recorder.apps.open(sut.now, AppSessionId{before.opened + 1});
  }
  void show(std::ostream& out) const override { out << "open"; }
};

/// Of a connected application.
class OfApp : public Step {
 public:
  explicit OfApp(const Model& model) : app(draw_app(model)) {}
  void checkPreconditions(const Model& model) const override { RC_PRE(model.apps.contains(app)); }

 protected:
  AppSessionId id() const { return AppSessionId{app}; }
  std::uint64_t app;
};

class Close final : public OfApp {
 public:
  using OfApp::OfApp;
  void apply(Model& model) const override { model.close(app); }
  void perform(const Model&, Sut& sut) const override { sut.recorder.apps.close(id()); }
  void show(std::ostream& out) const override { out << "close " << app; }
};

/// A request that is answered by an error: in either form.
class Mumble final : public OfApp {
 public:
  explicit Mumble(const Model& model) : OfApp(model), format_(*rc::gen::element(Format::text, Format::binary)) {}
  void apply(Model& model) const override {
    model.apps.at(app).in_flight.push_back(0);
    model.speak(app, format_);
    model.flush(app);
  }
  void perform(const Model&, Sut& sut) const override { sut.recorder.speak(id(), format_, Bytes{0xff}); }
  void show(std::ostream& out) const override { out << app << " says nonsense"; }

 private:
  Format format_;
};

class Answer final : public OfApp {
 public:
  explicit Answer(const Model& model) : OfApp(model), peer_(*rc::gen::inRange(0, kPeers)) {}
  void apply(Model& model) const override {
    model.speak(app, Format::binary);
    model.flush(app);
    model.repliers[peer_] = app;
  }
  void perform(const Model&, Sut& sut) const override {
    RC_ASSERT(sut.recorder.binary(id(), app_api::Reply{tag_of(peer_), {}, {}}).has_value());
  }
  void show(std::ostream& out) const override { out << app << " replies to peer " << peer_; }

 private:
  int peer_;
};

class Written final : public OfApp {
 public:
  explicit Written(const Model& model) : OfApp(model), frames_(*rc::gen::inRange<std::size_t>(0, 4)) {}
  void apply(Model& model) const override {
    auto& in_flight = model.apps.at(app).in_flight;
    auto count = std::min(frames_, in_flight.size());
    in_flight.erase(in_flight.begin(), in_flight.begin() + static_cast<std::ptrdiff_t>(count));
  }
  void perform(const Model&, Sut& sut) const override { sut.recorder.apps.on_written(id(), frames_); }
  void show(std::ostream& out) const override { out << frames_ << " frames of " << app << " are written"; }

 private:
  std::size_t frames_;
};

/// A plain message, one of an anonymous peer, or a reply to an application that may be gone.
class Deliver final : public Step {
 public:
  explicit Deliver(const Model& model)
      : owner_(*rc::gen::inRange<std::uint64_t>(0, model.opened + 1)), peer_(*rc::gen::inRange(-1, kPeers)) {}
  void apply(Model& model) const override { model.deliver(owner_, owner_ == 0 ? peer_ : -1); }
  void perform(const Model& before, Sut& sut) const override {
    auto mark = std::to_string(before.delivered + 1);
    app_api::Received message{to_bytes(as_bytes(mark)), std::nullopt};
    if (owner_ == 0 && peer_ >= 0) message.sender = tag_of(peer_);
    sut.recorder.apps.deliver(std::move(message), owner_ == 0 ? std::nullopt : std::optional(AppSessionId{owner_}));
  }
  void show(std::ostream& out) const override { out << "deliver, owner " << owner_ << ", peer " << peer_; }

 private:
  std::uint64_t owner_;
  int peer_;
};

class Wait final : public Step {
 public:
  void apply(Model& model) const override {
    for (auto& [id, app] : model.apps) {
      app.is_formed = true;
      model.flush(id);
    }
  }
  void perform(const Model&, Sut& sut) const override {
    sut.now = sut.now + limits::kAppGrace;
    sut.recorder.apps.on_timeout(sut.now);
    RC_ASSERT(!sut.recorder.apps.next_deadline().has_value());
  }
  void show(std::ostream& out) const override { out << "wait"; }
};

// Some 25'000 commands in all.
RC_GTEST_PROP(AppSessions, HandOverEveryMessageAsASimpleModelDoes, ()) {
  Model initial;
  initial.config.dialect = *rc::gen::element(Dialect::automatic, Dialect::strict);
  initial.config.deliver_to = *rc::gen::element(DeliverTo::owner, DeliverTo::all, DeliverTo::newest);
  auto generate = rc::state::gen::execOneOfWithArgs<Open, Close, Mumble, Answer, Written, Deliver, Deliver, Wait>();
  auto commands = *rc::gen::scale(5.0, rc::state::gen::commands(initial, generate));
  Sut sut(initial.config);
  rc::state::runAll(commands, initial, sut);
}

}  // namespace
}  // namespace nym::client
