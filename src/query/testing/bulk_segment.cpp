#include "query/testing/bulk_segment.h"

#include <cmath>
#include <map>
#include <random>

#include "telemetry/semantic_names.h"

namespace clew::query::testing {
namespace {

using store::ColumnData;
using store::ColumnInfo;
using store::ColumnType;
using store::Scope;

constexpr uint32_t kSegmentGranules = 8;
constexpr uint32_t kRows = 62'500;
constexpr int64_t kStart = 1'700'000'000'000'000'000;

std::string id_bytes(uint64_t id) {
  return std::string(reinterpret_cast<const char*>(&id), sizeof(id));
}

class BulkSegment : public store::Segment {
 public:
  explicit BulkSegment(uint64_t number, bool wide = false) : id_(number), random_(number) {
    int64_t width = 900'000'000'000;
    start_ = kStart + static_cast<int64_t>(number) * width;
    add_integers({Scope::intrinsic, ColumnType::time, std::string(names::kTime)}, [&](uint64_t row) {
      return start_ + static_cast<int64_t>(row) * (width / (kSegmentGranules * kRows));
    });
    std::lognormal_distribution<double> durations(15, 1.5);
    add_integers({Scope::intrinsic, ColumnType::duration, std::string(names::kDuration)},
                 [&](uint64_t) { return static_cast<int64_t>(durations(random_)); });
    add_integers({Scope::attribute, ColumnType::int64, "http.response.status_code"},
                 [&](uint64_t) { return random_() % 100 < 3 ? 500 : 200; });
    add_dictionary({Scope::resource, ColumnType::string, "service.name"}, "service-", 20);
    add_dictionary({Scope::attribute, ColumnType::string, "http.route"}, "/api/route/", 50);
    add_dictionary({Scope::attribute, ColumnType::string, "app.tenant"}, "tenant-", 500);
    add_dictionary({Scope::attribute, ColumnType::string, "user.id"}, "u-", 200'000);
    add_plain({Scope::attribute, ColumnType::string, "user.plain"},
              [&](uint64_t) { return "u-" + std::to_string(random_() % 200'000); });
    add_plain({Scope::attribute, ColumnType::string, "db.statement"}, [&](uint64_t) {
      return "SELECT a, b FROM table" + std::to_string(random_() % 40) +
             " WHERE id = " + std::to_string(random_() % 1'000'000);
    });
    add_plain({Scope::intrinsic, ColumnType::trace_id, std::string(names::kTraceId)}, [&](uint64_t row) {
      uint64_t words[2] = {number, row / 20 * 0x9e3779b97f4a7c15};
      return std::string(reinterpret_cast<const char*>(words), sizeof(words));
    });
    // Traces of twenty spans: a request, calls and their answers alternating.
    add_plain({Scope::intrinsic, ColumnType::span_id, std::string(names::kSpanId)},
              [](uint64_t row) { return id_bytes(row + 1); });
    add_plain({Scope::intrinsic, ColumnType::span_id, std::string(names::kParentId)}, [](uint64_t row) {
      uint64_t place = row % 20;
      return place == 0 ? std::string() : id_bytes(row - (place % 2 == 0 ? 1 : place) + 1);
    });
    for (ColumnData& data : columns_.back()) {
      data.present.assign((kRows + 63) / 64, 0);
      for (uint32_t row = 0; row < kRows; ++row) {
        if (!data.strings[row].empty()) data.present[row / 64] |= uint64_t{1} << (row % 64);
      }
    }
    add_dictionary({Scope::intrinsic, ColumnType::string, std::string(names::kSpanKind)}, "", 0);
    Dictionary& kinds = dictionaries_[static_cast<uint32_t>(infos_.size() - 1)];
    kinds.views = {"server", "client"};
    uint64_t row_number = 0;
    for (ColumnData& data : columns_.back()) {
      data.dictionary = kinds.views;
      for (uint32_t row = 0; row < kRows; ++row) data.codes.push_back(row_number++ % 20 % 2);
    }
    add_dictionary({Scope::attribute, ColumnType::string, "server.address"}, "host-", 100);
    while (wide && infos_.size() < 63) add_one_more();
    for (uint32_t granule = 0; granule < kSegmentGranules; ++granule) {
      const ColumnData& times = columns_[0][granule];
      granules_.push_back({kRows, {times.integers.front()}, {times.integers.back()}});
    }
  }

  uint64_t id() const override { return id_; }
  std::span<const store::GranuleInfo> granules() const override { return granules_; }
  std::span<const ColumnInfo> columns() const override { return infos_; }
  std::optional<store::ZoneMap> zone_map(uint32_t, uint32_t) const override {
    return store::ZoneMap{
        .present = kRows, .integer_min = {}, .integer_max = {}, .float_min = {}, .float_max = {}};
  }
  Result<ColumnData> read(uint32_t granule, uint32_t column) const override {
    return columns_[column][granule];
  }
  std::optional<std::span<const std::string_view>> dictionary(uint32_t column) const override {
    auto found = dictionaries_.find(column);
    if (found == dictionaries_.end()) return std::nullopt;
    return std::span(found->second.views);
  }
  std::vector<uint32_t> granules_of_trace(const TraceId&) const override { return {0, 1, 2, 3, 4, 5, 6, 7}; }
  uint64_t stored_bytes(uint32_t, uint32_t) const override { return 0; }

 private:
  struct Dictionary {
    std::vector<std::string> texts;
    std::vector<std::string_view> views;
  };

  std::vector<ColumnData>& add(const ColumnInfo& info) {
    infos_.push_back(info);
    columns_.emplace_back();
    for (uint32_t granule = 0; granule < kSegmentGranules; ++granule) {
      ColumnData& data = columns_.back().emplace_back();
      data.type = info.type;
      data.rows = kRows;
    }
    return columns_.back();
  }

  void add_one_more() {
    const size_t place = infos_.size();
    const std::string name = "more." + std::to_string(place);
    switch (place % 6) {
      case 0:
        add_integers({Scope::attribute, ColumnType::int64, name},
                     [&](uint64_t) { return static_cast<int64_t>(random_() % (1 << (place % 20))); });
        break;
      case 1:
        for (ColumnData& data : add({Scope::attribute, ColumnType::float64, name})) {
          std::exponential_distribution<double> numbers(0.01);
          for (uint32_t i = 0; i < kRows; ++i) data.floats.push_back(numbers(random_));
        }
        break;
      case 2:
        for (ColumnData& data : add({Scope::attribute, ColumnType::boolean, name})) {
          for (uint32_t i = 0; i < kRows; ++i) data.booleans.push_back(random_() % 8 == 0);
        }
        break;
      default:
        add_dictionary({Scope::attribute, ColumnType::string, name}, "value-",
                       static_cast<uint32_t>(place * place));
    }
    if (place % 3 != 0) return;
    for (ColumnData& data : columns_.back()) data.present.assign((kRows + 63) / 64, 0x5555555555555555);
    for (ColumnData& data : columns_.back()) data.present.back() &= (uint64_t{1} << (kRows % 64)) - 1;
  }

  template <typename Make>
  void add_integers(const ColumnInfo& info, Make&& make) {
    uint64_t row = 0;
    for (ColumnData& data : add(info)) {
      for (uint32_t i = 0; i < kRows; ++i) data.integers.push_back(make(row++));
    }
  }

  void add_dictionary(const ColumnInfo& info, const std::string& prefix, uint32_t size) {
    Dictionary& dictionary = dictionaries_[static_cast<uint32_t>(infos_.size())];
    for (uint32_t i = 0; i < size; ++i) dictionary.texts.push_back(prefix + std::to_string(i));
    for (const std::string& text : dictionary.texts) dictionary.views.push_back(text);
    for (ColumnData& data : add(info)) {
      data.dictionary = dictionary.views;
      for (uint32_t i = 0; i < kRows && size > 0; ++i)
        data.codes.push_back(static_cast<uint32_t>(random_() % size));
    }
  }

  template <typename Make>
  void add_plain(const ColumnInfo& info, Make&& make) {
    uint64_t row = 0;
    for (ColumnData& data : add(info)) {
      auto text = std::make_shared<std::string>();
      std::vector<size_t> ends;
      for (uint32_t i = 0; i < kRows; ++i) {
        *text += make(row++);
        ends.push_back(text->size());
      }
      size_t begin = 0;
      for (size_t end : ends) {
        data.strings.push_back(std::string_view(*text).substr(begin, end - begin));
        begin = end;
      }
      data.owner = text;
    }
  }

  uint64_t id_;
  std::mt19937_64 random_;
  int64_t start_ = 0;
  std::vector<ColumnInfo> infos_;
  std::vector<std::vector<ColumnData>> columns_;
  std::map<uint32_t, Dictionary> dictionaries_;
  std::vector<store::GranuleInfo> granules_;
};

}  // namespace

store::Snapshot million_spans() {
  return {.segments = {std::make_shared<BulkSegment>(1), std::make_shared<BulkSegment>(2)}};
}

store::Snapshot million_wide_spans() {
  return {.segments = {std::make_shared<BulkSegment>(1, true), std::make_shared<BulkSegment>(2, true)},
          .set_aside = {}};
}

}  // namespace clew::query::testing
