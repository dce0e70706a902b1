#include "protocols/xray/segment_document.h"

#include <cmath>
#include <set>

#include <fmt/format.h>

namespace clew::xray {
namespace {

constexpr size_t kLongestName = 200;

struct Trouble {
  std::string_view code;
  std::string cause;
};

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

std::string shown(const JsonValue& value) {
  std::string text = value.text();
  constexpr size_t kEnough = 60;
  if (text.size() > kEnough) text = text.substr(0, kEnough) + "…";
  return text;
}

// What segments and subsegments have in common.
std::optional<Trouble> check_node(const JsonValue& node) {
  const JsonValue* id = node.find("id");
  if (id == nullptr || id->is_null()) return Trouble{"MissingId", "no id"};
  if (id->string() == nullptr || !SpanId::from_hex(*id->string()) ||
      SpanId::from_hex(*id->string())->is_zero())
    return Trouble{"InvalidId",
                   fmt::format("id must be 16 hexadecimal digits, not all zero, got {}", shown(*id))};
  const JsonValue* name = node.find("name");
  if (name == nullptr || name->is_null()) return Trouble{"MissingName", "no name"};
  if (name->string() == nullptr || name->string()->empty() || name->string()->size() > 4 * kLongestName)
    return Trouble{"InvalidName", fmt::format("name must be a text of 1 to {} characters, got {}",
                                              kLongestName, shown(*name))};
  const JsonValue* start = node.find("start_time");
  if (start == nullptr || start->is_null()) return Trouble{"MissingStartTime", "no start_time"};
  if (!start->number())
    return Trouble{"InvalidStartTime",
                   fmt::format("start_time must be a number of seconds since 1970, got {}", shown(*start))};
  const JsonValue* end = node.find("end_time");
  const JsonValue* in_progress = node.find("in_progress");
  const bool is_open = in_progress != nullptr && in_progress->boolean() != nullptr && *in_progress->boolean();
  if ((end == nullptr || end->is_null()) && !is_open)
    return Trouble{"MissingEndTime", "neither end_time nor \"in_progress\":true"};
  if (end != nullptr && !end->is_null() && !end->number())
    return Trouble{"InvalidEndTime",
                   fmt::format("end_time must be a number of seconds since 1970, got {}", shown(*end))};
  return std::nullopt;
}

std::optional<Trouble> check_subsegments(const JsonValue& node, std::set<SpanId>& ids) {
  const JsonValue* subsegments = node.find("subsegments");
  if (subsegments == nullptr || subsegments->is_null()) return std::nullopt;
  if (subsegments->array() == nullptr) return Trouble{"InvalidSubsegment", "subsegments must be an array"};
  for (const JsonValue& one : *subsegments->array()) {
    if (one.object() == nullptr)
      return Trouble{"InvalidSubsegment", fmt::format("a subsegment must be an object, got {}", shown(one))};
    if (std::optional<Trouble> trouble = check_node(one)) {
      trouble->cause = "in a subsegment: " + trouble->cause;
      return trouble;
    }
    if (!ids.insert(*SpanId::from_hex(*one.find("id")->string())).second)
      return Trouble{"InvalidId", fmt::format("two subsegments with the id {}", *one.find("id")->string())};
    if (ids.size() > kMaxSubsegments)
      return Trouble{"InvalidSegment", fmt::format("more than {} subsegments", kMaxSubsegments)};
    if (std::optional<Trouble> trouble = check_subsegments(one, ids)) return trouble;
  }
  return std::nullopt;
}

std::optional<Trouble> check_document(const JsonValue& json, SegmentDocument& document) {
  if (std::optional<Trouble> trouble = check_node(json)) return trouble;
  document.id = *SpanId::from_hex(*json.find("id")->string());
  document.name = *json.find("name")->string();
  const JsonValue* trace_id = json.find("trace_id");
  if (trace_id == nullptr || trace_id->is_null()) return Trouble{"MissingTraceId", "no trace_id"};
  const std::optional<TraceId> id =
      trace_id->string() == nullptr ? std::nullopt : read_trace_id(*trace_id->string());
  if (!id || id->is_zero())
    return Trouble{"InvalidTraceId",
                   fmt::format("trace_id must be 1-<8 hexadecimal digits>-<24 hexadecimal digits>, got {}",
                               shown(*trace_id))};
  document.trace_id = *id;
  const JsonValue* type = json.find("type");
  document.is_subsegment = type != nullptr && type->string() != nullptr && *type->string() == "subsegment";
  const JsonValue* parent = json.find("parent_id");
  if (document.is_subsegment && (parent == nullptr || parent->is_null()))
    return Trouble{"MissingParentId", "a subsegment sent on its own needs a parent_id"};
  if (parent != nullptr && !parent->is_null() &&
      (parent->string() == nullptr || !SpanId::from_hex(*parent->string())))
    return Trouble{"InvalidParentId",
                   fmt::format("parent_id must be 16 hexadecimal digits, got {}", shown(*parent))};
  std::set<SpanId> ids{document.id};
  return check_subsegments(json, ids);
}

SegmentFault fault_of(const JsonValue& json, const Trouble& trouble) {
  SegmentFault fault{.id = {}, .code = std::string(trouble.code), .message = {}};
  const JsonValue* id = json.find("id");
  if (id != nullptr && id->string() != nullptr && id->string()->size() <= 64) fault.id = *id->string();
  const JsonValue* type = json.find("type");
  const bool is_subsegment = type != nullptr && type->string() != nullptr && *type->string() == "subsegment";
  fault.message = fmt::format("Invalid {}. ErrorCode: {}, Cause: {}",
                              is_subsegment ? "subsegment" : "segment", trouble.code, trouble.cause);
  return fault;
}

}  // namespace

std::optional<TraceId> read_trace_id(std::string_view text) {
  std::string hex;
  if (text.size() == 35 && text.starts_with("1-") && text[10] == '-') {
    hex = std::string(text.substr(2, 8)) + std::string(text.substr(11));
  } else if (text.size() == 32) {
    hex = text;
  }
  if (hex.size() != 32 || !is_hex(hex)) return std::nullopt;
  return parse_trace_id(hex);
}

std::string trace_id_text(const TraceId& id) {
  const std::string hex = id.to_hex();
  return "1-" + hex.substr(0, 8) + "-" + hex.substr(8);
}

UnixNanos time_from_seconds(double seconds) {
  // In extended precision: a double of today's nanoseconds is 256 ns coarse.
  const long double nanoseconds = static_cast<long double>(seconds) * 1e9L;
  if (!(nanoseconds > -9.2e18L)) return {INT64_MIN};
  if (nanoseconds > 9.2e18L) return {INT64_MAX};
  return {static_cast<int64_t>(std::llroundl(nanoseconds))};
}

double seconds_of(UnixNanos at) {
  return static_cast<double>(static_cast<long double>(at.count) / 1e9L);
}

std::variant<SegmentDocument, SegmentFault> read_segment_document(std::string_view text) {
  if (text.size() > kMaxDocumentBytes) {
    return fault_of(JsonValue(),
                    {"InvalidSegment", fmt::format("the document has {} bytes, at most {} are taken",
                                                   text.size(), kMaxDocumentBytes)});
  }
  Result<JsonValue> json = parse_json(text, kDeepestDocument);
  if (!json.ok()) return fault_of(JsonValue(), {"JSONFormatError", std::string(json.status().message())});
  if (json->object() == nullptr)
    return fault_of(JsonValue(),
                    {"JSONFormatError", fmt::format("expected an object, got {}", shown(*json))});
  SegmentDocument document;
  if (const std::optional<Trouble> trouble = check_document(*json, document))
    return fault_of(*json, *trouble);
  document.json = std::move(*json);
  return document;
}

}  // namespace clew::xray
