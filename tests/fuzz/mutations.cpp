#include "mutations.h"

#include <algorithm>
#include <array>
#include <random>

namespace clew::fuzz {
namespace {

class Damage {
 public:
  Damage(std::string_view input, std::span<const std::string> others, uint64_t seed)
      : bytes_(input), others_(others), random_(seed) {}

  void apply_one() {
    switch (below(bytes_.empty() ? 1 : 8)) {
      case 0:
        return insert_random();
      case 1:
        return flip_bit();
      case 2:
        return overwrite_byte();
      case 3:
        return write_extreme();
      case 4:
        return cut_end();
      case 5:
        return remove_stretch();
      case 6:
        return repeat_stretch();
      case 7:
        return splice();
    }
  }
  std::string result() && { return std::move(bytes_); }

 private:
  struct Stretch {
    size_t from;
    size_t count;
  };

  size_t below(size_t bound) { return bound == 0 ? 0 : random_() % bound; }
  // Short stretches are likelier: lengths and tags are short.
  Stretch stretch_of(std::string_view bytes) {
    const size_t from = below(bytes.size());
    const size_t most = std::min(bytes.size() - from, below(4) == 0 ? bytes.size() : size_t{16});
    return {from, 1 + below(most)};
  }

  void flip_bit() { bytes_[below(bytes_.size())] ^= static_cast<char>(1U << below(8)); }
  void overwrite_byte() { bytes_[below(bytes_.size())] = static_cast<char>(random_()); }
  // Numbers at which lengths and counts go wrong.
  void write_extreme() {
    static constexpr std::array<std::string_view, 6> kExtremes = {std::string_view("\0\0\0\0", 4),
                                                                  "\xff\xff\xff\xff",
                                                                  "\x7f\xff\xff\xff",
                                                                  "\xff\xff\xff\x7f",
                                                                  "\xff\xff\xff\xff\xff\x0f",
                                                                  "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"};
    const std::string_view extreme = kExtremes[below(kExtremes.size())];
    const size_t at = below(bytes_.size());
    bytes_.replace(at, std::min(extreme.size(), bytes_.size() - at), extreme);
  }
  void cut_end() { bytes_.resize(below(bytes_.size())); }
  void remove_stretch() {
    const Stretch stretch = stretch_of(bytes_);
    bytes_.erase(stretch.from, stretch.count);
  }
  void repeat_stretch() {
    const Stretch stretch = stretch_of(bytes_);
    const std::string copy = bytes_.substr(stretch.from, stretch.count);
    const size_t at = below(bytes_.size());
    for (size_t times = 1 + below(8); times > 0 && bytes_.size() < kLargest; --times) bytes_.insert(at, copy);
  }
  void insert_random() {
    const size_t at = below(bytes_.size() + 1);
    for (size_t count = 1 + below(8); count > 0; --count) bytes_.insert(at, 1, static_cast<char>(random_()));
  }
  void splice() {
    const std::string_view other =
        others_.empty() ? std::string_view(bytes_) : others_[below(others_.size())];
    if (other.empty()) return insert_random();
    const Stretch stretch = stretch_of(other);
    const std::string copy(other.substr(stretch.from, stretch.count));
    if (bytes_.size() < kLargest) bytes_.insert(below(bytes_.size()), copy);
  }

  // Keeps the replay quick; larger inputs are the long fuzzing's business.
  static constexpr size_t kLargest = 1 << 20;

  std::string bytes_;
  std::span<const std::string> others_;
  std::mt19937_64 random_;
};

}  // namespace

std::string mutate(std::string_view input, std::span<const std::string> others, uint64_t seed) {
  Damage damage(input, others, seed);
  for (uint64_t changes = 1 + seed % 4; changes > 0; --changes) damage.apply_one();
  return std::move(damage).result();
}

}  // namespace clew::fuzz
