#include "sim/report/result_json.h"

#include <algorithm>
#include <map>

#include "sim/measure/meters.h"
#include "sim/plan/load.h"
#include "sim/plan/nodes.h"

namespace nym::sim {
namespace {

using Json = nlohmann::json;
constexpr std::size_t kFewestShown = 60;
constexpr const char* kVersion = "1.1.29";

double seconds(Duration duration) {
  return static_cast<double>(duration.ns()) / 1e9;
}

const char* name_of(Topology topology) {
  switch (topology) {
    case Topology::stratified:
      return "stratified";
    case Topology::cascade:
      return "cascade";
    case Topology::free_route:
      return "free-route";
  }
  return "";
}

Json network_object(const Plan& plan) {
  Json groups = Json::array();
  for (const auto& group : plan.clients) {
    groups.push_back({{"name", group.name}, {"clients", group.count}, {"gateways", to_text(group.gateways)}});
  }
  std::vector<std::uint32_t> clients(plan.network.gateways);
  std::uint32_t first = 0;
  for (const auto& group : plan.clients) {
    auto gateways = resolve(plan, group.gateways, NodeKind::gateway);
    for (std::uint32_t i = first; gateways && i < first + group.count; ++i) {
      ++clients.at(gateways->at(i % gateways->size()));
    }
    first += group.count;
  }
  bool has_layers = plan.network.topology != Topology::free_route;
  Json layers = has_layers ? Json(layer_sizes(plan.network)) : Json::array({plan.network.mixnodes});
  return {{"topology", name_of(plan.network.topology)},
          {"layers", std::move(layers)},
          {"gateways", plan.network.gateways},
          {"clients", client_count(plan)},
          {"clients_of_gateways", clients},
          {"groups", std::move(groups)},
          {"mix", to_text(plan.mix.strategy)}};
}

/// Neighbouring points joined to their mean until there are at most `most`.
std::vector<Series::Point> thinned(const std::vector<Series::Point>& points, std::size_t most) {
  if (points.size() <= most) return points;
  std::vector<Series::Point> kept;
  auto group = (points.size() + most - 1) / most;
  for (std::size_t i = 0; i < points.size(); i += group) {
    auto end = std::min(points.size(), i + group);
    double sum = 0;
    for (std::size_t k = i; k < end; ++k) sum += points[k].value;
    kept.push_back({points[i].at, sum / static_cast<double>(end - i)});
  }
  return kept;
}

Json series_object(const Series& series, std::size_t most) {
  Json at = Json::array();
  Json value = Json::array();
  for (const auto& point : thinned(series.points, most)) {
    at.push_back(seconds(point.at));
    value.push_back(point.value);
  }
  return {{"metric", to_string(series.metric)},
          {"name", series.name},
          {"unit", series.unit},
          {"at", std::move(at)},
          {"value", std::move(value)}};
}

Json series_list(const std::vector<Series>& all, const std::optional<Detail>& detail) {
  Json list = Json::array();
  std::size_t most = SIZE_MAX;
  if (detail) most = std::max(kFewestShown, detail->points / std::max<std::size_t>(all.size(), 1));
  std::map<Metric, std::size_t> of_metric;
  for (const auto& series : all) {
    if (detail && ++of_metric[series.metric] > detail->series) continue;
    list.push_back(series_object(series, most));
  }
  return list;
}

Json timeline_list(const std::vector<Timeline>& timelines) {
  Json list = Json::array();
  for (const auto& line : timelines) {
    Json spans = Json::array();
    for (const auto& span : line.spans) spans.push_back({seconds(span.from), seconds(span.to), span.state});
    list.push_back({{"kind", to_string(line.kind)}, {"name", line.name}, {"spans", std::move(spans)}});
  }
  return list;
}

void add_measurements(Json& object, const Measurements& measurements, const std::optional<Detail>& detail) {
  Json figures = Json::array();
  for (const auto& figure : measurements.figures) {
    figures.push_back(
        {{"metric", to_string(figure.metric)}, {"name", figure.name}, {"unit", figure.unit}, {"value", figure.value}});
  }
  Json samples = Json::array();
  for (const auto& one : measurements.samples) {
    samples.push_back(
        {{"metric", to_string(one.metric)}, {"name", one.name}, {"unit", one.unit}, {"values", one.values}});
  }
  object["figures"] = std::move(figures);
  object["series"] = series_list(measurements.series, detail);
  object["series_measured"] = measurements.series.size();
  object["samples"] = std::move(samples);
  object["timelines"] = timeline_list(measurements.timelines);
}

}  // namespace

Json result_object(const Plan& plan, const RunResult& result, const RunFacts& facts,
                   const std::optional<Detail>& detail) {
  Json violations = Json::array();
  for (const auto& one : result.violations) {
    violations.push_back({{"kind", to_string(one.kind)}, {"at", seconds(one.at)}, {"text", one.text}});
  }
  Json metrics = Json::array();
  for (auto metric : measured_metrics(plan)) metrics.push_back(to_string(metric));
  Json object = {{"format", kResultFormat},
                 {"version", kVersion},
                 {"scenario", plan.name},
                 {"description", plan.description},
                 {"tags", plan.tags},
                 {"seed", std::to_string(facts.seed)},
                 {"fidelity", to_string(facts.fidelity)},
                 {"verdict", verdict_name(result)},
                 {"interrupted", result.interrupted},
                 {"violations", std::move(violations)},
                 {"events", result.events},
                 {"packets", result.packets},
                 {"delivered", result.delivered},
                 {"acknowledged", result.acknowledged},
                 {"failed", result.failed},
                 {"replays", result.replays},
                 {"simulated", seconds(result.simulated)},
                 {"wall", static_cast<double>(facts.wall_ms) / 1e3},
                 {"packets_per_s", facts.packets_per_s},
                 {"fingerprint", result.fingerprint},
                 {"repeat", facts.repeat},
                 {"warm_up", seconds(plan.measure.warm_up)},
                 {"window", seconds(plan.measure.window)},
                 {"metrics", std::move(metrics)},
                 {"network", network_object(plan)},
                 {"plan", print_plan(plan, Syntax::toml)}};
  add_measurements(object, result.measurements, detail);
  return object;
}

std::string text_of(const Json& object) {
  return object.dump(-1, ' ', true, Json::error_handler_t::replace);
}

std::string result_json(const Plan& plan, const RunResult& result, const RunFacts& facts) {
  return text_of(result_object(plan, result, facts, std::nullopt));
}

}  // namespace nym::sim
