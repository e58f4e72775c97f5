// The same plans and the same accidents give the same verdicts under both suites.

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <ostream>

#include "engine/base/text_encoding.h"
#include "engine/sphinx/real_suite.h"
#include "sim/kernel/seeded_random.h"
#include "sim/model/model_suite.h"
#include "tests/unit/sphinx/sample_network.h"

namespace nym::test {
namespace {

using sphinx::SphinxError;

enum class Cargo { acknowledgement, fragment, reply };
enum class Accident { flip_in_header, flip_in_payload, flip_alpha_top, wrong_node, replay, cut, lengthen };

// Something that happens to a packet in front of a hop; `where` is reduced to what the packet has.
struct Incident {
  std::size_t hop = 0;
  Accident accident = Accident::replay;
  std::size_t where = 0;
};

struct Shipment {
  Cargo cargo = Cargo::fragment;
  std::size_t hops = 1;
  std::size_t filled = 0;
  std::vector<std::size_t> damaged_surb_bits;
  std::vector<Incident> incidents;
};

std::ostream& operator<<(std::ostream& out, const Incident& incident) {
  return out << fmt::format("(hop {}, accident {}, at {})", incident.hop, static_cast<int>(incident.accident),
                            incident.where);
}

std::ostream& operator<<(std::ostream& out, const Shipment& shipment) {
  out << fmt::format("cargo {} over {} hops, {} bytes filled", static_cast<int>(shipment.cargo), shipment.hops,
                     shipment.filled);
  for (auto bit : shipment.damaged_surb_bits) out << ", damaged bit " << bit;
  for (const auto& incident : shipment.incidents) out << " " << incident;
  return out;
}

rc::Gen<Incident> any_incident() {
  return rc::gen::build<Incident>(
      rc::gen::set(&Incident::hop, rc::gen::inRange<std::size_t>(0, sphinx::kMaxHops)),
      rc::gen::set(&Incident::accident,
                   rc::gen::element(Accident::flip_in_header, Accident::flip_in_payload, Accident::flip_alpha_top,
                                    Accident::wrong_node, Accident::replay, Accident::cut, Accident::lengthen)),
      rc::gen::set(&Incident::where, rc::gen::inRange<std::size_t>(0, 100'000)));
}

constexpr std::size_t kFragment = 120;

// A bit of a reply block. Not of the first 32 bytes of the last hop's payload key: damage there leaves the zeros in
// front of a real payload intact, so that a real gateway delivers noise where the model refuses. Only a forger gets
// that far.
rc::Gen<std::size_t> any_surb_bit() {
  constexpr std::size_t kLastKeyBits = (sphinx::kReplySurb - sphinx::kPayloadKey) * 8;
  return rc::gen::suchThat(rc::gen::inRange<std::size_t>(0, sphinx::kReplySurb * 8),
                           [](std::size_t bit) { return bit < kLastKeyBits || bit >= kLastKeyBits + 32 * 8; });
}

rc::Gen<Shipment> any_shipment() {
  return rc::gen::build<Shipment>(
      rc::gen::set(&Shipment::cargo, rc::gen::element(Cargo::acknowledgement, Cargo::fragment, Cargo::reply)),
      rc::gen::set(&Shipment::hops, rc::gen::inRange<std::size_t>(1, sphinx::kMaxHops + 1)),
      rc::gen::set(&Shipment::filled, rc::gen::inRange<std::size_t>(0, kFragment + 1)),
      rc::gen::set(&Shipment::damaged_surb_bits,
                   rc::gen::resize(1, rc::gen::container<std::vector<std::size_t>>(
                                          rc::gen::resize(rc::kNominalSize, any_surb_bit())))),
      rc::gen::set(&Shipment::incidents, rc::gen::resize(4, rc::gen::container<std::vector<Incident>>(
                                                                rc::gen::resize(rc::kNominalSize, any_incident())))));
}

std::string name_of(const Error& error) {
  const std::array<std::pair<SphinxError, const char*>, 8> names{{{SphinxError::invalid_packet, "invalid packet"},
                                                                  {SphinxError::invalid_header, "invalid header"},
                                                                  {SphinxError::invalid_routing, "invalid routing"},
                                                                  {SphinxError::invalid_payload, "invalid payload"},
                                                                  {SphinxError::invalid_surb, "invalid surb"},
                                                                  {SphinxError::zero_secret, "zero secret"},
                                                                  {SphinxError::bad_mac, "bad mac"},
                                                                  {SphinxError::too_short, "too short"}}};
  for (auto [code, name] : names) {
    if (error.is(code)) return name;
  }
  return "another error";
}

// Lets shipments travel under one suite and writes down every verdict.
class Observer {
 public:
  Observer(const sphinx::Suite& suite, std::uint64_t seed) : suite_(suite), random_(seed) {}

  const std::vector<std::string>& notes() const { return notes_; }

  void send(const Shipment& shipment) {
    nodes_ = draw_nodes(random_, shipment.cargo == Cargo::reply ? sphinx::kReplySurbHops : shipment.hops);
    recipient_ = crypto::X25519KeyPair::generate(random_);
    incidents_ = shipment.incidents;
    switch (shipment.cargo) {
      case Cargo::acknowledgement:
        return send_ack();
      case Cargo::fragment:
        return send_fragment(shipment.filled);
      case Cargo::reply:
        return send_reply(shipment);
    }
  }

 private:
  void note(std::string text) { notes_.push_back(std::move(text)); }

  void send_ack() {
    auto plan = draw_ack_plan(random_, nodes_);
    auto key = std::get<sphinx::AckPayload>(plan.payload).key;
    auto plaintext = travel(suite_.seal(std::move(plan)));
    if (!plaintext) return;
    auto id = suite_.open_ack(key, *plaintext);
    note(id ? "id " + to_hex(*id) : name_of(id.error()));
  }

  void send_fragment(std::size_t filled) {
    auto ack = draw_ack(suite_, random_, nodes_);
    auto ephemeral = crypto::X25519PrivateKey::generate(random_);
    Blob fragment = draw_fragment(random_, filled, kFragment);
    auto header = draw_header_plan(random_, nodes_);
    sphinx::FragmentPayload payload{
        .ack = ack, .ephemeral = ephemeral, .recipient = recipient_.public_key, .fragment = fragment};
    auto plaintext =
        travel(suite_.seal({.header = header, .payload_size = payload_size_for(kFragment), .payload = payload}));
    if (!plaintext) return;
    note_ack(*plaintext);
    auto opened = suite_.open_fragment(recipient_, plaintext->slice(sphinx::kSurbAck));
    note(opened ? "fragment " + to_hex(opened->to_bytes()) : name_of(opened.error()));
  }

  void send_reply(const Shipment& shipment) {
    auto header = draw_header_plan(random_, nodes_);
    auto key = draw_secret<16>(random_);
    auto surb = suite_.make_reply_surb({.header = header, .key = key});
    for (auto bit : shipment.damaged_surb_bits) surb.bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    note("key " + to_hex(suite_.reply_key(surb).expose()));
    for (int use = 0; use < 2; ++use) {
      auto ack = draw_ack(suite_, random_, nodes_);
      Blob fragment = draw_fragment(random_, shipment.filled, kFragment);
      auto reply = suite_.seal_reply(surb, {.ack = ack, .fragment = fragment}, payload_size_for(kFragment));
      if (!reply) return note(name_of(reply.error()));
      note("first hop " + to_hex(reply->first_hop.bytes));
      auto plaintext = travel(reply->packet);
      if (!plaintext) continue;
      note_ack(*plaintext);
      Blob delivered = plaintext->slice(sphinx::kSurbAck);
      bool is_known = delivered.first<32>() == sphinx::digest_of(key).bytes;
      if (!is_known) note("unknown digest");
      auto opened = suite_.open_reply_fragment(key, delivered);
      if (is_known) note("fragment " + to_hex(opened.value().to_bytes()));
    }
  }

  void note_ack(const Blob& plaintext) {
    note("ack to " + to_hex(*plaintext.first<19>()));
    auto home = suite_.peel(plaintext.slice(19, 386), nodes_.front().key);
    note(home ? "ack leaves" : name_of(home.error()));
  }

  // One node's verdict; what it passes on.
  std::optional<Blob> peel(const Blob& packet, const crypto::X25519KeyPair& key, bool& arrived) {
    auto peeled = suite_.peel(packet, key);
    if (!peeled) {
      note(name_of(peeled.error()));
      return std::nullopt;
    }
    auto [known, is_new] = tags_.emplace(peeled->tag, tags_.size());
    note(fmt::format("{} tag {}", is_new ? "new" : "known", known->second));
    if (const auto* forward = std::get_if<sphinx::ForwardPacket>(&peeled->hop)) {
      note(fmt::format("to {} after {}, {} bytes", to_hex(forward->next.bytes), forward->delay.ns,
                       forward->packet.size()));
      return forward->packet;
    }
    const auto& last = std::get<sphinx::FinalPacket>(peeled->hop);
    note(fmt::format("for {}, {} bytes", to_hex(last.destination.bytes), last.plaintext.size()));
    arrived = true;
    return last.plaintext;
  }

  Blob suffer(Blob packet, const Incident& incident) {
    bool ignored = false;
    std::size_t header_bits = std::min(sphinx::kHeader, packet.size()) * 8;
    std::size_t payload_bits = packet.size() * 8 - header_bits;
    switch (incident.accident) {
      case Accident::flip_in_header:
        return header_bits == 0 ? packet : with_flipped_bit(packet, incident.where % header_bits);
      case Accident::flip_in_payload:
        return payload_bits == 0 ? packet : with_flipped_bit(packet, header_bits + incident.where % payload_bits);
      case Accident::flip_alpha_top:
        return header_bits <= kAlphaTopBit ? packet : with_flipped_bit(packet, kAlphaTopBit);
      case Accident::wrong_node:
        peel(packet, recipient_, ignored);
        return packet;
      case Accident::replay:
        peel(packet, nodes_.at(incident.hop).key, ignored);
        return packet;
      case Accident::cut:
        return packet.slice(0, incident.where % (packet.size() + 1));
      case Accident::lengthen: {
        Bytes longer = packet.to_bytes();
        longer.resize(longer.size() + incident.where % 100, 0x5a);
        return Blob(std::move(longer));
      }
    }
    return packet;
  }

  // The plaintext, if the packet gets to its last hop undamaged.
  std::optional<Blob> travel(Blob packet) {
    bool arrived = false;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      for (const auto& incident : incidents_) {
        if (incident.hop == i) packet = suffer(std::move(packet), incident);
      }
      auto next = peel(packet, nodes_[i].key, arrived);
      if (!next || arrived) return next;
      packet = *next;
    }
    return std::nullopt;
  }

  const sphinx::Suite& suite_;
  sim::SeededRandom random_;
  std::vector<SampleNode> nodes_;
  crypto::X25519KeyPair recipient_ = crypto::X25519KeyPair::generate(random_);
  std::vector<Incident> incidents_;
  std::map<sphinx::ReplayTag, std::size_t> tags_;
  std::vector<std::string> notes_;
};

RC_GTEST_PROP(SuiteEquivalence, Packets_and_replies_get_the_same_verdicts, ()) {
  auto shipments =
      *rc::gen::resize(4, rc::gen::container<std::vector<Shipment>>(rc::gen::resize(rc::kNominalSize, any_shipment())));
  auto seed = *rc::gen::arbitrary<std::uint64_t>();
  sphinx::RealSuite real;
  sim::ModelSuite model;
  Observer under_real(real, seed);
  Observer under_model(model, seed);
  for (const auto& shipment : shipments) {
    under_real.send(shipment);
    under_model.send(shipment);
  }
  RC_ASSERT(under_real.notes() == under_model.notes());
}

RC_GTEST_PROP(SuiteEquivalence, Envelopes_get_the_same_verdicts, ()) {
  sim::SeededRandom random(*rc::gen::arbitrary<std::uint64_t>());
  auto keys = sphinx::GatewaySharedKeys::from_bytes(draw_array<32>(random));
  auto others = sphinx::GatewaySharedKeys::from_bytes(draw_array<32>(random));
  auto size = *rc::gen::inRange<std::size_t>(0, 300);
  Blob body = draw_fragment(random, *rc::gen::inRange<std::size_t>(0, size + 1), size);
  auto bit = *rc::gen::inRange<std::size_t>(0, (size + 33) * 8);
  auto cut = *rc::gen::inRange<std::size_t>(0, size + 33);
  auto verdicts = [&](const sphinx::Suite& suite) {
    Blob sealed = suite.seal_envelope(keys, Bytes{1}, body);
    std::vector<std::string> notes{fmt::format("{} bytes", sealed.size())};
    auto note = [&](const Result<Blob>& opened) {
      notes.push_back(opened ? to_hex(opened->to_bytes()) : name_of(opened.error()));
    };
    note(suite.open_envelope(keys, sealed));
    note(suite.open_envelope(others, sealed));
    note(suite.open_envelope(keys, with_flipped_bit(sealed, bit)));
    note(suite.open_envelope(keys, sealed.slice(0, cut)));
    return notes;
  };
  RC_ASSERT(verdicts(sphinx::RealSuite()) == verdicts(sim::ModelSuite()));
}

}  // namespace
}  // namespace nym::test
