// From an OTLP request to the segment documents that the exporter awsxray sends: one for each span, as the
// Collector's exporter has it. What came as documents goes out as it came.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "protocols/xray/span_document.h"

namespace clew::xray {

// Of the documents of one request together. A resource is repeated in each of them.
constexpr size_t kMostExportedBytes = size_t{64} << 20;

struct ExportOptions {
  AnnotationChoice annotations{.all = false, .names = {}};
  std::vector<std::string> log_groups;  // of spans whose resource names none
};

struct ExportedDocument {
  std::string id;  // of the span
  std::string text;
};

struct ExportedDocuments {
  std::vector<ExportedDocument> documents;
  uint64_t without_ids = 0;  // spans that are not among them
};

// bad_input when the request is malformed, too_large when the documents would be larger than `most_bytes`.
Result<ExportedDocuments> exported_documents(std::string_view request, const ExportOptions& options,
                                             size_t most_bytes = kMostExportedBytes);

}  // namespace clew::xray
