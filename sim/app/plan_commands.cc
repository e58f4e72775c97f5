#include <fmt/format.h>

#include <cstdlib>

#include "sim/app/commands.h"
#include "sim/app/scenario.h"
#include "sim/plan/describe.h"

namespace nym::sim {
namespace {

Node json_of(const std::vector<ListedScenario>& scenarios) {
  Node::Array list;
  for (const auto& one : scenarios) {
    Node::Array tags;
    for (const auto& tag : one.tags) tags.push_back(Node{tag});
    list.push_back(
        Node{Node::Table{{"name", Node{one.name}}, {"description", Node{one.description}}, {"tags", Node{tags}}}});
  }
  return {Node::Table{{"scenarios", Node{std::move(list)}}}};
}

}  // namespace

ScenarioFolder scenario_folder() {
  const char* path = std::getenv("NYM_SIM_SCENARIOS");
  return {path == nullptr ? "" : path};
}

int list_command(OutputForm form) {
  auto scenarios = list_scenarios(scenario_folder());
  if (!scenarios) return refuse(scenarios.error());
  if (form == OutputForm::json) {
    fmt::print("{}", print_document(json_of(*scenarios), Syntax::json));
    return 0;
  }
  for (const auto& one : *scenarios) fmt::print("{:<22} {}\n", one.name, one.description);
  return 0;
}

int check_command(const std::string& name, OutputForm form) {
  auto plan = find_scenario(name, scenario_folder());
  if (!plan) return refuse(plan.error());
  fmt::print("{}", print_plan(*plan, form == OutputForm::json ? Syntax::json : Syntax::toml));
  return 0;
}

int schema_command() {
  fmt::print("{}", plan_schema());
  return 0;
}

int reference_command() {
  fmt::print("{}", plan_reference());
  return 0;
}

}  // namespace nym::sim
