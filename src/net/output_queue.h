// OutputQueue: bytes on their way to a socket. Small pieces are joined so that one answer is one write; large
// strings are passed on without a copy.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <sys/uio.h>

namespace clew::net {

class OutputQueue {
 public:
  bool empty() const { return size_ == 0; }
  size_t size() const { return size_; }

  void append(std::string_view bytes);
  void append(std::string&& bytes);
  void append(const char* bytes) { append(std::string_view(bytes)); }
  // Everything of `other`, which is empty afterwards.
  void append_all(OutputQueue& other);

  // The first bytes, as far as `places` reach; returns how many places are in use.
  size_t peek(std::span<iovec> places) const;
  // The first `count` bytes have been written.
  void consume(size_t count);
  void clear();

 private:
  std::string& open_tail();

  std::vector<std::string> pieces_;
  size_t first_ = 0;   // the piece that is written now
  size_t offset_ = 0;  // how much of it has gone
  size_t size_ = 0;
};

}  // namespace clew::net
