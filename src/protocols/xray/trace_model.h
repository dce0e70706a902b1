// TraceModel: a trace as X-Ray sees it: segments with their subsegments, who called whom, and the segments
// that are inferred from calls nobody answered. Made from segment documents.
#pragma once

#include <cmath>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_value.h"

namespace clew::xray {

// Times as documents have them are known to less than a microsecond: what is between two is rounded to one.
inline double seconds_between(double start, double end) {
  return std::round((end - start) * 1e6) / 1e6;
}

// A segment or a subsegment.
struct Entity {
  const JsonValue* json = nullptr;
  std::string_view id, name;
  // What it hangs below: subsegments below what holds them, segments below what called them; nothing when
  // that is not there.
  std::optional<uint32_t> parent;
  std::optional<uint32_t>
      segment;                     // it belongs to; itself, for segments; nothing for subsegments without one
  std::vector<uint32_t> children;  // subsegments first, then segments called
  bool is_segment = false;
  bool inferred = false;
  bool in_progress = false;
  bool fault = false, error = false, throttle = false;
  double start = 0, end = 0;  // seconds since 1970; the same while in progress

  bool ok() const { return !fault && !error && !throttle && !in_progress; }
  double duration() const { return seconds_between(start, end); }
};

// What stands for one service in a graph; several segments may be of one node.
struct NodeId {
  std::string name;                  // the resource, of inferred segments that call one
  std::string type;                  // empty: none
  std::string account_id;            // empty: unknown
  std::vector<std::string> aliases;  // names by which it is addressed, its own first
  bool operator==(const NodeId&) const = default;
};

// A call between nodes; calls from outside have no caller.
struct ModelCall {
  std::optional<uint32_t> caller;  // a segment
  uint32_t callee = 0;             // a segment
  uint32_t measured = 0;           // the entity that measured it
};

class TraceModel {
 public:
  // Segments with their subsegments nested in them; subsegments whose parent is unknown may stand alone.
  explicit TraceModel(std::vector<JsonValue> documents);
  TraceModel(TraceModel&&) = default;
  TraceModel& operator=(TraceModel&&) = default;

  std::span<const Entity> entities() const { return entities_; }
  const Entity& entity(uint32_t number) const { return entities_[number]; }
  const std::vector<uint32_t>& segments() const { return segments_; }  // by start; inferred ones last
  // The earliest segment without a parent, else the earliest with an unknown one; nothing without segments.
  std::optional<uint32_t> root() const { return root_; }
  const std::vector<ModelCall>& calls() const { return calls_; }
  NodeId node_of(uint32_t segment) const;
  // The segment itself and its subsegments.
  const std::vector<uint32_t>& members_of(uint32_t segment) const { return members_[segment]; }
  double start() const { return start_; }
  double end() const { return end_; }
  // Something is missing: a segment under way, or the answer to a call that was to be traced.
  bool is_partial() const { return partial_; }
  // The documents as BatchGetTraces gives them: those that came, then the inferred ones.
  std::vector<const JsonValue*> documents() const;

 private:
  void add(const JsonValue& json, std::optional<uint32_t> container);
  void link_segments();
  void set_segment(uint32_t number, uint32_t segment);  // of a subsegment and all below it
  void infer_segments();
  void find_root();
  void find_calls();

  std::deque<JsonValue> documents_;
  std::vector<Entity> entities_;
  std::vector<uint32_t> segments_;
  std::vector<uint32_t> tops_;                  // entities of documents_
  std::vector<std::vector<uint32_t>> members_;  // by entity; of those that are no segments empty
  std::vector<ModelCall> calls_;
  std::optional<uint32_t> root_;
  double start_ = 0, end_ = 0;
  bool partial_ = false;
};

// The value at a path of members; nullptr when there is none.
const JsonValue* at_path(const JsonValue& json, std::initializer_list<std::string_view> path);
// The text there; empty when there is none.
std::string_view text_at(const JsonValue& json, std::initializer_list<std::string_view> path);
bool is_true_at(const JsonValue& json, std::initializer_list<std::string_view> path);
// "AWS::DynamoDB::Table" …; empty for what is no service of AWS.
std::string origin_of_call(const JsonValue& subsegment);

}  // namespace clew::xray
