#include "query/group_keys.h"

#include <algorithm>
#include <bit>

#include "query/hashing.h"

namespace clew::query {
namespace {

// A table of all combinations is kept while it is at most this large: 8 MB; one that must be cleared for
// every granule, 256 KB.
constexpr uint64_t kMostKeptCombinations = 1 << 21;
constexpr uint64_t kMostClearedCombinations = 1 << 16;

uint64_t hash_of_tuple(std::span<const uint32_t> tuple) {
  uint64_t hash = 0;
  for (uint32_t id : tuple) hash = hash_of(hash ^ id) + 0x9e3779b97f4a7c15;
  return hash;
}

// Numbers the distinct keys of a granule from 0.
class KeyNumbers {
 public:
  explicit KeyNumbers(uint32_t rows) : slots_(std::bit_ceil(size_t{rows} * 2 + 1)) {}

  struct Place {
    uint32_t* number;
    bool is_new;
  };
  Place find(uint64_t key) {
    size_t mask = slots_.size() - 1;
    for (size_t slot = hash_of(key) & mask;; slot = (slot + 1) & mask) {
      Slot& at = slots_[slot];
      if (!at.used) {
        at = {key, 0, true};
        return {&at.number, true};
      }
      if (at.key == key) return {&at.number, false};
    }
  }

