#include "base/simulated_file_system_node.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace clew {
namespace {

// What a disk writes as a whole or not at all.
constexpr uint64_t kSectorBytes = 512;

bool flip(std::mt19937_64& random) {
  return (random() & 1) != 0;
}

}  // namespace

void SimulatedFileSystem::Node::mark(uint64_t from, uint64_t to) {
  for (uint64_t sector = from / kSectorBytes; sector * kSectorBytes < to; ++sector) unsynced_.insert(sector);
}

void SimulatedFileSystem::Node::change_size(uint64_t size) {
  smallest_size_ = std::min(size_unsynced_ ? smallest_size_ : content.size(), size);
  size_unsynced_ = true;
  content.resize(size);
}

void SimulatedFileSystem::Node::append(std::string_view bytes) {
  const uint64_t from = content.size();
  change_size(from + bytes.size());
  content.replace(from, bytes.size(), bytes);
  mark(from, from + bytes.size());
}

void SimulatedFileSystem::Node::truncate(uint64_t size) {
  const uint64_t before = content.size();
  if (size < before && (!cut_ || cut_->size() < before)) cut_ = content;
  change_size(size);
  if (size > before) mark(before, size);
  // The rest of a cut sector reads as zeros when the file grows again.
  if (size % kSectorBytes != 0) mark(size - 1, size);
}

void SimulatedFileSystem::Node::overwrite(std::string bytes) {
  durable = bytes;
  content = std::move(bytes);
  unsynced_.clear();
  cut_.reset();
  size_unsynced_ = false;
}

uint64_t SimulatedFileSystem::Node::settled_size(PowerLoss unsynced, std::mt19937_64& random) const {
  if (unsynced == PowerLoss::keep) return content.size();
  if (unsynced == PowerLoss::lose) return durable.size();
  const uint64_t largest = std::max<uint64_t>(durable.size(), content.size());
  const uint64_t choices[] = {durable.size(), smallest_size_, content.size(),
                              smallest_size_ + random() % (largest - smallest_size_ + 1)};
  return choices[random() % std::size(choices)];
}

void SimulatedFileSystem::Node::settle(PowerLoss unsynced, std::mt19937_64& random) {
  const bool without_cut = unsynced == PowerLoss::tear && cut_ && flip(random);
  const std::string& source = without_cut ? *cut_ : content;
  if (size_unsynced_) durable.resize(without_cut ? source.size() : settled_size(unsynced, random));
  for (const uint64_t sector : unsynced_) {
    if (unsynced == PowerLoss::lose || (unsynced == PowerLoss::tear && flip(random))) continue;
    const uint64_t from = sector * kSectorBytes;
    const uint64_t end = std::min({from + kSectorBytes, uint64_t{durable.size()}, uint64_t{source.size()}});
    if (from < end) durable.replace(from, end - from, source, from, end - from);
  }
  unsynced_.clear();
  cut_.reset();
  size_unsynced_ = false;
}

}  // namespace clew
