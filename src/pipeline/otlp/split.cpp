#include "pipeline/otlp/split.h"

#include "pipeline/otlp/item_count.h"
#include "pipeline/otlp/item_walk.h"
#include "pipeline/otlp/metric_points.h"

namespace clew::pipeline {

std::vector<Batch> split(Batch batch, uint64_t most_items) {
  if (items_of(batch) <= most_items) return {std::move(batch)};
  std::vector<Batch> parts;
  RequestBuilder builder;
  uint64_t items = 0;
  const auto finish = [&] {
    Batch part = batch;
    part.otlp = SharedBytes(builder.take());
    part.items = items;
    parts.push_back(std::move(part));
    items = 0;
  };
  const Status walked = walk_items(batch.otlp.view(), [&](const ItemPlace& place) {
    const uint64_t weight = batch.signal == Signal::metrics ? count_metric_points(place.item) : 1;
    if (!builder.empty() && items + weight > most_items) finish();
    builder.add(place);
    items += weight;
  });
  if (!walked.ok()) return {std::move(batch)};
  if (!builder.empty()) finish();
  return parts;
}

}  // namespace clew::pipeline
