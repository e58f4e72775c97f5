#include <algorithm>

#include "engine/base/check.h"
#include "engine/crypto/hkdf.h"
#include "engine/sphinx/header.h"

namespace nym::sphinx {
namespace {

// 01 §4; 97 bytes without a terminator.
constexpr std::string_view kRoutingKeysInfo =
    "Dwste mou enan moxlo arketa makru kai ena upomoxlio gia na ton topothetisw kai tha kinisw thn gh.";
constexpr std::size_t kRoutingKeys = 256;
constexpr std::size_t kReplayTag = 32;

// A chain on its way: `scalar` is what the next hop's key is multiplied by.
struct Link {
  KeyChain chain;
  Secret<32> scalar;
};

Link first_link(const ChainStart& start) {
  NYM_CHECK(!start.hop_keys.empty() && start.hop_keys.size() <= kMaxHops);
  Link link{.chain = {}, .scalar = Secret<32>(start.initial_secret)};
  crypto::clamp(link.scalar);
  link.chain.shared_secrets.reserve(start.hop_keys.size());
  link.chain.keys.reserve(start.hop_keys.size());
  return link;
}

Secret<32> next_scalar(const Secret<32>& scalar, const RoutingKeys& keys, ChainForm form) {
  if (form == ChainForm::clamped) return crypto::product_with_clamped(scalar.expose(), keys.blinding.expose());
  return Secret<32>(crypto::Scalar::product(scalar.expose(), keys.blinding.expose()).expose());
}

void extend(Link& link, Secret<32> shared_secret, ChainForm form) {
  RoutingKeys keys = derive_routing_keys(shared_secret.expose());
  if (form != ChainForm::nested) link.scalar = next_scalar(link.scalar, keys, form);
  link.chain.shared_secrets.push_back(std::move(shared_secret));
  link.chain.keys.push_back(std::move(keys));
}

// Every factor clamped on its own, the oldest first: exact for any key, on the twist or of low order, which nobody has
// an honest use for. So this takes its time, alone.
Secret<32> agree_nested(const Link& link, const crypto::X25519PublicKey& key) {
  Secret<32> product = crypto::multiply_unclamped(link.scalar.expose(), key.bytes);
  for (const auto& keys : link.chain.keys) {
    product = crypto::multiply_unclamped(blinding_scalar(keys, Blinding::clamped).expose(), product.expose());
  }
  return product;
}

// All agreements of one hop, and with the first ones alpha, which needs nothing but the scalar of the start.
void take_hop(std::size_t hop, std::span<const ChainStart> starts, std::span<Link> links) {
  std::vector<crypto::Multiplication> jobs;
  jobs.reserve(2 * links.size());
  for (std::size_t i = 0; i < links.size(); ++i) {
    if (hop >= starts[i].hop_keys.size() || starts[i].form == ChainForm::nested) continue;
    jobs.push_back({.scalar = links[i].scalar.expose(), .point = starts[i].hop_keys[hop].bytes});
  }
  if (hop == 0) {
    for (const auto& link : links) jobs.push_back({.scalar = link.scalar.expose(), .point = crypto::kBasePoint});
  }
  crypto::multiply_all(jobs);

  auto done = jobs.begin();
  for (std::size_t i = 0; i < links.size(); ++i) {
    if (hop >= starts[i].hop_keys.size()) continue;
    bool nested = starts[i].form == ChainForm::nested;
    extend(links[i], nested ? agree_nested(links[i], starts[i].hop_keys[hop]) : std::move((done++)->product),
           starts[i].form);
  }
  if (hop == 0) {
    for (auto& link : links) link.chain.alpha = to_array<32>((done++)->product.expose());
  }
}

}  // namespace

RoutingKeys derive_routing_keys(FixedView<32> shared_secret, ReplayTagForm tag) {
  Secret<kRoutingKeys + kReplayTag> okm;
  std::size_t size = kRoutingKeys + (tag == ReplayTagForm::expanded ? kReplayTag : 0);
  crypto::hkdf_sha256({}, shared_secret, as_bytes(kRoutingKeysInfo), okm.expose_mutable().first(size));
  auto bytes = okm.expose();
  return {.stream = crypto::Aes128Key(bytes.subspan<0, 16>()),
          .mac = Secret<16>(bytes.subspan<16, 16>()),
          .payload = crypto::LionessKey(bytes.subspan<32, kPayloadKey>()),
          .blinding = Secret<32>(bytes.subspan<224, 32>()),
          .replay_tag = Secret<kReplayTag>(bytes.subspan<kRoutingKeys, kReplayTag>())};
}

Secret<32> blinding_scalar(const RoutingKeys& keys, Blinding blinding) {
  if (blinding == Blinding::unclamped) return Secret<32>(crypto::Scalar::reduce(keys.blinding.expose()).expose());
  Secret<32> clamped = keys.blinding;
  crypto::clamp(clamped);
  return clamped;
}

ChainForm chain_form(const Route& route, SphinxNumber number) {
  if (arithmetic_of(number).blinding == Blinding::unclamped) return ChainForm::unclamped;
  auto is_on_curve = [](const Hop& hop) {
    return hop.point == KeyPoint::on_curve || crypto::is_curve_coordinate(hop.key.bytes);
  };
  return std::ranges::all_of(route.hops(), is_on_curve) ? ChainForm::clamped : ChainForm::nested;
}

std::vector<KeyChain> derive_key_chains(std::span<const ChainStart> starts) {
  std::vector<Link> links;
  links.reserve(starts.size());
  for (const auto& start : starts) links.push_back(first_link(start));
  for (std::size_t hop = 0; hop < kMaxHops; ++hop) take_hop(hop, starts, links);

  std::vector<KeyChain> chains;
  chains.reserve(links.size());
  for (auto& link : links) chains.push_back(std::move(link.chain));
  return chains;
}

KeyChain derive_key_chain(FixedView<32> initial_secret, std::span<const crypto::X25519PublicKey> hop_keys,
                          ChainForm form) {
  ChainStart start{initial_secret, hop_keys, form};
  return std::move(derive_key_chains({&start, 1}).front());
}

KeyChain derive_key_chain(const HeaderPlan& plan) {
  return derive_key_chain(plan.initial_secret.expose(), keys_along(plan.route), chain_form(plan.route, plan.number));
}

}  // namespace nym::sphinx
