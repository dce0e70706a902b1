// SharedBytes: immutable bytes that many owners may hold, and views into them that keep them alive.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace clew {

class SharedBytes {
 public:
  SharedBytes() = default;
  // Takes the string over without copying its bytes.
  explicit SharedBytes(std::string bytes)
      : owner_(std::make_shared<const std::string>(std::move(bytes))), view_(*owner_) {}

  std::string_view view() const { return view_; }
  size_t size() const { return view_.size(); }
  bool empty() const { return view_.empty(); }
  // A part of these bytes, held by the same owner.
  SharedBytes slice(size_t from, size_t count) const {
    SharedBytes part = *this;
    part.view_ = view_.substr(from, count);
    return part;
  }

 private:
  std::shared_ptr<const std::string> owner_;
  std::string_view view_;
};

}  // namespace clew
