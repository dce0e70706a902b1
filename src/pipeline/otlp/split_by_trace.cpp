#include "pipeline/otlp/split_by_trace.h"

#include <unordered_map>

#include "pipeline/otlp/item_walk.h"
#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_reader.h"

namespace clew::pipeline {
namespace {

// The last of its kind, as protobuf has it.
std::string_view bytes_of(std::string_view span, uint32_t field) {
  ProtobufReader reader(span.data(), span.size());
  std::string_view bytes;
  while (reader.next()) {
    if (reader.tag() != field) {
      reader.skip();
      continue;
    }
    const auto view = reader.get_view();
    bytes = {view.data(), view.size()};
  }
  return bytes;
}

}  // namespace

std::string_view trace_id_of_span(std::string_view span) {
  return bytes_of(span, otlp::span::trace_id);
}

bool is_root_span(std::string_view span) {
  return bytes_of(span, otlp::span::parent_span_id).find_first_not_of('\0') == std::string_view::npos;
}

Result<std::vector<TracePiece>> split_by_trace(std::string_view request, Roots roots) {
  struct Building {
    std::string_view trace_id;
    RequestBuilder builder;
    bool has_root = false;
  };
  std::vector<Building> all;
  std::unordered_map<std::string_view, size_t> index;  // into all; keys are views of the request
  size_t last = 0;
  CLEW_TRY(walk_items(request, [&](const ItemPlace& place) {
    const std::string_view trace_id = trace_id_of_span(place.item);
    if (all.empty() || all[last].trace_id != trace_id) {
      const auto [found, is_new] = index.try_emplace(trace_id, all.size());
      if (is_new) all.push_back({trace_id, {}, false});
      last = found->second;
    }
    all[last].builder.add(place);
    if (roots == Roots::looked_for && !all[last].has_root) all[last].has_root = is_root_span(place.item);
  }));
  std::vector<TracePiece> pieces;
  pieces.reserve(all.size());
  for (Building& one : all) {
    const uint64_t spans = one.builder.messages();
    pieces.push_back({std::string(one.trace_id), one.builder.take(), spans, one.has_root});
  }
  return pieces;
}

}  // namespace clew::pipeline
