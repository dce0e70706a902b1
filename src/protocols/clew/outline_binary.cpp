#include "protocols/clew/outline_binary.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <unordered_map>

#include "base/json_writer.h"
#include "protocols/clew/span_kinds.h"
#include "protocols/clew/values.h"

namespace clew::api {
namespace {

static_assert(std::endian::native == std::endian::little, "columns are written as they lie in memory");

constexpr std::string_view kMagic = "CLWO";
constexpr uint32_t kVersion = 1;
constexpr size_t kAlignment = 8;

enum Flag : uint8_t { kFailed = 1, kOrphan = 4 };

// Numbers each distinct text in the order of first appearance.
class TextNumbers {
 public:
  uint32_t of(std::string_view text) {
    // Neighbours often share the bytes themselves.
    if (!texts_.empty() && text.data() == last_.data() && text.size() == last_.size()) return last_number_;
    const auto [place, is_new] = numbers_.try_emplace(text, static_cast<uint32_t>(texts_.size()));
    if (is_new) texts_.push_back(text);
    last_ = text;
    last_number_ = place->second;
    return last_number_;
  }
  const std::vector<std::string_view>& texts() const { return texts_; }

 private:
  std::unordered_map<std::string_view, uint32_t> numbers_;
  std::vector<std::string_view> texts_;
  std::string_view last_;
  uint32_t last_number_ = 0;
};

void write_texts(JsonWriter& json, const std::vector<std::string_view>& texts) {
  json.begin_array();
  for (const std::string_view text : texts) json.string(text);
  json.end_array();
}

// Collects the columns; where each lies is told in the header, which comes first.
class Columns {
 public:
  template <typename T, typename ValueOf>
  void add(std::string_view name, std::string_view type, size_t rows, ValueOf value_of) {
    const size_t offset = bytes_.size();
    bytes_.resize(offset + (rows * sizeof(T) + kAlignment - 1) / kAlignment * kAlignment);
    for (size_t row = 0; row < rows; ++row) {
      const T value = static_cast<T>(value_of(row));
      std::memcpy(bytes_.data() + offset + row * sizeof(T), &value, sizeof(T));
    }
    places_.push_back({name, type, offset, rows});
  }
  void describe(JsonWriter& json) const {
    json.begin_array();
    for (const Place& place : places_) {
      json.begin_object().key("name").string(place.name).key("type").string(place.type);
      json.key("offset").integer(place.offset).key("rows").integer(place.rows).end_object();
    }
    json.end_array();
  }
  void reserve(size_t bytes) { bytes_.reserve(bytes); }
  const std::string& bytes() const { return bytes_; }

