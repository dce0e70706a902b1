#include "query/time_buckets.h"

namespace clew::query {

UnixNanos bucket_start(UnixNanos at, Nanoseconds width) {
  int64_t remainder = at.count % width.count;
  if (remainder < 0) remainder += width.count;
  int64_t start;
  if (__builtin_sub_overflow(at.count, remainder, &start)) return {INT64_MIN};
  return {start};
}

}  // namespace clew::query
