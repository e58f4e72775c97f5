#include "sim/plan/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>

#include "engine/base/overloaded.h"
#include "sim/plan/builtin.h"
#include "sim/plan/plan_tables.h"
#include "sim/plan/trace.h"
#include "sim/plan/validate.h"

namespace nym::sim {
namespace {

constexpr std::string_view kBuiltin = "builtin:";
constexpr std::size_t kLargestFile = std::size_t{256} << 20U;
constexpr std::size_t kMostExtensions = 16;

/// A path as it is written in the file `from`.
std::string beside(const std::string& from, const std::string& path) {
  if (path.starts_with(kBuiltin)) return path;
  if (from.starts_with(kBuiltin)) return std::string(kBuiltin) + path;
  return (std::filesystem::path(from).parent_path() / path).lexically_normal().string();
}

/// As it can stand in a printed plan wherever that is read.
std::string unmoved(const std::string& path) {
  std::error_code ignored;
  auto absolute = path.starts_with(kBuiltin) ? std::filesystem::path(path) : std::filesystem::absolute(path, ignored);
  return absolute.string();
}

Syntax syntax_of(const std::string& path) {
  return path.ends_with(".json") ? Syntax::json : Syntax::toml;
}

std::string name_of_file(const std::string& path) {
  auto plain = path.starts_with(kBuiltin) ? path.substr(kBuiltin.size()) : path;
  return std::filesystem::path(plain).stem().string();
}

/// Tables are joined, whatever else is there replaces what was.
void extend(Node::Table& base, Node::Table& over) {
  for (auto& entry : over) {
    auto found = std::find_if(base.begin(), base.end(), [&](const auto& one) { return one.key == entry.key; });
    if (found == base.end()) {
      base.push_back(std::move(entry));
      continue;
    }
    auto* both = std::get_if<Node::Table>(&found->value.content);
    auto* more = std::get_if<Node::Table>(&entry.value.content);
    if (both != nullptr && more != nullptr) {
      extend(*both, *more);
    } else {
      *found = std::move(entry);
    }
  }
}

/// One plan with what it refers to.
class Loader {
 public:
  explicit Loader(const FileReader& files) : files_(files) {}

  Read<Plan> load(std::string_view text, const std::string& path, Syntax syntax, const std::vector<Setting>& settings) {
    NYM_TRY(auto root, document(text, path, syntax));
    for (const auto& setting : settings) NYM_TRY_VOID(apply_setting(setting, root));
    Plan plan;
    plan.name = name_of_file(path);
    NYM_TRY_VOID(read(root, plan));
    NYM_TRY_VOID(load_matrices(root, plan));
    NYM_TRY_VOID(load_traces(root, plan));
    if (auto problem = first_problem(plan)) return at(root, problem->path, problem->text);
    return plan;
  }

 private:
  /// The document with what it extends below it.
  Read<Node> document(std::string_view text, const std::string& path, Syntax syntax) {
    open_.push_back(path);
    NYM_TRY(auto root, parse_document(text, path, syntax));
    auto& table = std::get<Node::Table>(root.content);
    if (table.empty()) return plan_error(root, "the file says nothing");
    const auto* extends = find_entry(table, "extends");
    if (extends == nullptr) return root;
    NYM_TRY(auto base, extended(path, extends->value));
    auto& whole = std::get<Node::Table>(base.content);
    std::erase_if(whole, [](const Entry& entry) { return entry.key == "name" || entry.key == "extends"; });
    extend(whole, table);
    base.at = root.at;
    return base;
  }

  Read<Node> extended(const std::string& path, const Node& reference) {
    const auto* name = reference.as<std::string>();
    if (name == nullptr) return named_error("extends", reference, "expected the name of a file");
    auto base = beside(path, *name);
    auto is_base = [&](const std::string& open) { return std::filesystem::path(open).lexically_normal() == base; };
    if (std::any_of(open_.begin(), open_.end(), is_base)) {
      std::string circle;
      for (const auto& one : open_) circle += one + " -> ";
      return named_error("extends", reference, fmt::format("plans extend each other in a circle: {}{}", circle, base));
    }
    if (open_.size() > kMostExtensions) return named_error("extends", reference, "too many plans extend each other");
    auto text = files_(base);
    if (!text) return named_error("extends", reference, text.error().text());
    return document(*text, base, syntax_of(base));
  }

