#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "engine/base/nearest_name.h"
#include "sim/plan/document.h"

namespace nym::sim {

// Everything that a plan file may say, as data: reader, printer, JSON Schema and reference are made from tables of
// keys.

struct TableInfo;

/// What a value may be, for people and for the schema.
struct ValueType {
  std::string name;      ///< `duration`
  std::string accepted;  ///< a range or the forms that there are; may be empty
  Node schema{};
  std::shared_ptr<const TableInfo> table{};  ///< of a table, or of the elements of a list of tables
};
struct KeyInfo {
  std::string name;
  ValueType type;
  std::string meaning;
  std::string standard;  ///< as TOML; empty: none
};
struct AlternativeInfo {
  std::string name;
  std::string meaning;
  std::vector<KeyInfo> keys;
};
struct TableInfo {
  std::vector<KeyInfo> keys;
  std::vector<AlternativeInfo> alternatives;  ///< chosen by the key `kind`
};

/// How one kind of value is read and printed.
template <class V>
struct Codec {
  ValueType type;
  std::function<Read<V>(const Node&)> read;
  std::function<Node(const V&)> write;
};

/// One key of a table that becomes a T.
template <class T>
struct Key {
  std::string name;
  ValueType type;
  std::string meaning;
  std::function<Read<void>(const Node&, T&)> read;
  /// Nothing: another key says the same, and is printed.
  std::function<std::optional<Node>(const T&)> write;
};

template <class T>
struct Alternative {
  std::string name;
  std::string meaning;
  std::vector<Key<T>> keys;
  std::function<void(T&)> select;
  std::function<bool(const T&)> is_selected;
};

template <class T>
struct Table {
  std::vector<Key<T>> keys;
  std::vector<Alternative<T>> alternatives{};  ///< by the key `kind`, if there are any
};

/// Where a value lives in what contains it, for reading and for printing.
#define NYM_AT(member) [](auto& whole) -> auto& { return whole.member; }
/// The same inside one alternative of a variant.
#define NYM_IN(Alternative, variant, member) \
  [](auto& whole) -> auto& { return std::get<Alternative>(whole.variant).member; }

template <class T, class V, class Place>
Key<T> make_key(std::string name, Place place, Codec<V> codec, std::string meaning) {
  Key<T> key{std::move(name), codec.type, std::move(meaning), {}, {}};
  key.read = [place, read = codec.read](const Node& node, T& whole) -> Read<void> {
    NYM_TRY(place(whole), read(node));
    return {};
  };
  key.write = [place, write = codec.write](const T& whole) { return std::optional(write(place(whole))); };
  return key;
}

/// A key that is read only: another way to say something.
template <class T, class V, class Apply>
Key<T> shorthand(std::string name, Codec<V> codec, Apply apply, std::string meaning) {
  Key<T> key{std::move(name), codec.type, std::move(meaning), {}, {}};
  key.read = [apply, read = codec.read](const Node& node, T& whole) -> Read<void> {
    NYM_TRY(auto value, read(node));
    apply(whole, value);
    return {};
  };
  key.write = [](const T&) { return std::optional<Node>(); };
  return key;
}

namespace keys {

/// The names that may stand in a table, for its errors.
template <class T>
std::vector<std::string_view> names_of(const Table<T>& table, const Alternative<T>* chosen) {
  std::vector<std::string_view> names;
  for (const auto& key : table.keys) names.emplace_back(key.name);
  if (!table.alternatives.empty()) names.emplace_back("kind");
  if (chosen != nullptr) {
    for (const auto& key : chosen->keys) names.emplace_back(key.name);
  }
  return names;
}

Read<void> check_names(const Node::Table& entries, const std::vector<std::string_view>& known, std::string_view where);
Read<std::string> read_kind(const Node& node, const std::vector<std::string_view>& kinds);

template <class T>
Read<void> read_keys(const std::vector<Key<T>>& keys, const Node::Table& entries, T& into) {
  for (const auto& key : keys) {
    const auto* entry = find_entry(entries, key.name);
    if (entry == nullptr) continue;
    auto done = key.read(entry->value, into);
    if (done) continue;
    auto error = std::move(done).error();
    error.path = error.path.empty() ? key.name : key.name + "." + error.path;
    return std::unexpected(std::move(error));
  }
  return {};
}

template <class T>
const Alternative<T>* find_alternative(const Table<T>& table, std::string_view name) {
  auto found = std::find_if(table.alternatives.begin(), table.alternatives.end(),
                            [&](const auto& alternative) { return alternative.name == name; });
  return found == table.alternatives.end() ? nullptr : &*found;
}

}  // namespace keys

/// Over what is there already.
template <class T>
Read<void> read_table(const Table<T>& table, const Node& node, T& into) {
  const auto* entries = node.as<Node::Table>();
  if (entries == nullptr) return plan_error(node, fmt::format("expected a table, found {}", kind_of(node)));
  const Alternative<T>* chosen = nullptr;
  if (!table.alternatives.empty()) {
    std::vector<std::string_view> kinds;
    for (const auto& alternative : table.alternatives) kinds.emplace_back(alternative.name);
    NYM_TRY(auto kind, keys::read_kind(node, kinds));
    chosen = keys::find_alternative(table, kind);
    chosen->select(into);
  }
  NYM_TRY_VOID(keys::check_names(*entries, keys::names_of(table, chosen), chosen == nullptr ? "" : chosen->name));
  NYM_TRY_VOID(keys::read_keys(table.keys, *entries, into));
  if (chosen != nullptr) NYM_TRY_VOID(keys::read_keys(chosen->keys, *entries, into));
  return {};
}

template <class T>
Node write_table(const Table<T>& table, const T& from) {
  Node::Table entries;
  auto write = [&](const std::vector<Key<T>>& keys) {
    for (const auto& key : keys) {
      if (auto value = key.write(from)) entries.push_back({key.name, *std::move(value)});
    }
  };
  for (const auto& alternative : table.alternatives) {
    if (alternative.is_selected(from)) entries.push_back({"kind", Node{alternative.name}});
  }
  write(table.keys);
  for (const auto& alternative : table.alternatives) {
    if (alternative.is_selected(from)) write(alternative.keys);
  }
  return {std::move(entries)};
}

/// Defaults are those of `sample`.
template <class T>
TableInfo describe(const Table<T>& table, const T& sample) {
  auto infos = [](const std::vector<Key<T>>& keys, const T& of) {
    std::vector<KeyInfo> out;
    for (const auto& key : keys) {
      auto standard = key.type.table ? std::optional<Node>() : key.write(of);
      out.push_back({key.name, key.type, key.meaning, standard ? print_value(*standard) : std::string()});
    }
    return out;
  };
  TableInfo info{infos(table.keys, sample), {}};
  for (const auto& alternative : table.alternatives) {
    T chosen = sample;
    alternative.select(chosen);
    info.alternatives.push_back({alternative.name, alternative.meaning, infos(alternative.keys, chosen)});
  }
  return info;
}

template <class T>
Codec<T> table_codec(Table<T> table, const T& sample = {}) {
  auto shared = std::make_shared<const Table<T>>(std::move(table));
  ValueType type{"table", "", {}, std::make_shared<const TableInfo>(describe(*shared, sample))};
  return {std::move(type),
          [shared, sample](const Node& node) -> Read<T> {
            T value = sample;
            NYM_TRY_VOID(read_table(*shared, node, value));
            return value;
          },
          [shared](const T& value) { return write_table(*shared, value); }};
}

}  // namespace nym::sim
