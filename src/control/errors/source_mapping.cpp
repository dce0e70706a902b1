#include "control/errors/source_mapping.h"

#include <algorithm>
#include <memory>

#include "base/counters.h"
#include "control/errors/frames_json.h"

namespace clew::control::errors {
namespace {

constexpr size_t kMostWaiting = 1'000;

}  // namespace

bool map_frames(SourceMaps& maps, EnvironmentId environment, FoundOccurrence& found) {
  Occurrence& occurrence = found.occurrence;
  if (!maps.may_map(environment, occurrence.version, occurrence.frames)) return false;
  // What a client told of its frames, locals for one, stays with them.
  Result<JsonValue> told =
      found.frames.empty() ? Result<JsonValue>(JsonValue()) : parse_json(found.frames, 32);
  const JsonValue frames = told.ok() && told->array() ? std::move(*told) : to_json(occurrence.frames);
  const std::optional<JsonValue> mapped = maps.map(environment, occurrence.version, frames);
  if (!mapped) return false;
  occurrence.frames = frames_from_json(*mapped, occurrence.language);
  found.mapped = mapped->text();
  return true;
}

SourceMapping::SourceMapping(SourceMaps* maps) : maps_(maps) {
  if (maps_ != nullptr) thread_ = std::thread([this] { work(); });
}

SourceMapping::~SourceMapping() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void SourceMapping::run(const Batch& batch, std::vector<FoundOccurrence> found, Mapped done) {
  const bool is_minified =
      maps_ != nullptr && std::any_of(found.begin(), found.end(), [&](const FoundOccurrence& one) {
        return maps_->may_map(batch.environment, one.occurrence.version, one.occurrence.frames);
      });
  if (is_minified) {
    std::unique_lock lock(mutex_);
    if (waiting_.size() < kMostWaiting) {
      const auto shared = std::make_shared<std::vector<FoundOccurrence>>(std::move(found));
      waiting_.emplace_back([this, batch, shared, done = std::move(done)] {
        for (FoundOccurrence& one : *shared) map_frames(*maps_, batch.environment, one);
        done(std::move(*shared));
      });
      lock.unlock();
      wake_.notify_one();
      return;
    }
    lock.unlock();
    count(Counter::stacks_not_mapped, found.size());
  }
  done(std::move(found));
}

void SourceMapping::work() {
  while (true) {
    std::function<void()> next;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      next = std::move(waiting_.front());
      waiting_.pop_front();
    }
    next();
  }
}

}  // namespace clew::control::errors
