// What the simulated disk keeps of one file or directory: as calls see it, and as it is on the disk.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <set>
#include <string>

#include "base/simulated_file_system.h"

namespace clew {

struct SimulatedFileSystem::Node {
  bool is_directory = false;
  std::string content;  // as calls see it
  std::string durable;  // as it would be after power loss if all that is unsynced were lost
  const void* lock_holder = nullptr;

  void append(std::string_view bytes);
  void truncate(uint64_t size);
  void overwrite(std::string bytes);
  // Brings all, none or some of what is unsynced to the disk, and forgets the rest.
  void settle(PowerLoss unsynced, std::mt19937_64& random);

 private:
  void change_size(uint64_t size);
  void mark(uint64_t from, uint64_t to);
  uint64_t settled_size(PowerLoss unsynced, std::mt19937_64& random) const;

  // What differs since the last sync: sectors, by number, the size with the smallest one in between, and the
  // longest content that was cut since, which may reach the disk while the cut does not.
  std::set<uint64_t> unsynced_;
  bool size_unsynced_ = false;
  uint64_t smallest_size_ = 0;
  std::optional<std::string> cut_;
};

}  // namespace clew
