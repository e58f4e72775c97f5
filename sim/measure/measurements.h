#pragma once

#include <string>
#include <vector>

#include "sim/plan/plan.h"
#include "sim/record/observer.h"

/// What a run's measurements come to. Numbers here describe what happened and decide nothing: floating point is
/// allowed.
namespace nym::sim {

/// One number for the whole run.
struct Figure {
  Metric metric{};
  std::string name;  ///< e.g. `latency_p95`, `load.mix1`; unique in a run
  std::string unit;  ///< e.g. `s`, `bits`, `1/s`; empty: a ratio or a count
  double value = 0;
};
/// A number over time, one a window or one a sample; ascending.
struct Series {
  struct Point {
    Duration at;  ///< since the start; of a window: its beginning
    double value = 0;
  };
  Metric metric{};
  std::string name;
  std::string unit;
  std::vector<Point> points;
};
/// All values of one kind, ascending.
struct Samples {
  Metric metric{};
  std::string name;
  std::string unit;
  std::vector<double> values;
};
/// What state something was in, without gaps.
struct Timeline {
  struct Span {
    Duration from;
    Duration to;
    std::string state;
  };
  std::string name;  ///< of a client or node
  std::vector<Span> spans;
};

struct Measurements {
  std::vector<Figure> figures;
  std::vector<Series> series;
  std::vector<Samples> samples;
  std::vector<Timeline> timelines;

  const Figure* find_figure(std::string_view name) const;
};

/// Measures one thing while it looks on.
class Meter : public Observer {
 public:
  /// Once, when the run is over.
  virtual void add_to(Measurements& measurements) const = 0;
};

}  // namespace nym::sim
