#include "protocols/clew/outline_binary.h"

#include <cstring>
#include <simdjson.h>

#include <gtest/gtest.h>

namespace clew::api {
namespace {

SpanId span_id(uint8_t last) {
  SpanId id;
  id.bytes = {1, 2, 3, 4, 5, 6, 7, last};
  return id;
}

// A root that fails, a child with an event, and a span whose parent never came.
query::Trace small_trace() {
  query::Trace trace;
  trace.id = *TraceId::from_bytes("0123456789abcdef");
  trace.start = {1'000};
  trace.end = {1'900};
  query::TraceSpans& spans = trace.spans;
  spans.ids = {span_id(1), span_id(2), span_id(3)};
  spans.parent_ids = {std::nullopt, span_id(1), span_id(99)};
  spans.parents = {std::nullopt, 0, std::nullopt};
  spans.starts = {{1'000}, {1'100}, {1'300}};
  spans.durations = {{900}, {50}, {-5}};
  spans.names = {"root", "call", "call"};
  spans.services = {"api", "db", "api"};
  spans.kinds = {"server", "client", "something new"};
  spans.errors = {1, 0, 0};
  trace.events.spans = {1, std::nullopt};
  trace.events.times = {{1'110}, {1'120}};
  trace.events.names = {"exception", "of no span"};
  trace.logs.spans = {2, 0, 2};
  trace.logs.times = {{1'300}, {1'001}, {1'301}};
  return trace;
}

class Read {
 public:
  explicit Read(const std::string& bytes) : bytes_(bytes) {
    std::memcpy(&header_size_, bytes.data() + 8, sizeof(header_size_));
    header_ = parser_.parse(bytes.substr(12, header_size_));
  }
  simdjson::dom::element header() const { return header_; }
  size_t begin() const { return 12 + header_size_; }

  template <typename T>
  std::vector<T> column(std::string_view name, std::string_view type) const {
    for (const simdjson::dom::element column : header_["columns"]) {
      if (std::string_view(column["name"]) != name) continue;
      EXPECT_EQ(std::string_view(column["type"]), type) << name;
      const uint64_t rows = column["rows"].get_uint64();
      std::vector<T> values(rows);
      const size_t offset = begin() + column["offset"].get_uint64();
      EXPECT_EQ(offset % 8, 0u) << name;
      EXPECT_LE(offset + values.size() * sizeof(T), bytes_.size()) << name;
      if (!values.empty()) std::memcpy(values.data(), bytes_.data() + offset, values.size() * sizeof(T));
      return values;
    }
    ADD_FAILURE() << "no column " << name;
    return {};
  }

 private:
  std::string bytes_;
  uint32_t header_size_ = 0;
  simdjson::dom::parser parser_;
  simdjson::dom::element header_;
};

TEST(OutlineBinaryTest, its_columns_lie_where_the_header_says) {
  const std::string bytes = outline_binary_of(small_trace());
  ASSERT_EQ(bytes.substr(0, 8), std::string("CLWO\1\0\0\0", 8));
  const Read read(bytes);
  EXPECT_EQ(std::string_view(read.header()["start_ns"]), "1000");
  EXPECT_EQ(uint64_t(read.header()["spans"]), 3u);
  EXPECT_EQ(uint64_t(read.header()["errors"]), 1u);
  EXPECT_EQ(uint64_t(read.header()["logs"]), 3u);
  EXPECT_EQ(simdjson::minify(read.header()["names"]), R"(["root","call"])");
  EXPECT_EQ(simdjson::minify(read.header()["services"]), R"(["api","db"])");
  EXPECT_EQ(read.column<uint64_t>("span_id", "u64")[1], 0x0102030405060702u);
  EXPECT_EQ(read.column<int32_t>("parent", "i32"), (std::vector<int32_t>{-1, 0, -1}));
  EXPECT_EQ(read.column<double>("start_offset_ns", "f64"), (std::vector<double>{0, 100, 300}));
  EXPECT_EQ(read.column<double>("duration_ns", "f64"), (std::vector<double>{900, 50, 0}));
  EXPECT_EQ(read.column<uint32_t>("name", "u32"), (std::vector<uint32_t>{0, 1, 1}));
  EXPECT_EQ(read.column<uint32_t>("service", "u32"), (std::vector<uint32_t>{0, 1, 0}));
  EXPECT_EQ(read.column<uint8_t>("kind", "u8"), (std::vector<uint8_t>{2, 3, 0}));
  EXPECT_EQ(read.column<uint8_t>("flags", "u8"), (std::vector<uint8_t>{1, 0, 4}));
  EXPECT_EQ(read.column<uint16_t>("event_count", "u16"), (std::vector<uint16_t>{0, 1, 0}));
  EXPECT_EQ(read.column<uint16_t>("link_count", "u16"), (std::vector<uint16_t>{0, 0, 0}));
  EXPECT_EQ(read.column<uint16_t>("log_count", "u16"), (std::vector<uint16_t>{1, 0, 2}));
}

TEST(OutlineBinaryTest, marks_come_span_by_span_and_those_of_none_are_left_out) {
  const std::string bytes = outline_binary_of(small_trace());
  const Read read(bytes);
  EXPECT_EQ(read.column<uint32_t>("events.span", "u32"), (std::vector<uint32_t>{1}));
  EXPECT_EQ(read.column<double>("events.offset_ns", "f64"), (std::vector<double>{110}));
  EXPECT_EQ(read.column<uint8_t>("events.exception", "u8"), (std::vector<uint8_t>{1}));
  EXPECT_EQ(read.column<uint32_t>("logs.span", "u32"), (std::vector<uint32_t>{0, 2, 2}));
  EXPECT_EQ(read.column<double>("logs.offset_ns", "f64"), (std::vector<double>{1, 300, 301}));
}

}  // namespace
}  // namespace clew::api
