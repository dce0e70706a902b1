// Editors of maps and lists.
#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <re2/re2.h>

#include "pipeline/ottl/functions.h"

namespace clew::pipeline::ottl {
namespace {

Result<Value> nothing() {
  return Value();
}

Getter build_set(Arguments& arguments) {
  return [path = arguments.path(0), value = arguments.value(1)](Subject& subject) -> Result<Value> {
    CLEW_ASSIGN(const Value given, value(subject));
    CLEW_TRY(path->set(subject, given));
    return nothing();
  };
}

Getter removing(std::shared_ptr<const Path> path, std::function<bool(std::string_view)> goes) {
  return [path = std::move(path), goes = std::move(goes)](Subject& subject) -> Result<Value> {
    CLEW_TRY(path->remove_keys(subject, goes));
    return nothing();
  };
}

Getter build_delete_key(Arguments& arguments) {
  return [path = arguments.path(0), key = arguments.value(1)](Subject& subject) -> Result<Value> {
    CLEW_ASSIGN(const Value given, key(subject));
    const auto* name = given.as<std::string>();
    if (name == nullptr) return wrong_kind("delete_key", "a text", given);
    CLEW_TRY(path->remove_keys(subject, [&](std::string_view one) { return one == *name; }));
    return nothing();
  };
}

Getter build_delete_matching_keys(Arguments& arguments) {
  return removing(arguments.path(0), [pattern = arguments.pattern(1)](std::string_view key) {
    return RE2::PartialMatch(key, *pattern);
  });
}

Getter build_keep_matching_keys(Arguments& arguments) {
  return removing(arguments.path(0), [pattern = arguments.pattern(1)](std::string_view key) {
    return !RE2::PartialMatch(key, *pattern);
  });
}

Getter build_keep_keys(Arguments& arguments) {
  const std::vector<std::string> keys = arguments.texts(1);
  return removing(arguments.path(0), [kept = std::set<std::string, std::less<>>(keys.begin(), keys.end())](
                                         std::string_view key) { return !kept.contains(key); });
}

// Changes the map that a path leads to; nothing happens when there is none.
using EditMap = std::function<Status(Subject&, Value::Map&)>;
Getter editing(std::string name, std::shared_ptr<const Path> path, EditMap edit) {
  return [name = std::move(name), path = std::move(path),
          edit = std::move(edit)](Subject& subject) -> Result<Value> {
    CLEW_ASSIGN(Value value, path->get(subject));
    auto* map = value.as<Value::Map>();
    if (map == nullptr) {
      if (value.is_nil()) return nothing();
      return wrong_kind(name, "a map", value);
    }
    CLEW_TRY(edit(subject, *map));
    CLEW_TRY(path->set(subject, value));
    return nothing();
  };
}

Getter build_limit(Arguments& arguments) {
  const int64_t most = arguments.integer(1);
  if (most < 0) arguments.mistake(1, "expected at least 0");
  const auto first = arguments.has(2) ? arguments.texts(2) : std::vector<std::string>();
  if (first.size() > static_cast<uint64_t>(std::max<int64_t>(most, 0)))
    arguments.mistake(2, "there are more priority keys than the limit");
  return editing("limit", arguments.path(0), [most, first](Subject&, Value::Map& map) -> Status {
    const auto limit = static_cast<size_t>(most);
    if (map.size() <= limit) return {};
    const auto is_first = [&](const Value::Entry& entry) {
      return std::find(first.begin(), first.end(), entry.key) != first.end();
    };
    size_t others = limit - static_cast<size_t>(std::count_if(map.begin(), map.end(), is_first));
    std::erase_if(map, [&](const Value::Entry& entry) {
      if (is_first(entry)) return false;
      if (others == 0) return true;
      --others;
      return false;
    });
    return {};
  });
}

Getter build_truncate_all(Arguments& arguments) {
  const int64_t most = arguments.integer(1);
  if (most < 0) arguments.mistake(1, "expected at least 0");
  return editing("truncate_all", arguments.path(0), [most](Subject&, Value::Map& map) -> Status {
    for (Value::Entry& entry : map) {
      auto* text = entry.value.as<std::string>();
      if (text == nullptr || text->size() <= static_cast<size_t>(most)) continue;
      size_t size = static_cast<size_t>(most);
      // Not within a character of UTF-8.
      while (size > 0 && (static_cast<unsigned char>((*text)[size]) & 0xc0) == 0x80) --size;
      text->resize(size);
    }
    return {};
  });
}

Getter build_merge_maps(Arguments& arguments) {
  const std::string strategy = arguments.text(2);
  if (strategy != "insert" && strategy != "update" && strategy != "upsert")
    arguments.mistake(2, "expected \"insert\", \"update\" or \"upsert\"");
  return
      [path = arguments.path(0), source = arguments.value(1), strategy](Subject& subject) -> Result<Value> {
        CLEW_ASSIGN(const Value from, source(subject));
        if (from.is_nil()) return nothing();
        const auto* added = from.as<Value::Map>();
        if (added == nullptr) return wrong_kind("merge_maps", "a map as its source", from);
        CLEW_ASSIGN(Value value, path->get(subject));
        if (value.is_nil()) value = Value::Map{};
        auto* map = value.as<Value::Map>();
        if (map == nullptr) return wrong_kind("merge_maps", "a map", value);
        for (const Value::Entry& entry : *added) {
          const bool there = find(*map, entry.key) != nullptr;
          if (there ? strategy != "insert" : strategy != "update") at(*map, entry.key) = entry.value;
        }
        CLEW_TRY(path->set(subject, value));
        return nothing();
      };
}

void flatten(const Value& value, const std::string& key, int64_t depth, Value::Map& flat) {
  const auto inner = [&](const std::string& name) { return key.empty() ? name : key + "." + name; };
  if (const auto* map = value.as<Value::Map>(); map != nullptr && depth > 0) {
    for (const Value::Entry& entry : *map) flatten(entry.value, inner(entry.key), depth - 1, flat);
  } else if (const auto* list = value.as<Value::List>(); list != nullptr && depth > 0) {
    for (size_t i = 0; i < list->size(); ++i) flatten((*list)[i], inner(std::to_string(i)), depth - 1, flat);
  } else {
    at(flat, key) = value;
  }
}

Getter build_flatten(Arguments& arguments) {
  const std::string prefix = arguments.has(1) ? arguments.text(1) : "";
  const int64_t depth = arguments.has(2) ? arguments.integer(2) : INT64_MAX;
  if (depth < 0) arguments.mistake(2, "expected at least 0");
  return editing("flatten", arguments.path(0), [prefix, depth](Subject&, Value::Map& map) -> Status {
    Value::Map flat;
    for (const Value::Entry& entry : map)
      flatten(entry.value, prefix.empty() ? entry.key : prefix + "." + entry.key, depth, flat);
    map = std::move(flat);
    return {};
  });
}

Getter build_append(Arguments& arguments) {
  if (arguments.has(1) == arguments.has(2)) arguments.mistake(0, "append needs value or values");
  const Getter none = [](Subject&) -> Result<Value> { return Value(); };
  return [path = arguments.path(0), one = arguments.has(1) ? arguments.value(1) : none,
          many = arguments.has(2) ? arguments.value(2) : none](Subject& subject) -> Result<Value> {
    CLEW_ASSIGN(Value value, path->get(subject));
    if (value.as<Value::List>() == nullptr)
      value = value.is_nil() ? Value::List{} : Value::List{std::move(value)};
    auto& list = *value.as<Value::List>();
    CLEW_ASSIGN(Value added, one(subject));
    if (!added.is_nil()) list.push_back(std::move(added));
    CLEW_ASSIGN(const Value more, many(subject));
    if (const auto* items = more.as<Value::List>()) list.insert(list.end(), items->begin(), items->end());
    CLEW_TRY(path->set(subject, value));
    return nothing();
  };
}

constexpr FunctionRow kRows[] = {
    {"set", "target, value", build_set},
    {"delete_key", "target, key", build_delete_key},
    {"delete_matching_keys", "target, pattern", build_delete_matching_keys},
    {"keep_keys", "target, keys", build_keep_keys},
    {"keep_matching_keys", "target, pattern", build_keep_matching_keys},
    {"limit", "target, limit, priority_keys?", build_limit},
    {"truncate_all", "target, limit", build_truncate_all},
    {"merge_maps", "target, source, strategy", build_merge_maps},
    {"flatten", "target, prefix?, depth?", build_flatten},
    {"append", "target, value?, values?", build_append},
};

}  // namespace

std::span<const FunctionRow> map_editors() {
  return kRows;
}

}  // namespace clew::pipeline::ottl
