#include "query/trace_row.h"

#include <unordered_map>
#include <unordered_set>

#include "query/hashing.h"
#include "query/span_places.h"

namespace clew::query {
namespace {

using Kind = TraceRow::Kind;

struct HashSpan {
  size_t operator()(const SpanId& id) const {
    uint64_t bytes;
    __builtin_memcpy(&bytes, id.bytes.data(), sizeof(bytes));
    return hash_of(bytes);
  }
};

bool makes_calls(std::string_view span_kind) {
  return span_kind == "client" || span_kind == "producer";
}
bool takes_calls(std::string_view span_kind) {
  return span_kind == "server" || span_kind == "consumer";
}

// Client and server may have reported their halves of a call under one id, as Zipkin's do. Then the client's
// is the parent of the server's, and what is below the id belongs to the half of its own service: mostly the
// server's.
void find_parents(std::vector<TraceRow>& rows) {
  struct Halves {
    uint32_t client, server;
  };
  std::unordered_map<SpanId, Halves, HashSpan> shared;
  SpanPlaces spans(rows.size());
  for (uint32_t i = 0; i < rows.size(); ++i) {
    if (rows[i].kind != Kind::span) continue;
    const std::optional<uint32_t> other = spans.add(rows[i].id, i);
    if (!other) continue;
    const std::string_view kind = rows[i].span_kind, other_kind = rows[*other].span_kind;
    if (makes_calls(other_kind) && takes_calls(kind)) shared.try_emplace(rows[i].id, Halves{*other, i});
    if (makes_calls(kind) && takes_calls(other_kind)) shared.try_emplace(rows[i].id, Halves{i, *other});
  }
  for (uint32_t i = 0; i < rows.size(); ++i) {
    if (!rows[i].parent_id) continue;
    std::optional<uint32_t> parent = spans.find(*rows[i].parent_id);
    if (const auto halves = parent ? shared.find(*rows[i].parent_id) : shared.end(); halves != shared.end()) {
      const auto [client, server] = halves->second;
      const bool is_of_client =
          rows[i].service == rows[client].service && rows[i].service != rows[server].service;
      parent = is_of_client ? client : server;
    }
    if (parent && *parent != i) rows[i].parent = parent;
  }
  for (const auto& [id, halves] : shared) rows[halves.server].parent = halves.client;
}

// Each span is walked through once. Parents that form a ring are from broken instrumentation: it is cut where
// the walk meets itself.
void find_depths(std::vector<TraceRow>& rows) {
  enum class State : uint8_t { unknown, on_path, known };
  std::vector<State> states(rows.size());
  std::vector<uint32_t> path;
  for (uint32_t i = 0; i < rows.size(); ++i) {
    if (rows[i].kind != Kind::span) continue;
    for (std::optional<uint32_t> at = i; at && states[*at] != State::known; at = rows[*at].parent) {
      if (states[*at] == State::on_path) {
        rows[path.back()].parent.reset();
        break;
      }
      states[*at] = State::on_path;
      path.push_back(*at);
    }
    for (; !path.empty(); path.pop_back()) {
      TraceRow& row = rows[path.back()];
      row.depth = row.parent ? rows[*row.parent].depth + 1 : 0;
      states[path.back()] = State::known;
    }
  }
}

}  // namespace

void leave_out_superseded(std::vector<TraceRow>& rows) {
  std::unordered_set<SpanId, HashSpan> ended;
  for (const TraceRow& row : rows) {
    if (row.kind == Kind::span && !row.in_progress) ended.insert(row.id);
  }
  for (TraceRow& row : rows) {
    if (row.kind == Kind::span && row.in_progress && ended.contains(row.id)) row.kind = Kind::superseded;
  }
}

void relate_rows(std::vector<TraceRow>& rows) {
  find_parents(rows);
  find_depths(rows);
}

}  // namespace clew::query
