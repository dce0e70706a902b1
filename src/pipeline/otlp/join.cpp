#include "pipeline/otlp/join.h"

#include "pipeline/otlp/item_count.h"

namespace clew::pipeline {

bool can_be_joined(const Batch& a, const Batch& b) {
  return a.signal == b.signal && a.environment == b.environment && a.sender == b.sender;
}

Batch join(std::vector<Batch> batches) {
  Batch joined = std::move(batches.front());
  if (batches.size() == 1) return joined;
  size_t size = joined.otlp.size();
  joined.items = items_of(joined);
  for (size_t i = 1; i < batches.size(); ++i) {
    size += batches[i].otlp.size();
    joined.items += items_of(batches[i]);
  }
  std::string bytes;
  bytes.reserve(size);
  bytes += joined.otlp.view();
  for (size_t i = 1; i < batches.size(); ++i) bytes += batches[i].otlp.view();
  joined.otlp = SharedBytes(std::move(bytes));
  return joined;
}

}  // namespace clew::pipeline
