// Resources: what people make, read, change and remove through the management API. A kind says which members
// it has; making, listing, reading, changing and removing are the same for all.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "control/records.h"
#include "protocols/honeycomb/answers.h"
#include "protocols/honeycomb/call.h"

namespace clew::honeycomb {

using Faults = std::vector<FieldFault>;

struct ResourceField {
  enum class Type : uint8_t { text, integer, number, flag, object, array };
  std::string_view name;
  Type type = Type::text;
  bool required = false;
  bool immutable = false;  // later values are passed over
  int64_t least = 0;       // of integers; texts: bytes
  int64_t most = INT64_MAX;
  std::string_view one_of = {};  // "a|b|c"
};

struct ResourceKind {
  std::string_view name;    // "markers": in paths and records
  std::string_view word;    // "marker": in sentences
  std::string_view parent;  // the segment of the path that they belong to: "dataset", "board"; empty: none
  std::span<const ResourceField> fields;
  std::string_view unique = {};  // a member of which no two have the same value
  std::string_view taken = "A resource by that name already exists.";
  int removed_status = 204;
  size_t most = 10'000;
  // Looks at the whole, old and new members together, after the fields were found right; may fill in what is
  // usual. `before` is nullptr for a new one.
  void (*check)(const Call& call, JsonValue& body, const JsonValue* before, Faults& faults) = nullptr;
  // Why it may not be removed.
  std::optional<Answer> (*keep)(const Call& call, const JsonValue& body) = nullptr;
  // What else ends with it.
  void (*removed)(const Call& call, const JsonValue& body) = nullptr;
  // Completes what is shown.
  void (*present)(const Call& call, JsonValue& body) = nullptr;
};

// Under what kind the records of a dataset (or another parent) are kept.
std::string record_kind(std::string_view name, std::string_view parent);

// Read and written as JSON; nothing when there is none.
Result<std::vector<JsonValue>> read_resources(control::Records& records, EnvironmentId environment,
                                              std::string_view kind);
Result<std::optional<JsonValue>> read_resource(control::Records& records, EnvironmentId environment,
                                               std::string_view kind, std::string_view id);
std::string text_in(const JsonValue& object, std::string_view name);

Answer list_of(const ResourceKind& kind, const Call& call);
Answer create_of(const ResourceKind& kind, const Call& call);
Answer read_of(const ResourceKind& kind, const Call& call);
Answer update_of(const ResourceKind& kind, const Call& call);
Answer remove_of(const ResourceKind& kind, const Call& call);

template <const ResourceKind& kind>
Answer list_resources(const Call& call) {
  return list_of(kind, call);
}
template <const ResourceKind& kind>
Answer create_resource(const Call& call) {
  return create_of(kind, call);
}
template <const ResourceKind& kind>
Answer get_resource(const Call& call) {
  return read_of(kind, call);
}
template <const ResourceKind& kind>
Answer update_resource(const Call& call) {
  return update_of(kind, call);
}
template <const ResourceKind& kind>
Answer remove_resource(const Call& call) {
  return remove_of(kind, call);
}

// 404 when the path names a dataset that there is none of.
std::optional<Answer> missing_parent(const ResourceKind& kind, const Call& call);

// resource_kinds.cpp
extern const ResourceKind kDerivedColumns;
extern const ResourceKind kMarkers;
extern const ResourceKind kMarkerSettings;
extern const ResourceKind kQueryAnnotations;
extern const ResourceKind kBoards;
extern const ResourceKind kBoardViews;
extern const ResourceKind kRecipients;
extern const ResourceKind kSlos;
// alert_kinds.cpp
extern const ResourceKind kTriggers;
extern const ResourceKind kBurnAlerts;

}  // namespace clew::honeycomb