 private:
  struct Place {
    std::string_view name, type;
    size_t offset, rows;
  };
  std::string bytes_;
  std::vector<Place> places_;
};

std::vector<uint16_t> counts_per_span(const query::TraceRows& rows, size_t spans) {
  std::vector<uint16_t> counts(spans);
  for (const std::optional<uint32_t>& span : rows.spans) {
    if (span && counts[*span] < std::numeric_limits<uint16_t>::max()) ++counts[*span];
  }
  return counts;
}

// A span id as the number that its sixteen digits write.
uint64_t number_of(const SpanId& id) {
  uint64_t number = 0;
  for (const uint8_t byte : id.bytes) number = number << 8 | byte;
  return number;
}

void add_spans(Columns& columns, const query::Trace& trace, TextNumbers& services, TextNumbers& names) {
  const query::TraceSpans& spans = trace.spans;
  const size_t rows = spans.size();
  columns.add<uint64_t>("span_id", "u64", rows, [&](size_t row) { return number_of(spans.ids[row]); });
  columns.add<double>("start_offset_ns", "f64", rows,
                      [&](size_t row) { return (spans.starts[row] - trace.start).count; });
  columns.add<double>("duration_ns", "f64", rows,
                      [&](size_t row) { return std::max<int64_t>(spans.durations[row].count, 0); });
  columns.add<int32_t>("parent", "i32", rows, [&](size_t row) {
    return spans.parents[row] ? static_cast<int32_t>(*spans.parents[row]) : -1;
  });
  columns.add<uint32_t>("name", "u32", rows, [&](size_t row) { return names.of(spans.names[row]); });
  columns.add<uint32_t>("service", "u32", rows, [&](size_t row) { return services.of(spans.services[row]); });
  for (const auto& [name, of] :
       {std::pair("event_count", &trace.events), {"link_count", &trace.links}, {"log_count", &trace.logs}}) {
    const std::vector<uint16_t> counts = counts_per_span(*of, rows);
    columns.add<uint16_t>(name, "u16", rows, [&](size_t row) { return counts[row]; });
  }
  columns.add<uint8_t>("kind", "u8", rows, [&](size_t row) { return number_of_kind(spans.kinds[row]); });
  columns.add<uint8_t>("flags", "u8", rows, [&](size_t row) {
    return (spans.errors[row] != 0 ? kFailed : 0) |
           (spans.parent_ids[row] && !spans.parents[row] ? kOrphan : 0);
  });
}

// Rows of spans that are here, those of one span together and each span's in the order of time.
std::vector<uint32_t> rows_by_span(const query::TraceRows& rows) {
  std::vector<uint32_t> order;
  for (uint32_t row = 0; row < rows.size(); ++row) {
    if (rows.spans[row]) order.push_back(row);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](uint32_t a, uint32_t b) { return *rows.spans[a] < *rows.spans[b]; });
  return order;
}

void add_marks(Columns& columns, const query::Trace& trace) {
  const std::vector<uint32_t> events = rows_by_span(trace.events);
  const std::vector<uint32_t> logs = rows_by_span(trace.logs);
  const auto offset = [&](UnixNanos time) { return (time - trace.start).count; };
  columns.add<double>("events.offset_ns", "f64", events.size(),
                      [&](size_t at) { return offset(trace.events.times[events[at]]); });
  columns.add<uint32_t>("events.span", "u32", events.size(),
                        [&](size_t at) { return *trace.events.spans[events[at]]; });
  columns.add<uint8_t>("events.exception", "u8", events.size(),
                       [&](size_t at) { return trace.events.names[events[at]] == "exception" ? 1 : 0; });
  columns.add<double>("logs.offset_ns", "f64", logs.size(),
                      [&](size_t at) { return offset(trace.logs.times[logs[at]]); });
  columns.add<uint32_t>("logs.span", "u32", logs.size(),
                        [&](size_t at) { return *trace.logs.spans[logs[at]]; });
}

void append_number(std::string& to, uint32_t number) {
  char bytes[sizeof(number)];
  std::memcpy(bytes, &number, sizeof(number));
  to.append(bytes, sizeof(number));
}

}  // namespace

std::string outline_binary_of(const query::Trace& trace) {
  TextNumbers services, names;
  Columns columns;
  columns.reserve(trace.spans.size() * 48 + trace.events.size() * 16 + trace.logs.size() * 16);
  add_spans(columns, trace, services, names);
  add_marks(columns, trace);

  JsonWriter json;
  json.begin_object().key("trace_id").string(trace.id.to_hex()).time_members("start", trace.start);
  json.key("duration_ns").integer(std::max<int64_t>((trace.end - trace.start).count, 0));
  json.key("spans").integer(trace.spans.size());
  json.key("errors").integer(std::count(trace.spans.errors.begin(), trace.spans.errors.end(), 1));
  json.key("logs").integer(trace.logs.size());
  write_partial(json, trace.cost);
  write_texts(json.key("services"), services.texts());
  write_texts(json.key("names"), names.texts());
  columns.describe(json.key("columns"));
  json.end_object();
  std::string header = json.take();
  // Blanks are JSON too: the columns begin on a boundary that every type of theirs may lie on.
  const size_t before = kMagic.size() + 2 * sizeof(uint32_t);
  header.resize((before + header.size() + kAlignment - 1) / kAlignment * kAlignment - before, ' ');

  std::string out;
  out.reserve(before + header.size() + columns.bytes().size());
  out.append(kMagic);
  append_number(out, kVersion);
  append_number(out, static_cast<uint32_t>(header.size()));
  out.append(header).append(columns.bytes());
  return out;
}

}  // namespace clew::api
