// PutTraceSegments: takes segment documents, and says of each that it does not take why.
#include <memory>
#include <vector>

#include <fmt/format.h>

#include "base/counters.h"
#include "protocols/xray/operations.h"
#include "protocols/xray/segment_document.h"
#include "protocols/xray/segment_to_otlp.h"

namespace clew::xray {
namespace {

std::string answer_with(const std::vector<SegmentFault>& faults) {
  JsonWriter json;
  json.begin_object().key("UnprocessedTraceSegments").begin_array();
  for (const SegmentFault& fault : faults) {
    json.begin_object();
    if (!fault.id.empty()) json.key("Id").string(fault.id);
    json.key("ErrorCode").string(fault.code).key("Message").string(fault.message).end_object();
  }
  json.end_array().end_object();
  return json.take();
}

// What is kept of the call until the store has answered.
struct Exchange {
  const ApiOptions& options;
  EnvironmentId environment;
  Sender sender;
  uint64_t bytes;
  std::vector<SegmentFault> faults;
  Reply reply;

  void finish(const pipeline::Outcome& outcome) {
    if (!outcome.status.ok()) return reply(error_of(outcome.status));
    options.arrivals->accepted(environment, sender, outcome.accepted, bytes);
    if (outcome.rejected > 0) {
      faults.push_back({.id = {},
                        .code = "InvalidSegment",
                        .message = fmt::format("{} segments or subsegments were not stored: {}",
                                               outcome.rejected, outcome.rejection)});
    }
    if (!faults.empty()) {
      count(Counter::xray_segments_refused, faults.size());
      options.arrivals->noted(environment, sender, faults.front().message, "Mend the instrumentation");
    }
    reply(answer_with(faults));
  }
};

}  // namespace

void put_trace_segments(Call call, Reply reply) {
  const JsonValue* documents = call.input.find("TraceSegmentDocuments");
  if (documents == nullptr || documents->array() == nullptr)
    return reply(
        invalid_request("1 validation error detected: Value at 'traceSegmentDocuments' failed to satisfy "
                        "constraint: Member must not be null"));
  auto exchange = std::make_shared<Exchange>(Exchange{.options = call.options(),
                                                      .environment = call.environment,
                                                      .sender = call.sender,
                                                      .bytes = call.bytes,
                                                      .faults = {},
                                                      .reply = std::move(reply)});
  std::vector<SegmentDocument> taken;
  for (const JsonValue& text : *documents->array()) {
    if (text.string() == nullptr) {
      exchange->faults.push_back({.id = {},
                                  .code = "JSONFormatError",
                                  .message =
                                      "Invalid segment. ErrorCode: JSONFormatError, Cause: a document is a "
                                      "text that holds JSON"});
      continue;
    }
    auto read = read_segment_document(*text.string());
    if (auto* fault = std::get_if<SegmentFault>(&read)) {
      exchange->faults.push_back(std::move(*fault));
    } else {
      taken.push_back(std::move(std::get<SegmentDocument>(read)));
    }
  }
  if (taken.empty()) return exchange->finish(pipeline::Outcome());
  Batch batch{.signal = Signal::traces,
              .environment = call.environment,
              .otlp = SharedBytes(segments_to_otlp(taken).otlp)};
  call.options().consumer->consume(
      std::move(batch), [exchange](const pipeline::Outcome& outcome) { exchange->finish(outcome); });
}

}  // namespace clew::xray
