// TableShard: the rows of one environment and signal that one ingest thread has decoded and nobody has taken
// yet. The shard's lock is held by whoever calls.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "store/columnar/block_builder.h"
#include "store/columnar/otlp_decoder.h"

namespace clew::store {

class TableShard : public BlockTarget {
 public:
  BlockBuilder& block_with_room(uint32_t rows) override;

  // Where a batch begins, to take it back or to say where it came from.
  struct Mark {
    size_t block = 0;
    uint32_t row = 0;
  };
  Mark mark() const;
  // Takes back everything after the mark.
  void take_back(Mark mark);
  // Says that everything after the mark came with this record of the log.
  void attribute_to(Mark mark, uint64_t sequence, std::shared_ptr<const std::atomic<bool>> refused);

  bool empty() const { return blocks_.empty(); }
  // All blocks that have rows; the shard is empty then.
  std::vector<std::unique_ptr<BlockBuilder>> take();

 private:
  std::vector<std::unique_ptr<BlockBuilder>> blocks_;  // only the last one takes rows
};

}  // namespace clew::store
