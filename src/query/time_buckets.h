// Time buckets: [n * width, (n + 1) * width) since 1970.
#pragma once

#include "base/time.h"

namespace clew::query {

// The start of the bucket that holds `at`; saturates at the first representable time.
UnixNanos bucket_start(UnixNanos at, Nanoseconds width);

// Numbers buckets from the one that holds `first` on, without a division for each row.
class BucketCounter {
 public:
  BucketCounter(UnixNanos first, Nanoseconds width)
      : start_(static_cast<uint64_t>(first.count) - distance_to_start(first, width)),
        width_(static_cast<uint64_t>(width.count)),
        reciprocal_(1.0 / static_cast<double>(width.count)) {}

  // `at` must not be before the first.
  uint64_t number_of(int64_t at) const {
    uint64_t distance = static_cast<uint64_t>(at) - start_;
    auto number = static_cast<uint64_t>(static_cast<double>(distance) * reciprocal_);
    // The product is off by one at most next to a multiple, where doubles still tell neighbours apart;
    // beyond, divide.
    if (distance >= uint64_t{1} << 52) return distance / width_;
    uint64_t reached = number * width_;
    number += distance >= reached + width_ ? 1 : 0;
    number -= distance < reached ? 1 : 0;
    return number;
  }

 private:
  static uint64_t distance_to_start(UnixNanos at, Nanoseconds width) {
    int64_t remainder = at.count % width.count;
    return static_cast<uint64_t>(remainder < 0 ? remainder + width.count : remainder);
  }

  uint64_t start_;  // modulo 2^64: only differences are used
  uint64_t width_;
  double reciprocal_;
};

}  // namespace clew::query
