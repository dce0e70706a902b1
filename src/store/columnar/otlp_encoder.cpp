#include "store/columnar/otlp_encoder.h"

#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "store/columnar/granule_rows.h"
#include "store/columnar/item_encoder.h"
#include "store/columnar/request_builder.h"

namespace clew::store {
namespace {

// Trace id and span id.
using SpanKey = std::pair<std::string, std::string>;

struct Annotations {
  std::map<SpanKey, std::vector<uint32_t>> rows;  // by the span they belong to
  std::map<SpanKey, bool> spans;
};

Annotations annotations_of(const GranuleRows& rows) {
  Annotations found;
  for (uint32_t row = 0; row < rows.rows(); ++row) {
    const bool is_span = !rows.has(Intrinsic::annotation_type, row);
    const SpanKey key(rows.text(Intrinsic::trace_id, row),
                      rows.text(is_span ? Intrinsic::span_id : Intrinsic::parent_id, row));
    if (is_span)
      found.spans.emplace(key, true);
    else
      found.rows[key].push_back(row);
  }
  return found;
}

class Encoder {
 public:
  Encoder(const Snapshot& snapshot, const EncodeOptions& options,
          const std::function<Status(std::string)>& on_request)
      : snapshot_(snapshot), options_(options), on_request_(on_request) {}

  Result<EncodeSummary> run() {
    if (options_.signal == Signal::traces)
      CLEW_TRY(each_granule(Pass::strays, [this](const GranuleRows& rows) { return collect_strays(rows); }));
    for (const auto& [key, fields] : strays_) summary_.strays += fields.count;
    CLEW_TRY(each_granule(Pass::items, [this](const GranuleRows& rows) { return encode(rows); }));
    CLEW_TRY(flush(1));
    return std::move(summary_);
  }

 private:
  enum class Pass : uint8_t { strays, items };
  struct Stray {
    std::string fields;
    uint64_t count = 0;
  };

  // Events and links may be far from their span: on another day, or in the next granule.
  static bool has_annotations(const Segment& segment, uint32_t granule) {
    for (uint32_t column = 0; column < segment.columns().size(); ++column) {
      const ColumnInfo& info = segment.columns()[column];
      if (info.scope == Scope::intrinsic && info.name == names::kAnnotationType)
        return segment.zone_map(granule, column).has_value();
    }
    return false;
  }

  Status each_granule(Pass pass, const std::function<Status(const GranuleRows&)>& visit) {
    uint64_t done = 0, total = 0;
    for (const auto& segment : snapshot_.segments) {
      for (const GranuleInfo& granule : segment->granules()) total += granule.rows;
    }
    for (const auto& segment : snapshot_.segments) {
      const auto* stored = dynamic_cast<const StoredSegment*>(segment.get());
      if (stored == nullptr) return Status(ErrorKind::unsupported, "these rows are not of this store");
      for (uint32_t granule = 0; granule < segment->granules().size(); ++granule) {
        const GranuleInfo& info = segment->granules()[granule];
        const bool wanted = pass == Pass::strays ? has_annotations(*segment, granule)
                                                 : info.first < options_.to && options_.from <= info.last;
        if (wanted) CLEW_TRY(visit_granule(pass, *stored, granule, visit));
        done += info.rows;
        if (pass == Pass::items && options_.progress) options_.progress(done, total);
      }
    }
    return {};
  }

  Status visit_granule(Pass pass, const StoredSegment& segment, uint32_t granule,
                       const std::function<Status(const GranuleRows&)>& visit) {
    const auto rows = GranuleRows::read(segment, granule);
    if (rows.ok()) return visit(*rows);
    if (rows.status().kind() != ErrorKind::corrupt) return rows.status();
    if (pass == Pass::items) summary_.damages.emplace_back(rows.status().message());
    return {};
  }

  Status collect_strays(const GranuleRows& rows) {
    const Annotations found = annotations_of(rows);
    for (const auto& [key, of_span] : found.rows) {
      if (found.spans.contains(key)) continue;
      Stray& stray = strays_[key];
      for (const uint32_t row : of_span) stray.fields += encode_annotation(rows, row);
      stray.count += of_span.size();
    }
    return {};
  }

  bool in_range(const GranuleRows& rows, uint32_t row) const {
    const UnixNanos time{rows.integer(Intrinsic::time, row)};
    return options_.from <= time && time < options_.to;
  }

  Status encode(const GranuleRows& rows) {
    Annotations annotations = options_.signal == Signal::traces ? annotations_of(rows) : Annotations();
    for (uint32_t row = 0; row < rows.rows(); ++row) {
      switch (options_.signal) {
        case Signal::traces:
          if (!rows.has(Intrinsic::annotation_type, row)) add_span(rows, row, annotations);
          break;
        case Signal::logs:
          if (in_range(rows, row)) builder_.add(rows.envelope(row), encode_log_record(rows, row));
          break;
        case Signal::metrics:
          if (in_range(rows, row)) builder_.add(rows.envelope(row), encode_metric_point(rows, row));
          break;
      }
      CLEW_TRY(flush(options_.items_a_request));
    }
    return {};
  }

  void add_span(const GranuleRows& rows, uint32_t row, Annotations& annotations) {
    const SpanKey key(rows.text(Intrinsic::trace_id, row), rows.text(Intrinsic::span_id, row));
    std::string more;
    if (const auto stray = strays_.find(key); stray != strays_.end()) {
      more = std::move(stray->second.fields);
      summary_.strays -= stray->second.count;
      strays_.erase(stray);
    }
    if (!in_range(rows, row)) return;
    const auto here = annotations.rows.find(key);
    const bool has_some = here != annotations.rows.end();
    builder_.add(rows.envelope(row),
                 encode_span(rows, row, has_some ? here->second : std::span<const uint32_t>(), more));
    // A span that was sent twice has them once.
    if (has_some) annotations.rows.erase(here);
  }

  Status flush(uint64_t from_items) {
    if (builder_.items() < from_items) return {};
    summary_.items += builder_.items();
    return on_request_(builder_.take());
  }

  const Snapshot& snapshot_;
  const EncodeOptions& options_;
  const std::function<Status(std::string)>& on_request_;
  std::map<SpanKey, Stray> strays_;
  RequestBuilder builder_;
  EncodeSummary summary_;
};

}  // namespace

Result<EncodeSummary> encode_otlp(const Snapshot& snapshot, const EncodeOptions& options,
                                  const std::function<Status(std::string request)>& on_request) {
  return Encoder(snapshot, options, on_request).run();
}

}  // namespace clew::store
