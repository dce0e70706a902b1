// run_beside_damage(): a granule that turns out to be damaged while a question is answered is left out, and
// the question is asked again.
#pragma once

#include <algorithm>

#include "query/run.h"
#include "store/sound_snapshot.h"

namespace clew::query {

// `ask(snapshot, options)` gives a Result<…>. It is asked again for as long as it fails because of damage
// that is set aside afterwards; all attempts together keep the time limit.
template <typename Ask>
auto run_beside_damage(const store::Snapshot& snapshot, const RunOptions& options, const Ask& ask)
    -> decltype(ask(snapshot, options)) {
  const Nanoseconds began = monotonic_now();
  auto answer = ask(snapshot, options);
  store::Snapshot sound;
  while (!answer.ok() && answer.status().kind() == ErrorKind::corrupt) {
    const store::Snapshot& before = sound.segments.empty() ? snapshot : sound;
    store::Snapshot next = store::without_damage(before);
    if (next.set_aside.size() == before.set_aside.size()) break;
    sound = std::move(next);
    RunOptions rest = options;
    const int64_t elapsed = monotonic_now().count - began.count;
    rest.time_limit = Nanoseconds{std::max<int64_t>(0, options.time_limit.count - elapsed)};
    answer = ask(sound, rest);
  }
  return answer;
}

}  // namespace clew::query