  static std::unexpected<PlanError> named_error(std::string path, const Node& node, std::string text) {
    return std::unexpected(PlanError{node.at, std::move(path), std::move(text)});
  }

  static Read<void> read(const Node& root, Plan& plan) {
    if (auto twice = check_shorthands(root)) return std::unexpected(*std::move(twice));
    NYM_TRY_VOID(read_table(plan_table(), root, plan));
    bool has_groups = find_entry(std::get<Node::Table>(root.content), "clients") != nullptr;
    if (!has_groups) plan.clients.at(0).options = plan.client;
    return {};
  }

  /// Two ways to say one thing may not stand beside each other.
  static std::optional<PlanError> check_shorthands(const Node& root) {
    const auto& table = std::get<Node::Table>(root.content);
    const auto* section = find_entry(table, "network");
    const auto* network = section == nullptr ? nullptr : section->value.as<Node::Table>();
    if (network == nullptr) return std::nullopt;
    const auto* clients = find_entry(*network, "clients");
    if (clients != nullptr && find_entry(table, "clients") != nullptr) {
      return PlanError{clients->at, "network.clients", "there are [[clients]] too; only one of them can stand here"};
    }
    const auto* per_layer = find_entry(*network, "mixnodes_per_layer");
    if (per_layer != nullptr && find_entry(*network, "mixnodes") != nullptr) {
      return PlanError{per_layer->at, "network.mixnodes_per_layer", "mixnodes is there too; only one of them can be"};
    }
    return std::nullopt;
  }

  /// What stands at a path of the plan, or the nearest thing that holds it.
  static const Node& find(const Node& root, std::string_view path, std::string& found) {
    const Node* node = &root;
    while (!path.empty()) {
      auto part = path.substr(0, path.find('.'));
      const Node* next = nullptr;
      if (const auto* table = node->as<Node::Table>()) {
        const auto* entry = find_entry(*table, part);
        next = entry == nullptr ? nullptr : &entry->value;
      } else if (const auto* array = node->as<Node::Array>()) {
        std::size_t index = 0;
        std::from_chars(part.data(), part.data() + part.size(), index);
        next = index < array->size() ? &(*array)[index] : nullptr;
      }
      if (next == nullptr) break;
      bool is_number = part.find_first_not_of("0123456789") == std::string_view::npos;
      if (!is_number) found += (found.empty() ? "" : ".") + std::string(part);
      node = next;
      path.remove_prefix(std::min(path.size(), part.size() + 1));
    }
    return *node;
  }

  /// Faults that are tables are counted on from those that are lines.
  static std::string written_path(const Node& root, const std::string& path) {
    constexpr std::string_view kFaults = "faults.";
    if (!path.starts_with(kFaults)) return path;
    const auto* lines = find_entry(std::get<Node::Table>(root.content), "faults");
    const auto* array = lines == nullptr ? nullptr : lines->value.as<Node::Array>();
    auto count = array == nullptr ? 0 : array->size();
    std::size_t index = 0;
    std::from_chars(path.data() + kFaults.size(), path.data() + path.size(), index);
    return index < count ? path : fmt::format("fault.{}", index - count);
  }

  static std::unexpected<PlanError> at(const Node& root, const std::string& path, std::string text) {
    std::string found;
    const auto& node = find(root, written_path(root, path), found);
    return named_error(std::move(found), node, std::move(text));
  }

  Read<void> load_matrices(const Node& root, Plan& plan) {
    NYM_TRY_VOID(load_matrix(root, plan.links.latency, "links.latency"));
    NYM_TRY_VOID(load_matrix(root, plan.links.jitter, "links.jitter"));
    NYM_TRY_VOID(load_matrix(root, plan.links.clog_for, "links.clog_for"));
    for (std::size_t i = 0; i < plan.link_rules.size(); ++i) {
      NYM_TRY_VOID(load_change(root, plan.link_rules[i].change, fmt::format("link.{}.latency", i)));
    }
    for (std::size_t i = 0; i < plan.faults.size(); ++i) {
      auto* link = std::get_if<LinkFault>(&plan.faults[i].action);
      if (link != nullptr) NYM_TRY_VOID(load_change(root, link->change, fmt::format("faults.{}", i)));
    }
    for (std::size_t i = 0; i < plan.adversaries.size(); ++i) {
      auto* delay = std::get_if<DelayingNodes>(&plan.adversaries[i].kind);
      if (delay != nullptr) NYM_TRY_VOID(load_matrix(root, delay->by, fmt::format("adversary.{}.by", i)));
    }
    return {};
  }

