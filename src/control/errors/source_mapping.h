// SourceMapping: leads the frames of minified scripts back to their sources on a thread of its own, before
// their group is worked out: reading and decoding a map takes longer than an event loop may wait.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "control/errors/occurrences_in_batch.h"
#include "control/errors/source_maps.h"

namespace clew::control::errors {

class SourceMapping {
 public:
  // nullptr: nothing is ever mapped. `maps` must outlive this.
  explicit SourceMapping(SourceMaps* maps);
  // Finishes what waits: its senders wait too.
  ~SourceMapping();

  using Mapped = std::function<void(std::vector<FoundOccurrence>)>;
  // Calls `done` with the occurrences, mapped where a map is here: at once when there is nothing to map, else
  // on the thread. When too many wait, at once and unmapped. `batch` is kept until then.
  void run(const Batch& batch, std::vector<FoundOccurrence> found, Mapped done);

 private:
  void work();

  SourceMaps* const maps_;
  std::mutex mutex_;
  std::condition_variable wake_;
  // Guarded by mutex_:
  std::deque<std::function<void()>> waiting_;
  bool stopping_ = false;

  std::thread thread_;
};

// The occurrence with frames and type as its sources have them; true when something changed.
bool map_frames(SourceMaps& maps, EnvironmentId environment, FoundOccurrence& found);

}  // namespace clew::control::errors
