#include <fmt/format.h>

#include <iterator>

#include "sim/report/report.h"

namespace nym::sim {
namespace {

/// RFC 4180: in quotes where it must be.
std::string field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (char letter : text) {
    if (letter == '"') quoted += '"';
    quoted += letter;
  }
  return quoted + '"';
}

std::string time_text(Duration at) {
  return fmt::format("{}", static_cast<double>(at.ns()) / 1e9);
}

class Lines {
 public:
  void add(std::string_view time, Metric metric, std::string_view series, std::string_view unit,
           std::string_view value) {
    fmt::format_to(std::back_inserter(text_), "{},{},{},{},{}\n", time, to_string(metric), field(series), field(unit),
                   field(value));
  }
  void add(std::string_view time, Metric metric, std::string_view series, std::string_view unit, double value) {
    add(time, metric, series, unit, fmt::format("{}", value));
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_ = "time,metric,series,unit,value\n";
};

}  // namespace

std::string report_csv(const Measurements& measurements) {
  Lines lines;
  for (const auto& figure : measurements.figures) lines.add("", figure.metric, figure.name, figure.unit, figure.value);
  for (const auto& samples : measurements.samples) {
    for (double value : samples.values) lines.add("", samples.metric, samples.name + ".sample", samples.unit, value);
  }
  for (const auto& series : measurements.series) {
    for (const auto& point : series.points) {
      lines.add(time_text(point.at), series.metric, series.name, series.unit, point.value);
    }
  }
  for (const auto& line : measurements.timelines) {
    for (const auto& span : line.spans) {
      lines.add(time_text(span.from), Metric::client_states, line.name, "state", span.state);
    }
  }
  return lines.take();
}

}  // namespace nym::sim
