// ByteArena: keeps small texts at fixed addresses until it is cleared. For what a processor writes into
// messages whose other parts are views.
#pragma once

#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace clew::pipeline {

class ByteArena {
 public:
  // A copy that stays where it is until clear().
  std::string_view keep(std::string_view bytes) {
    if (bytes.empty()) return {};
    if (bytes.size() > kBlock) {
      large_.push_back(std::make_unique<char[]>(bytes.size()));
      std::memcpy(large_.back().get(), bytes.data(), bytes.size());
      return {large_.back().get(), bytes.size()};
    }
    if (blocks_.empty() || used_ + bytes.size() > kBlock) next_block();
    char* const place = blocks_[current_].get() + used_;
    std::memcpy(place, bytes.data(), bytes.size());
    used_ += bytes.size();
    return {place, bytes.size()};
  }

  // The memory is used again.
  void clear() {
    large_.clear();
    current_ = 0;
    used_ = 0;
  }

 private:
  static constexpr size_t kBlock = 4096;

  void next_block() {
    if (!blocks_.empty()) ++current_;
    if (current_ >= blocks_.size()) blocks_.push_back(std::make_unique<char[]>(kBlock));
    used_ = 0;
  }

  std::vector<std::unique_ptr<char[]>> blocks_;
  std::vector<std::unique_ptr<char[]>> large_;
  size_t current_ = 0;
  size_t used_ = 0;
};

}  // namespace clew::pipeline
