#include <fmt/format.h>

#include <array>

#include "engine/base/check.h"
#include "sim/report/assets.h"
#include "sim/report/result_json.h"

namespace nym::sim {
namespace {

// Enough for the eye, and a page of a few megabytes at most.
constexpr Detail kPageDetail{.points = 200'000, .series = 200};

std::string_view asset(std::string_view name) {
  for (const auto& file : report_assets()) {
    if (file.name == name) return file.text;
  }
  NYM_CHECK(false);
  return {};
}

/// JSON whose text can not end the element that it stands in.
std::string for_script_element(const std::string& json) {
  std::string out;
  out.reserve(json.size());
  for (char letter : json) {
    if (letter == '<' || letter == '>' || letter == '&') {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(letter));
    } else {
      out += letter;
    }
  }
  return out;
}

}  // namespace

std::string report_page(const Plan& plan, const RunResult& result, const RunFacts& facts) {
  auto data = for_script_element(text_of(result_object(plan, result, facts, kPageDetail)));
  const std::array<std::pair<std::string_view, std::string_view>, 5> parts = {
      {{"@STYLE@", asset("report.css")},
       {"@LICENCE@", asset("chart-licence.txt")},
       {"@DATA@", data},
       {"@CHARTS@", asset("chart.min.js")},
       {"@SCRIPT@", asset("report.js")}}};  // in the order of the page
  std::string_view rest = asset("report.html");
  std::string page;
  for (const auto& [mark, content] : parts) {
    auto place = rest.find(mark);
    NYM_CHECK(place != std::string_view::npos);
    page += rest.substr(0, place);
    page += content;
    rest.remove_prefix(place + mark.size());
  }
  page += rest;
  return page;
}

}  // namespace nym::sim
