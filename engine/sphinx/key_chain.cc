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

void extend(Link& link, Secret<32> shared_secret) {
  RoutingKeys keys = derive_routing_keys(shared_secret.expose());
  link.scalar = Secret<32>(crypto::Scalar::product(link.scalar.expose(), keys.blinding.expose()).expose());
  link.chain.shared_secrets.push_back(std::move(shared_secret));
  link.chain.keys.push_back(std::move(keys));
}

// All agreements of one hop, and with the first ones alpha, which needs nothing but the scalar of the start.
void take_hop(std::size_t hop, std::span<const ChainStart> starts, std::span<Link> links) {
  std::vector<crypto::Multiplication> jobs;
  jobs.reserve(2 * links.size());
  for (std::size_t i = 0; i < links.size(); ++i) {
    if (hop >= starts[i].hop_keys.size()) continue;
    jobs.push_back({.scalar = links[i].scalar.expose(), .point = starts[i].hop_keys[hop].bytes});
  }
  if (hop == 0) {
    for (const auto& link : links) jobs.push_back({.scalar = link.scalar.expose(), .point = crypto::kBasePoint});
  }
  crypto::multiply_all(jobs);

  auto done = jobs.begin();
  for (std::size_t i = 0; i < links.size(); ++i) {
    if (hop < starts[i].hop_keys.size()) extend(links[i], std::move((done++)->product));
  }
  if (hop == 0) {
    for (auto& link : links) link.chain.alpha = to_array<32>((done++)->product.expose());
  }
}

}  // namespace

RoutingKeys derive_routing_keys(FixedView<32> shared_secret) {
  Secret<kRoutingKeys> okm;
  crypto::hkdf_sha256({}, shared_secret, as_bytes(kRoutingKeysInfo), okm.expose_mutable());
  auto bytes = okm.expose();
  return {.stream = crypto::Aes128Key(bytes.subspan<0, 16>()),
          .mac = Secret<16>(bytes.subspan<16, 16>()),
          .payload = crypto::LionessKey(bytes.subspan<32, kPayloadKey>()),
          .blinding = Secret<32>(bytes.subspan<224, 32>())};
}

crypto::Scalar blinding_scalar(const RoutingKeys& keys) {
  return crypto::Scalar::reduce(keys.blinding.expose());
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

KeyChain derive_key_chain(FixedView<32> initial_secret, std::span<const crypto::X25519PublicKey> hop_keys) {
  ChainStart start{initial_secret, hop_keys};
  return std::move(derive_key_chains({&start, 1}).front());
}

}  // namespace nym::sphinx
