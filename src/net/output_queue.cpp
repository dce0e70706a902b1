#include "net/output_queue.h"

#include <utility>

namespace clew::net {
namespace {

constexpr size_t kPassedOn = 16 << 10;   // from here on a string is not copied
constexpr size_t kPieceFull = 64 << 10;  // no more is joined to a piece of this size
constexpr size_t kKeptCapacity = 16 << 10;

}  // namespace

std::string& OutputQueue::open_tail() {
  if (first_ == pieces_.size() || pieces_.back().size() >= kPieceFull) pieces_.emplace_back();
  return pieces_.back();
}

void OutputQueue::append(std::string_view bytes) {
  if (bytes.empty()) return;
  open_tail().append(bytes);
  size_ += bytes.size();
}

void OutputQueue::append(std::string&& bytes) {
  if (bytes.size() < kPassedOn) return append(std::string_view(bytes));
  size_ += bytes.size();
  pieces_.push_back(std::move(bytes));
}

void OutputQueue::append_all(OutputQueue& other) {
  if (other.offset_ > 0) {
    append(std::string_view(other.pieces_[other.first_]).substr(other.offset_));
    ++other.first_;
  }
  for (size_t i = other.first_; i < other.pieces_.size(); ++i) append(std::move(other.pieces_[i]));
  other.clear();
}

size_t OutputQueue::peek(std::span<iovec> places) const {
  size_t used = 0;
  for (size_t i = first_; i < pieces_.size() && used < places.size(); ++i) {
    const size_t skip = i == first_ ? offset_ : 0;
    places[used++] = {const_cast<char*>(pieces_[i].data()) + skip, pieces_[i].size() - skip};
  }
  return used;
}

void OutputQueue::consume(size_t count) {
  size_ -= count;
  while (count > 0) {
    const size_t left = pieces_[first_].size() - offset_;
    if (count < left) {
      offset_ += count;
      return;
    }
    count -= left;
    offset_ = 0;
    if (first_ + 1 < pieces_.size()) pieces_[first_] = {};
    ++first_;
  }
  if (size_ > 0) {
    // A stream that never drains quite must not collect its past.
    if (first_ >= 64)
      pieces_.erase(pieces_.begin(), pieces_.begin() + static_cast<ptrdiff_t>(std::exchange(first_, 0)));
    return;
  }
  // The last piece's memory serves the next answer, unless it was an unusually large one.
  std::string kept = std::move(pieces_.back());
  clear();
  if (kept.capacity() > kKeptCapacity) return;
  kept.clear();
  pieces_.push_back(std::move(kept));
}

void OutputQueue::clear() {
  pieces_.clear();
  first_ = offset_ = size_ = 0;
}

}  // namespace clew::net
