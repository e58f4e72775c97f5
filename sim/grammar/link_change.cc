#include "sim/grammar/link_change.h"

#include <fmt/format.h>

namespace nym::sim {
namespace {

using Place = std::variant<std::optional<TimeDistribution> LinkChange::*, std::optional<Probability> LinkChange::*>;
struct Word {
  std::string_view name;
  Place place;
};
const Word kWords[] = {{"latency", &LinkChange::latency}, {"jitter", &LinkChange::jitter},
                       {"loss", &LinkChange::loss},       {"duplicate", &LinkChange::duplicate},
                       {"reorder", &LinkChange::reorder}, {"corrupt", &LinkChange::corrupt}};

bool is_same(const std::optional<Probability>& a, const std::optional<Probability>& b) {
  return a.has_value() == b.has_value() && (!a || a->parts == b->parts);
}

const Word* take_name(TextReader& reader) {
  for (const auto& word : kWords) {
    if (reader.take(word.name)) return &word;
  }
  return nullptr;
}

/// A distribution goes on while a sum does: up to a blank that neither a plus nor a parenthesis explains.
std::string_view take_distribution(TextReader& reader) {
  auto all = reader.rest();
  std::size_t length = 0;
  auto extend = [&] { length = all.size() - reader.rest().size(); };
  do {
    reader.word("(+");
    std::string_view inside;
    if (reader.take("(") && !reader.inside_parenthesis(inside)) break;
    extend();
  } while (reader.take("+"));
  return all.substr(0, length);
}

Result<void> take_value(TextReader& reader, const Word& word, LinkChange& change) {
  if (const auto* share = std::get_if<std::optional<Probability> LinkChange::*>(&word.place)) {
    NYM_TRY(change.*(*share), parse_fraction(reader.word("")));
    return {};
  }
  auto text = take_distribution(reader);
  while (text.ends_with(' ')) text.remove_suffix(1);
  NYM_TRY(change.*std::get<std::optional<TimeDistribution> LinkChange::*>(word.place), parse_time_distribution(text));
  return {};
}

}  // namespace

bool operator==(const LinkChange& a, const LinkChange& b) {
  return a.latency == b.latency && a.jitter == b.jitter && is_same(a.loss, b.loss) &&
         is_same(a.duplicate, b.duplicate) && is_same(a.reorder, b.reorder) && is_same(a.corrupt, b.corrupt) &&
         a.rate == b.rate && a.clog == b.clog;
}

Result<LinkChange> parse_link_change(TextReader& reader) {
  LinkChange change;
  while (!reader.is_at_end()) {
    if (reader.take("clog")) {
      change.clog = LinkChange::Clog::clogged;
    } else if (reader.take("rate")) {
      NYM_TRY(change.rate, parse_byte_rate(reader.word("")));
    } else if (const Word* word = take_name(reader)) {
      NYM_TRY_VOID(take_value(reader, *word, change));
    } else {
      return fail(
          SimError::bad_text,
          fmt::format("'{}' changes no link; use latency, jitter, loss, duplicate, reorder, corrupt, rate, clog",
                      reader.rest()));
    }
  }
  if (change == LinkChange{}) return fail(SimError::bad_text, "nothing changes on these links");
  return change;
}

std::string to_text(const LinkChange& change) {
  std::string out;
  auto append = [&](std::string_view name, const std::string& value) { out += fmt::format(" {} {}", name, value); };
  for (const auto& word : kWords) {
    std::visit(
        [&](auto place) {
          if (change.*place) append(word.name, to_text(*(change.*place)));
        },
        word.place);
  }
  if (change.rate) append("rate", byte_rate_text(*change.rate));
  if (change.clog == LinkChange::Clog::clogged) out += " clog";
  return out.empty() ? out : out.substr(1);
}

}  // namespace nym::sim
