#pragma once

#include <map>
#include <string>
#include <string_view>

namespace nym::testnet {

/// Figures of nodes, by node and by name, summed up over all other labels; buckets of histograms are left out.
using Figures = std::map<std::string, std::map<std::string, double>>;

/// Adds what a text in Prometheus' form says. Of samples without a label `node` it is `node`. Lines that are no samples
/// are skipped.
void add_figures(Figures& figures, std::string_view text, const std::string& node);

}  // namespace nym::testnet
