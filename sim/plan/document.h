#pragma once

#include <expected>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "sim/grammar/error.h"

namespace nym::sim {

/// A place in a file, counted from one; columns in characters.
struct Position {
  std::shared_ptr<const std::string> file{};
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};
/// `file:line:column`
std::string to_text(const Position& position);

/// A value of a TOML or JSON document and where it stands.
struct Entry;
struct Node {
  struct Decimal {
    std::string text;  ///< shortest decimal form; never computed with
  };
  struct Other {};  ///< a date, a time or a null: nothing that a plan has
  using Array = std::vector<Node>;
  using Table = std::vector<Entry>;  ///< in the order of the file

  std::variant<std::string, std::int64_t, Decimal, bool, Array, Table, Other> content;
  Position at{};

  template <class T>
  const T* as() const {
    return std::get_if<T>(&content);
  }
};
struct Entry {
  std::string key;
  Node value;
  Position at{};
};
/// `a text`, `a table`, ...
std::string_view kind_of(const Node& node);

const Entry* find_entry(const Node::Table& table, std::string_view key);

/// What is wrong with a document, and at which key.
struct PlanError {
  Position at{};
  std::string path;  ///< `links.loss`; empty: the document
  std::string text;
};
template <class T>
using Read = std::expected<T, PlanError>;
std::unexpected<PlanError> plan_error(const Node& node, std::string text);
/// `file:line:column: links.loss: expected ...`
Error to_error(const PlanError& error);

enum class Syntax : std::uint8_t { toml, json };
/// The root is a table. Total over any bytes.
Read<Node> parse_document(std::string_view text, const std::string& file, Syntax syntax);
Read<Node> parse_toml(std::string_view text, const std::string& file);
Read<Node> parse_json(std::string_view text, const std::string& file);

std::string print_document(const Node& root, Syntax syntax);
/// One value as TOML, on one line.
std::string print_value(const Node& value);

}  // namespace nym::sim
