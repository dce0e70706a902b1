#include "store/columnar/table_shard.h"

namespace clew::store {

BlockBuilder& TableShard::block_with_room(uint32_t rows) {
  if (blocks_.empty() || blocks_.back()->room() < rows) blocks_.push_back(std::make_unique<BlockBuilder>());
  return *blocks_.back();
}

TableShard::Mark TableShard::mark() const {
  if (blocks_.empty()) return {};
  return {blocks_.size() - 1, blocks_.back()->rows()};
}

void TableShard::take_back(Mark mark) {
  if (blocks_.empty()) return;
  blocks_.resize(mark.block + 1);
  blocks_.back()->truncate(mark.row);
}

void TableShard::attribute_to(Mark mark, uint64_t sequence,
                              std::shared_ptr<const std::atomic<bool>> refused) {
  for (size_t i = mark.block; i < blocks_.size(); ++i) {
    const uint32_t first = i == mark.block ? mark.row : 0;
    if (first < blocks_[i]->rows()) blocks_[i]->add_source({first, blocks_[i]->rows(), sequence, refused});
  }
}

std::vector<std::unique_ptr<BlockBuilder>> TableShard::take() {
  std::erase_if(blocks_, [](const auto& block) { return block->rows() == 0; });
  return std::move(blocks_);
}

}  // namespace clew::store