 private:
  struct Slot {
    uint64_t key = 0;
    uint32_t number = 0;
    bool used = false;
  };
  std::vector<Slot> slots_;
};

uint32_t bits_for(uint64_t count) {
  return static_cast<uint32_t>(std::bit_width(count - 1));
}

}  // namespace

size_t TupleTable::slot_of(std::span<const uint32_t> wanted, uint64_t hash) const {
  size_t mask = slots_.size() - 1;
  size_t slot = hash & mask;
  auto is_other = [&](const Slot& at) {
    return at.number != 0 && (at.hash != hash >> 32 || !std::ranges::equal(tuple(at.number - 1), wanted));
  };
  while (is_other(slots_[slot])) slot = (slot + 1) & mask;
  return slot;
}

uint32_t TupleTable::find_or_add_single(uint32_t id) {
  if (id >= numbers_.size()) numbers_.resize(std::max<size_t>(size_t{id} + 1, numbers_.size() * 2));
  if (numbers_[id] == 0) {
    tuples_.push_back(id);
    numbers_[id] = static_cast<uint32_t>(++size_);
  }
  return numbers_[id] - 1;
}

uint32_t TupleTable::find_or_add(std::span<const uint32_t> wanted) {
  if (width_ == 1) return find_or_add_single(wanted[0]);
  uint64_t hash = hash_of_tuple(wanted);
  Slot& slot = slots_[slot_of(wanted, hash)];
  if (slot.number != 0) return slot.number - 1;
  auto number = static_cast<uint32_t>(size_++);
  tuples_.insert(tuples_.end(), wanted.begin(), wanted.end());
  slot = {static_cast<uint32_t>(hash >> 32), number + 1};
  if (size_ * 2 > slots_.size()) {
    slots_.assign(slots_.size() * 2, {});
    for (uint32_t i = 0; i < size_; ++i) {
      uint64_t hash_of_i = hash_of_tuple(tuple(i));
      slots_[slot_of(tuple(i), hash_of_i)] = {static_cast<uint32_t>(hash_of_i >> 32), i + 1};
    }
  }
  return number;
}

GroupKeys::GroupKeys(std::vector<size_t> columns, std::optional<Nanoseconds> bucket_width)
    : columns_(std::move(columns)),
      bucket_width_(bucket_width),
      locals_(columns_.size() + (bucket_width ? 1 : 0)),
      tuples_(locals_.size()),
      tuple_(locals_.size()) {}

Result<const uint32_t*> GroupKeys::assign(GranuleReader& reader, const std::vector<BoundColumn>& bound,
                                          std::optional<uint32_t> time_column, const Selection& selection) {
  if (groups_.size() < reader.rows()) groups_.resize(reader.rows());
  if (locals_.empty()) {
    if (size() == 0) tuples_.find_or_add({});  // the only group; all entries are 0 from the start
    return groups_.data();
  }
  size_t next = 0;
  if (bucket_width_) {
    const store::ColumnData* times = nullptr;
    if (time_column) {
      CLEW_ASSIGN(times, reader.read(*time_column));
    }
    locals_[next++].load_buckets(times, *bucket_width_, selection);
  }
  for (size_t column : columns_) CLEW_TRY(locals_[next++].load(reader, bound[column], selection));

  uint64_t product = 1;
  bool same_as_before = true, belong_to_segment = true;
  for (const LocalCodes& local : locals_) {
    if (__builtin_mul_overflow(product, local.cardinality(), &product)) product = UINT64_MAX;
    same_as_before &= local.same_as_before();
    belong_to_segment &= local.belong_to_segment();
  }
  bool keeps_meaning = same_as_before && dense_groups_.size() == product;
  uint64_t most = locals_.size() == 1 || belong_to_segment ? kMostKeptCombinations : kMostClearedCombinations;
  if (product > most) {
    assign_hashed(selection);
  } else {
    if (!keeps_meaning) dense_groups_.assign(product, kUnknown);
    assign_dense(selection, product);
  }
  return groups_.data();
}

void GroupKeys::assign_dense(const Selection& selection, uint64_t product) {
  auto look_up = [this](uint32_t row, size_t combination) {
    uint32_t& group = dense_groups_[combination];
    if (group == kUnknown) group = group_of_row(row);
    groups_[row] = group;
  };
  if (product == 1) {
    if (selection.empty()) return;
    std::optional<uint32_t> group;
    for_each_row(selection, [&](uint32_t row) {
      if (!group) group = group_of_row(row);
      groups_[row] = *group;
    });
  } else if (locals_.size() == 1) {
    const uint32_t* codes = locals_[0].codes();
    for_each_row(selection, [&](uint32_t row) { look_up(row, codes[row]); });
  } else if (locals_.size() == 2) {
    const uint32_t *first = locals_[0].codes(), *second = locals_[1].codes();
    size_t stride = locals_[1].cardinality();
    for_each_row(selection, [&](uint32_t row) { look_up(row, first[row] * stride + second[row]); });
  } else if (locals_.size() == 3) {
    const uint32_t *first = locals_[0].codes(), *second = locals_[1].codes(), *third = locals_[2].codes();
    size_t stride = locals_[1].cardinality(), inner = locals_[2].cardinality();
    for_each_row(selection, [&](uint32_t row) {
      look_up(row, (first[row] * stride + second[row]) * inner + third[row]);
    });
  } else {
    for_each_row(selection, [&](uint32_t row) {
      size_t combination = 0;
      for (const LocalCodes& local : locals_)
        combination = combination * local.cardinality() + local.codes()[row];
      look_up(row, combination);
    });
  }
}

void GroupKeys::assign_hashed(const Selection& selection) {
  dense_groups_.clear();
  std::vector<uint64_t> keys(selection.rows());
  fold_into(keys, selection);
  KeyNumbers groups(selection.count());
  for_each_row(selection, [&](uint32_t row) {
    auto [number, is_new] = groups.find(keys[row]);
    if (is_new) *number = group_of_row(row);
    groups_[row] = *number;
  });
}

// Packs the codes of each row into 64 bits. When they do not fit, what is packed so far is numbered anew: a
// granule has at most 2^16 distinct combinations.
void GroupKeys::fold_into(std::vector<uint64_t>& keys, const Selection& selection) const {
  uint32_t bits = 0;
  for (const LocalCodes& local : locals_) {
    uint32_t more = bits_for(local.cardinality());
    if (bits + more > 64) {
      KeyNumbers numbers(selection.count());
      uint32_t next = 0;
      for_each_row(selection, [&](uint32_t row) {
        auto [number, is_new] = numbers.find(keys[row]);
        if (is_new) *number = next++;
        keys[row] = *number;
      });
      bits = next > 1 ? bits_for(next) : 0;
    }
    const uint32_t* codes = local.codes();
    for_each_row(selection,
                 [&](uint32_t row) { keys[row] = more == 0 ? keys[row] : keys[row] << more | codes[row]; });
    bits += more;
  }
}

uint32_t GroupKeys::group_of_row(uint32_t row) {
  for (size_t i = 0; i < locals_.size(); ++i) tuple_[i] = locals_[i].id_of(row);
  return tuples_.find_or_add(tuple_);
}

uint32_t GroupKeys::adopt(const GroupKeys& other, uint32_t group) {
  std::span<const uint32_t> ids = other.ids(group);
  for (size_t i = 0; i < ids.size(); ++i)
    tuple_[i] = locals_[i].values().intern_from(other.values(i), ids[i]);
  return tuples_.find_or_add(tuple_);
}

size_t GroupKeys::bytes() const {
  size_t bytes = tuples_.bytes() + dense_groups_.capacity() * sizeof(uint32_t);
  for (const LocalCodes& local : locals_) bytes += local.values().bytes();
  return bytes;
}

}  // namespace clew::query
