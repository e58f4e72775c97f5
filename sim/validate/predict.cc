#include "sim/validate/predict.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/wire/packet_size.h"
#include "sim/measure/timed_meter.h"
#include "sim/plan/nodes.h"
#include "sim/validate/delay_curve.h"

namespace nym::sim {
namespace {

/// Packets a second of all clients together.
struct Rates {
  double main = 0;
  double loops = 0;
  double drops = 0;
  double loops_held = 0;  ///< of them at each of three mixes: they wait as long as is between them (02 §10)
  double acked() const { return main + loops; }
  double all() const { return acked() + drops; }
};

double each_second(Duration interval) {
  return 1 / in_seconds(interval);
}

Rates rates_of(const Plan& plan) {
  Rates rates;
  for (const auto& group : plan.clients) {
    const auto& traffic = group.options.traffic;
    double count = group.count;
    if (traffic.main_poisson_stream == client::Switch::on) {
      rates.main += count * each_second(traffic.message_sending_average_delay);
    }
    if (traffic.loop_cover_stream == client::Switch::on) {
      rates.loops += count * each_second(traffic.loop_cover_average_delay);
      rates.loops_held += count;
    }
    if (auto drop = group.options.drop_cover_average_delay) rates.drops += count * each_second(*drop);
  }
  return rates;
}

bool is_stop_and_go(const Plan& plan) {
  return std::holds_alternative<StopAndGo>(plan.mix.strategy);
}

class Predictor {
 public:
  explicit Predictor(const Plan& plan)
      : plan_(plan),
        rates_(rates_of(plan)),
        delay_(in_seconds(plan.client.traffic.average_packet_delay)),
        ack_delay_(in_seconds(plan.client.acks.average_ack_delay)) {}

  Theory predict() {
    if (auto why = trouble()) {
      theory_.silent_about.push_back(*why);
      return std::move(theory_);
    }
    predict_rates();
    predict_mixnodes();
    predict_latency();
    predict_entropy();
    return std::move(theory_);
  }

 private:
  std::optional<std::string> trouble() const {
    const auto& links = plan_.links;
    bool is_lossy = links.loss.parts + links.duplicate.parts + links.reorder.parts + links.corrupt.parts != 0;
    if (is_lossy || links.clog_every) return "links that lose, copy, reorder, damage or clog";
    if (!plan_.link_rules.empty()) return "links that differ";
    if (!plan_.faults.empty()) return "faults";
    if (plan_.mix.loop_cover_average_delay) return "loops of mixnodes";
    for (const auto& group : plan_.clients) {
      bool is_alike = group.options.traffic.average_packet_delay == plan_.client.traffic.average_packet_delay &&
                      group.options.acks.average_ack_delay == plan_.client.acks.average_ack_delay;
      if (!is_alike) return "clients whose packets wait differently";
      if (group.options.traffic.main_poisson_stream == client::Switch::off) return "clients without a main stream";
    }
    return std::nullopt;
  }

  void add(std::string name, std::string unit, double value, std::string theory, double resolution = 0) {
    theory_.predictions.push_back({std::move(name), std::move(unit), value, resolution, std::move(theory)});
  }

  // Every packet but drop cover comes with its acknowledgement, which goes the same way back.
  void predict_rates() {
    add("sent.main", "1/s", rates_.main, "clients / message_sending_average_delay");
    if (rates_.loops > 0) add("sent.loop_cover", "1/s", rates_.loops, "clients / loop_cover_average_delay");
    if (rates_.drops > 0) add("sent.drop_cover", "1/s", rates_.drops, "clients / drop_cover_average_delay");
    add("link.upload", "1/s", rates_.all(), "all that clients send");
    add("link.to_mixes", "1/s", on_each_way(), "these, and an acknowledgement of each");
    add("link.between_mixes", "1/s", 2 * on_each_way(), "two links on every route");
    add("link.from_mixes", "1/s", on_each_way(), "as many as go in");
    add("link.push", "1/s", 2 * rates_.acked(), "packets and acknowledgements");
  }
  double on_each_way() const { return rates_.all() + rates_.acked(); }

  double mixnodes() const { return static_cast<double>(plan_.network.mixnodes); }
  /// At one step of all routes, beside acknowledgements.
  double packets_held() const { return (rates_.main + rates_.drops) * delay_ + rates_.loops_held; }
  /// Packets a second into the mean mixnode: three on every route.
  double into_mixnode() const { return on_each_way() * kLayersOfRoute / mixnodes(); }

  // What leaves a mix that sends batches is no Poisson process: of such mixes nothing simple is known in a network.
  void predict_mixnodes() {
    add("mix.received", "1/s", into_mixnode(), "three mixnodes on every route");
    if (!is_stop_and_go(plan_)) return theory_.silent_about.push_back("what is held: not of delays that senders draw");
    double held = (packets_held() + rates_.acked() * ack_delay_) * kLayersOfRoute / mixnodes();
    add("mix.held", "packets", held, "M/M/infinity: rate times mean delay");
    add("mix.delay", "s", held / into_mixnode(), "the mean of what senders draw");
  }