  Read<void> load_change(const Node& root, LinkChange& change, const std::string& path) {
    if (change.latency) NYM_TRY_VOID(load_matrix(root, *change.latency, path));
    if (change.jitter) NYM_TRY_VOID(load_matrix(root, *change.jitter, path));
    return {};
  }

  Read<void> load_matrix(const Node& root, TimeDistribution& latency, const std::string& path) {
    for (auto& term : latency.terms) {
      auto* matrix = std::get_if<MatrixTime>(&term);
      if (matrix == nullptr) continue;
      auto file = beside(file_of(root, path), matrix->file);
      auto text = files_(file);
      if (!text) return at(root, path, text.error().text());
      auto parsed = parse_latency_matrix(*text);
      if (!parsed) return at(root, path, fmt::format("{}: {}", file, parsed.error().text()));
      matrix->matrix = std::make_shared<const LatencyMatrix>(*std::move(parsed));
      matrix->file = unmoved(file);
    }
    return {};
  }

  Read<void> load_traces(const Node& root, Plan& plan) {
    for (std::size_t i = 0; i < plan.workloads.size(); ++i) {
      auto* trace = std::get_if<TraceWorkload>(&plan.workloads[i].kind);
      if (trace == nullptr) continue;
      auto path = fmt::format("workload.{}.file", i);
      if (trace->file.empty()) return at(root, path, "which file?");
      auto file = beside(file_of(root, path), trace->file);
      auto text = files_(file);
      if (!text) return at(root, path, text.error().text());
      auto messages = parse_trace(*text);
      if (!messages) return at(root, path, fmt::format("{}: {}", file, messages.error().text()));
      trace->messages = *std::move(messages);
      trace->file = unmoved(file);
    }
    return {};
  }

  /// In which file a key stands: it may come from a plan that was extended.
  static std::string file_of(const Node& root, const std::string& path) {
    std::string found;
    const auto& node = find(root, written_path(root, path), found);
    return node.at.file ? *node.at.file : std::string();
  }

  const FileReader& files_;
  std::vector<std::string> open_;
};

}  // namespace

Result<std::string> read_plan_file(const std::string& path) {
  auto no_file = [&](std::string_view why) {
    return fail(SimError::no_such_file, fmt::format("can not read {}: {}", path, why));
  };
  if (path.starts_with(kBuiltin)) {
    auto text = builtin_file(path.substr(kBuiltin.size()));
    if (!text) return no_file("no such file comes with nym-sim");
    return std::string(*text);
  }
  std::error_code error;
  auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) return no_file("there is no such file");
  if (std::filesystem::is_directory(status)) return no_file("it is a directory");
  std::ifstream file(path, std::ios::binary);
  std::string text;
  std::string block(std::size_t{1} << 16U, '\0');
  while (file) {
    file.read(block.data(), static_cast<std::streamsize>(block.size()));
    text.append(block, 0, static_cast<std::size_t>(file.gcount()));
    if (text.size() > kLargestFile) return no_file("it is larger than 256 MiB");
  }
  if (!file.eof()) return no_file("it can not be opened");
  return text;
}

Result<Plan> load_plan(const std::string& path, const FileReader& files, const std::vector<Setting>& settings) {
  NYM_TRY(auto text, files(path));
  return parse_plan(text, path, syntax_of(path), files, settings);
}

Result<Plan> parse_plan(std::string_view text, const std::string& path, Syntax syntax, const FileReader& files,
                        const std::vector<Setting>& settings) {
  auto plan = Loader(files).load(text, path, syntax, settings);
  if (!plan) return std::unexpected(to_error(plan.error()));
  return *std::move(plan);
}

std::string print_plan(const Plan& plan, Syntax syntax) {
  return print_document(write_table(plan_table(), plan), syntax);
}

}  // namespace nym::sim
