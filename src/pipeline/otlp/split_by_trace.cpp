#include "pipeline/otlp/split_by_trace.h"

#include <unordered_map>

#include "pipeline/otlp/item_walk.h"
#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_reader.h"

namespace clew::pipeline {

std::string_view trace_id_of_span(std::string_view span) {
  ProtobufReader reader(span.data(), span.size());
  std::string_view id;
  while (reader.next()) {
    if (reader.tag() != otlp::span::trace_id) {
      reader.skip();
      continue;
    }
    const auto view = reader.get_view();
    id = {view.data(), view.size()};
  }
  return id;
}

Result<std::vector<TracePiece>> split_by_trace(std::string_view request) {
  struct Building {
    std::string_view trace_id;
    RequestBuilder builder;
  };
  std::vector<Building> all;
  std::unordered_map<std::string_view, size_t> index;  // into all; keys are views of the request
  size_t last = 0;
  CLEW_TRY(walk_items(request, [&](const ItemPlace& place) {
    const std::string_view trace_id = trace_id_of_span(place.item);
    if (all.empty() || all[last].trace_id != trace_id) {
      const auto [found, is_new] = index.try_emplace(trace_id, all.size());
      if (is_new) all.push_back({trace_id, {}});
      last = found->second;
    }
    all[last].builder.add(place);
  }));
  std::vector<TracePiece> pieces;
  pieces.reserve(all.size());
  for (Building& one : all) {
    const uint64_t spans = one.builder.messages();
    pieces.push_back({std::string(one.trace_id), one.builder.take(), spans});
  }
  return pieces;
}

}  // namespace clew::pipeline