  void predict_latency() {
    if (auto why = why_no_latency()) return theory_.silent_about.push_back("latency: " + *why);
    const auto& work = std::get<MessageWorkload>(plan_.workloads.front().kind);
    auto link = DelayCurve::of(plan_.links.latency);
    auto jitter = DelayCurve::of(plan_.links.jitter);
    if (!link || !jitter) return theory_.silent_about.push_back("latency: it depends on who the nodes are");
    auto passage = link->then(*jitter);
    double senders = static_cast<double>(resolve(plan_, work.from, NodeKind::client)->size());
    auto rate = std::get<PoissonArrivals>(work.arrivals).rate;
    double load = static_cast<double>(rate.count) * each_second(rate.per) / senders;
    double service = each_second(plan_.client.traffic.message_sending_average_delay);
    if (load > 0.9 * service) return theory_.silent_about.push_back("latency: queues of senders do not settle");
    auto sum = DelayCurve::exponential(1 / (service - load));
    for (int i = 0; i < 3; ++i) sum = sum.then(DelayCurve::exponential(delay_));
    for (double on_link : link_rates()) sum = sum.then(passage.in_order(on_link));
    const std::string theory = "M/M/1 at the sender, three exponential delays, six links that keep the order";
    add("latency.mean", "s", sum.mean(), theory, DelayCurve::kStep);
    for (auto [name, share] :
         {std::pair("latency.p50", 0.5), std::pair("latency.p90", 0.9), std::pair("latency.p99", 0.99)}) {
      add(name, "s", sum.quantile(share), theory, DelayCurve::kStep);
    }
  }
  std::optional<std::string> why_no_latency() const {
    if (plan_.workloads.size() != 1) return "there is not exactly one workload";
    const auto* work = std::get_if<MessageWorkload>(&plan_.workloads.front().kind);
    if (work == nullptr || !std::holds_alternative<PoissonArrivals>(work->arrivals)) return "not of Poisson messages";
    const auto* size = std::get_if<FixedSize>(&work->sizes);
    auto one_packet = wire::fragment_bytes(plan_.client.traffic.primary_packet_size) / 2;
    if (size == nullptr || size->bytes > one_packet || work->reply_surbs != 0) return "not of one packet a message";
    if (!is_stop_and_go(plan_)) return "not of delays that senders draw";
    if (plan_.links.rate) return "links have rates";
    if (plan_.network.topology != Topology::stratified) return "not of layers";
    return std::nullopt;
  }
  /// Packets a second on one of the links of each step of the way.
  std::vector<double> link_rates() const {
    double clients = client_count(plan_);
    double gateways = plan_.network.gateways;
    double layer = mixnodes() / kLayersOfRoute;
    double way = on_each_way();
    return {rates_.all() / clients, way / (gateways * layer), way / (layer * layer),
            way / (layer * layer),  way / (layer * gateways), 2 * rates_.acked() / clients};
  }

  // Acknowledgements are smaller: they hide nothing. Who looks on does not know which packets wait longer, so that of n
  // inside each is as likely to leave: as if all waited for their mean.
  void predict_entropy() {
    bool is_one_way = plan_.network.mixnodes == kLayersOfRoute && plan_.network.topology != Topology::free_route;
    if (!is_stop_and_go(plan_) || !is_one_way) {
      return theory_.silent_about.push_back("entropy: not of one way through three stop-and-go mixnodes");
    }
    if (plan_.workloads.empty()) return theory_.silent_about.push_back("entropy: there are no messages");
    if (!is_fixed(plan_.links.latency) || !is_fixed(plan_.links.jitter)) {
      return theory_.silent_about.push_back("entropy: links take random times");
    }
    add("entropy.packets", "bits", entropy_of_mixes(3, rates_.all(), packets_held() / rates_.all()),
        "of an Erlang distribution",
        0.02);  // that of counts is not quite that of a density
  }
  static bool is_fixed(const TimeDistribution& distribution) {
    return std::all_of(distribution.terms.begin(), distribution.terms.end(),
                       [](const TimeTerm& term) { return std::holds_alternative<FixedTime>(term); });
  }

  const Plan& plan_;
  Rates rates_;
  double delay_;
  double ack_delay_;
  Theory theory_;
};

}  // namespace

Theory predict(const Plan& plan) {
  return Predictor(plan).predict();
}

double entropy_of_mixes(int mixes, double rate, double mean_delay) {
  // psi(n) is the sum of 1/k for k < n, less Euler's constant; the entropy of an Erlang distribution follows from it.
  double psi = -0.57721566490153286;
  double log_factorial = 0;
  for (int k = 1; k < mixes; ++k) {
    psi += 1.0 / k;
    log_factorial += std::log(k);
  }
  double nats = mixes + log_factorial + (1 - mixes) * psi + std::log(mean_delay * rate);
  return nats / std::log(2.0);
}

Duration steady_from(const Plan& plan) {
  return std::max(plan.measure.warm_up, Duration::seconds(3));
}

}  // namespace nym::sim
