// For tests: segment documents put into a real store, and read back out of it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "protocols/xray/otlp_to_segment.h"
#include "protocols/xray/segment_to_otlp.h"
#include "query/trace.h"
#include "store/columnar/store.h"

namespace clew::xray::testing {

class StoredDocuments {
 public:
  explicit StoredDocuments(std::string_view name) {
    directory_ = ::testing::TempDir() + "clew-xray-" + std::string(name) + std::to_string(getpid());
    std::filesystem::remove_all(directory_);
    open();
  }
  ~StoredDocuments() {
    EXPECT_TRUE(store_ == nullptr || store_->close().ok());
    std::filesystem::remove_all(directory_);
  }

  store::Storage& storage() { return *store_; }

  // All in one batch. Faults are failures of the test.
  void put(const std::vector<std::string>& documents) {
    std::vector<SegmentDocument> read;
    for (const std::string& text : documents) {
      auto one = read_segment_document(text);
      if (auto* fault = std::get_if<SegmentFault>(&one)) {
        ADD_FAILURE() << fault->message << " in " << text;
      } else {
        read.push_back(std::move(std::get<SegmentDocument>(one)));
      }
    }
    put_otlp(segments_to_otlp(read).otlp);
  }

  void put_otlp(std::string otlp) {
    store_->append({Signal::traces, kDefaultEnvironment, SharedBytes(std::move(otlp))},
                   [](const store::AppendOutcome& outcome) {
                     EXPECT_TRUE(outcome.status.ok()) << outcome.status.to_string();
                     EXPECT_EQ(outcome.rejected, 0u) << outcome.rejection;
                   });
  }

  // As after a restart: what is on disk is read.
  void reopen() {
    EXPECT_TRUE(store_->close().ok());
    store_.reset();
    open();
  }

  query::Trace trace(std::string_view id) {
    const auto parsed = read_trace_id(id);
    auto trace = query::fetch_trace(
        *parsed, {.traces = store_->snapshot(kDefaultEnvironment, Signal::traces), .logs = {}, .range = {}});
    EXPECT_TRUE(trace.ok()) << trace.status().to_string();
    return trace.ok() ? std::move(*trace) : query::Trace();
  }

  std::vector<JsonValue> segments(std::string_view trace_id) {
    const query::Trace found = trace(trace_id);
    std::vector<JsonValue> documents;
    for (CompiledSegment& one : segments_of(found)) documents.push_back(std::move(one.document));
    return documents;
  }

 private:
  void open() {
    store::ColumnarOptions options;
    options.directory = directory_;
    options.durability = store::Durability::none;
    auto opened = store::ColumnarStore::open(options);
    ASSERT_TRUE(opened.ok()) << opened.status().to_string();
    store_ = std::move(*opened);
  }

  std::string directory_;
  std::unique_ptr<store::ColumnarStore> store_;
};

inline JsonValue parsed(std::string_view text) {
  Result<JsonValue> value = parse_json(text);
  EXPECT_TRUE(value.ok()) << value.status().to_string() << " in " << text;
  return value.ok() ? *value : JsonValue();
}

}  // namespace clew::xray::testing
