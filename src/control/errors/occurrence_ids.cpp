#include "control/errors/occurrence_ids.h"

#include <algorithm>
#include <atomic>

#include "base/time.h"

namespace clew::control::errors {
namespace {

constexpr int64_t kStartOf2020 = 1'577'836'800'000'000'000;
std::atomic<int64_t> latest{0};

}  // namespace

int64_t new_occurrence_id() {
  const int64_t at = (now().count - kStartOf2020) / 1000;
  int64_t before = latest.load();
  int64_t id = 0;
  do {
    id = std::max(at, before + 1);
  } while (!latest.compare_exchange_weak(before, id));
  return id;
}

int64_t latest_occurrence_id() {
  return latest.load();
}

void continue_occurrence_ids_after(int64_t id) {
  int64_t before = latest.load();
  while (before < id && !latest.compare_exchange_weak(before, id)) {
  }
}

}  // namespace clew::control::errors
