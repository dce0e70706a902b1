// DirectWriter: appends to a file past the page cache, from aligned memory of its own. For a file that is
// synced after nearly every append this spares the copy into pages, the pages themselves, and the writing of
// them that a sync would have to wait for.
//
// The disk takes whole blocks only. The last, unfinished one is written with zeros behind it, and again with
// the next append: until it is cut by the destructor, or when power goes, up to kBlock - 1 zeros stand behind
// what was appended.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace clew {

class DirectWriter {
 public:
  static constexpr uint64_t kBlock = 4096;  // no disk in use asks for larger ones

  // For the empty file at `path`, which is open as `descriptor` for as long as this lives; nullptr where the
  // file system has no such way.
  static std::unique_ptr<DirectWriter> open(const std::string& path, int descriptor);
  ~DirectWriter();
  DirectWriter(const DirectWriter&) = delete;
  DirectWriter& operator=(const DirectWriter&) = delete;

  // The numbers of errors, 0 when it worked. After a failed append some of the bytes may be there.
  int append(std::span<const std::string_view> pieces);
  int truncate(uint64_t size);
  // What was appended, without the zeros.
  uint64_t size() const { return begin_ + used_; }

 private:
  static constexpr size_t kBuffer = size_t{1} << 20;
  struct Free {
    void operator()(char* memory) const { std::free(memory); }
  };

  DirectWriter(int descriptor, int direct, std::unique_ptr<char, Free> buffer)
      : descriptor_(descriptor), direct_(direct), buffer_(std::move(buffer)) {}
  // Writes the buffer, and keeps of it the unfinished block.
  int write_out();

  const int descriptor_, direct_;
  // The file from `begin_` on, a multiple of kBlock; there is always room for a byte.
  const std::unique_ptr<char, Free> buffer_;
  uint64_t begin_ = 0;
  size_t used_ = 0;
};

}  // namespace clew
