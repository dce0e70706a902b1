#include "protocols/xray/otlp_to_segment.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "protocols/xray/member_homes.h"
#include "protocols/xray/span_document.h"

namespace clew::xray {
namespace {

// Deeper ones stand on their own: no reader of JSON likes documents without end.
constexpr size_t kDeepest = 90;

class Compilation {
 public:
  explicit Compilation(const query::Trace& trace) : trace_(trace) {}

  std::vector<CompiledSegment> compile() {
    choose_rows();
    find_exceptions();
    find_children();
    std::vector<CompiledSegment> segments;
    for (const auto& [id, chosen] : chosen_) {
      if (is_top(chosen)) segments.push_back({id, chosen.row, {}});
    }
    const auto by_start = [this](const CompiledSegment& a, const CompiledSegment& b) {
      return a.row < b.row;
    };
    std::sort(segments.begin(), segments.end(), by_start);
    // What is nested too deeply is added at the end while the others are compiled.
    for (size_t i = 0; i < segments.size(); ++i) {
      segments[i].document = document_with_subsegments(segments[i].id, 0);
      for (const SpanId& id : too_deep_) segments.push_back({id, chosen_.at(id).row, {}});
      too_deep_.clear();
    }
    // A ring of parents has no top: it is cut at the first of its members.
    for (const auto& [id, chosen] : chosen_) {
      if (!done_.contains(id)) segments.push_back({id, chosen.row, document_with_subsegments(id, 0)});
    }
    std::stable_sort(segments.begin(), segments.end(), by_start);
    return segments;
  }

 private:
  struct Chosen {
    size_t row = 0;
    bool in_progress = false;
    bool is_segment = false;
    std::optional<int64_t> position;  // among its siblings
  };

  void choose_rows() {
    for (size_t row = 0; row < trace_.spans.size(); ++row) {
      const SpanView span = view_of_span(trace_, row);
      const std::string_view form = form_of(span);
      Chosen next{.row = row,
                  .in_progress = is_in_progress(span),
                  .is_segment = form.empty() ? is_segment_of_otlp(span) : form == "segment",
                  .position = {}};
      if (const query::Attribute* position = span.find(attribute::kPosition)) {
        if (const auto* number = std::get_if<int64_t>(&position->value)) next.position = *number;
      }
      const auto [place, fresh] = chosen_.try_emplace(trace_.spans.ids[row], next);
      if (fresh) continue;
      if (place->second.in_progress || !next.in_progress) place->second = next;
    }
  }

  void find_exceptions() {
    const query::TraceRows& events = trace_.events;
    for (uint32_t row = 0; row < events.size(); ++row) {
      if (events.names[row] == "exception" && events.span_ids[row])
        exceptions_[*events.span_ids[row]].push_back(row);
    }
  }

  std::optional<SpanId> parent_of(const Chosen& chosen) const {
    const std::optional<SpanId> parent = trace_.spans.parent_ids[chosen.row];
    return parent && chosen_.contains(*parent) ? parent : std::nullopt;
  }

  bool is_top(const Chosen& chosen) const { return chosen.is_segment || !parent_of(chosen); }

  void find_children() {
    for (const auto& [id, chosen] : chosen_) {
      if (!is_top(chosen)) children_[*parent_of(chosen)].push_back(id);
    }
    for (auto& [parent, children] : children_) {
      // Those of the document itself first, in its order; then those that came on their own.
      std::sort(children.begin(), children.end(), [this](const SpanId& a, const SpanId& b) {
        const auto key = [this](const SpanId& id) {
          const Chosen& chosen = chosen_.at(id);
          return std::tuple(!chosen.position.has_value(), chosen.position.value_or(0), chosen.row);
        };
        return key(a) < key(b);
      });
    }
  }

  JsonValue document_with_subsegments(const SpanId& id, size_t depth) {
    done_.insert(id);
    SpanView span = view_of_span(trace_, chosen_.at(id).row);
    if (const auto found = exceptions_.find(id); found != exceptions_.end()) span.exceptions = found->second;
    JsonValue document = form_of(span).empty() ? document_of_otlp(span) : document_as_sent(span);
    const auto children = children_.find(id);
    if (children == children_.end()) return document;
    for (const SpanId& child : children->second) {
      if (done_.contains(child)) continue;
      if (depth + 1 == kDeepest) {
        done_.insert(child);
        too_deep_.push_back(child);
        continue;
      }
      JsonValue& subsegments = document["subsegments"];
      if (subsegments.array() == nullptr) subsegments = JsonValue(JsonValue::Array());
      subsegments.array()->push_back(document_with_subsegments(child, depth + 1));
    }
    return document;
  }

  const query::Trace& trace_;
  std::map<SpanId, Chosen> chosen_;
  std::map<SpanId, std::vector<uint32_t>> exceptions_;
  std::map<SpanId, std::vector<SpanId>> children_;
  std::set<SpanId> done_;
  std::vector<SpanId> too_deep_;
};

}  // namespace

std::vector<CompiledSegment> segments_of(const query::Trace& trace) {
  return Compilation(trace).compile();
}

}  // namespace clew::xray
