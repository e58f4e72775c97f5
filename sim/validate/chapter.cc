#include "sim/validate/chapter.h"

#include <fmt/format.h>

#include <cmath>

#include "sim/plan/generate.h"
#include "sim/plan/load.h"
#include "sim/validate/mix_chain.h"

namespace nym::sim {
namespace {

const std::vector<ChapterSection> kSections = {
    {"Stop-and-go mixes between links of one length",
     R"toml(time_limit = "23s"
[network]
mixnodes = 3
gateways = 2
clients = 20
[links]
latency = "5ms"
[[workload]]
kind = "messages"
arrivals = "poisson(100/s)"
sizes = "100B"
length = "20s"
[client]
drop_cover_average_delay = "500ms"
)toml"},
    {"Links of random length, which keep the order",
     R"toml(time_limit = "23s"
[network]
mixnodes = 6
gateways = 2
clients = 20
[links]
latency = "1ms + exponential(2ms)"
[[workload]]
kind = "messages"
arrivals = "poisson(100/s)"
sizes = "100B"
length = "20s"
)toml"},
    {"Cascades, with other delays and other cover",
     R"toml(time_limit = "23s"
[network]
topology = "cascade"
mixnodes = 6
clients = 15
[client]
average_packet_delay = "100ms"
average_ack_delay = "20ms"
message_sending_average_delay = "40ms"
loop_cover_average_delay = "100ms"
)toml"},
    {"Free routes",
     R"toml(time_limit = "23s"
[network]
topology = "free-route"
mixnodes = 9
clients = 15
)toml"},
};

Comparison compare_entropy(const MixChain& chain, const ValidationSettings& settings) {
  std::vector<double> values;
  for (std::uint64_t i = 0; i < settings.runs; ++i) {
    values.push_back(measured_entropy(chain, settings.first_seed + i, Duration::seconds(20)));
  }
  // The closed form is of a density, and of a number inside that does not vary; counting packets differs from it by so
  // much at an occupancy of 20.
  Prediction predicted{fmt::format("entropy of {} in a row", chain.mixes), "bits",
                       entropy_of_mixes(chain.mixes, chain.rate(), static_cast<double>(chain.delay.ns()) / 1e9), 0.08,
                       chain.mixes == 1 ? "log2(e * rate * mean delay)" : "of an Erlang distribution"};
  return compare(predicted, values);
}

}  // namespace

const std::vector<ChapterSection>& chapter_sections() {
  return kSections;
}

Result<Validation> validate(const ChapterSection& section, const ValidationSettings& settings) {
  NYM_TRY(auto plan, parse_plan(section.plan, section.title, Syntax::toml));
  return validate(plan, settings);
}

Validation validate_entropy(const ValidationSettings& settings) {
  return {{compare_entropy({.mixes = 1}, settings), compare_entropy({.mixes = 3}, settings)}, {}};
}

double Agreement::least_share() const {
  if (equal < all) return static_cast<double>(equal) / static_cast<double>(all);
  return std::pow(0.005, 1 / static_cast<double>(all));
}

Result<Agreement> compare_fidelities(std::uint64_t first_seed, std::uint64_t count) {
  Agreement agreement;
  for (auto seed = first_seed; seed < first_seed + count; ++seed) {
    auto plan = generate_plan(Profile::swarm, seed);
    auto run = [&](Fidelity fidelity) {
      return run_plan(plan, {.fidelity = fidelity, .seed = seed, .measuring = client::Switch::off}).fingerprint;
    };
    auto model = run(Fidelity::model);
    agreement.equal += run(Fidelity::real) == model ? 1U : 0U;
    ++agreement.all;
  }
  return agreement;
}

Result<std::string> validation_chapter(const ValidationSettings& settings, std::uint64_t agreement_seeds) {
  std::string text = fmt::format(
      "## Against theory\n\nEach figure is the mean of {} runs with the seeds from {} on, in model fidelity, with half "
      "the "
      "width of its 99 % confidence\ninterval (Student's t over the runs, and the resolution of the calculation). "
      "`nym-sim predict FILE` does the same for any plan.\n",
      settings.runs, settings.first_seed);
  text +=
      "\n### Entropy of memoryless mixes\n\nWithout a network: a Poisson process of 400 packets a second through mixes "
      "with exponential delays of 50 ms.\n\n";
  text += to_markdown(validate_entropy(settings));
  for (const auto& section : kSections) {
    NYM_TRY(auto validation, validate(section, settings));
    text += fmt::format("\n### {}\n\n```toml\n{}```\n\n{}", section.title, section.plan, to_markdown(validation));
  }
  NYM_TRY(auto agreement, compare_fidelities(settings.first_seed, agreement_seeds));
  text += fmt::format(
      "\n## Model against real fidelity\n\nOf {} seeds of the swarm profile {} have the same fingerprint (which covers "
      "every "
      "event, its time and what was\ndelivered) in both fidelities: at least {:.1f} % of all seeds, with 99 % "
      "confidence.\n",
      agreement.all, agreement.equal, agreement.least_share() * 100);
  return text;
}

}  // namespace nym::sim
