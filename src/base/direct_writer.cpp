#include "base/direct_writer.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace clew {

std::unique_ptr<DirectWriter> DirectWriter::open(const std::string& path, int descriptor) {
  std::unique_ptr<char, Free> buffer(static_cast<char*>(std::aligned_alloc(kBlock, kBuffer)));
  if (!buffer) return nullptr;
  const int direct = ::open(path.c_str(), O_WRONLY | O_DIRECT | O_CLOEXEC);
  if (direct < 0) return nullptr;
  std::unique_ptr<DirectWriter> writer(new DirectWriter(descriptor, direct, std::move(buffer)));
  // Some file systems open a file in this way and refuse to write to it.
  std::memset(writer->buffer_.get(), 0, kBlock);
  if (::pwrite(direct, writer->buffer_.get(), kBlock, 0) != static_cast<ssize_t>(kBlock)) return nullptr;
  return writer;
}

DirectWriter::~DirectWriter() {
  // Readers pass over zeros too.
  [[maybe_unused]] const int cut = ::ftruncate(descriptor_, static_cast<off_t>(size()));
  ::close(direct_);
}

int DirectWriter::append(std::span<const std::string_view> pieces) {
  for (std::string_view piece : pieces) {
    while (!piece.empty()) {
      const size_t taken = std::min(piece.size(), kBuffer - used_);
      std::memcpy(buffer_.get() + used_, piece.data(), taken);
      used_ += taken;
      piece.remove_prefix(taken);
      if (used_ < kBuffer) break;
      if (const int error = write_out()) return error;
    }
  }
  return write_out();
}

int DirectWriter::write_out() {
  const size_t end = (used_ + kBlock - 1) / kBlock * kBlock;
  std::memset(buffer_.get() + used_, 0, end - used_);
  for (size_t done = 0; done < end;) {
    const ssize_t got =
        ::pwrite(direct_, buffer_.get() + done, end - done, static_cast<off_t>(begin_ + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno;
    // A full disk may take some; what is not a whole block is written again.
    const size_t blocks = static_cast<size_t>(got) / kBlock * kBlock;
    if (blocks == 0) return ENOSPC;
    done += blocks;
  }
  const size_t finished = used_ / kBlock * kBlock;
  std::memmove(buffer_.get(), buffer_.get() + finished, used_ - finished);
  begin_ += finished;
  used_ -= finished;
  return 0;
}

int DirectWriter::truncate(uint64_t size) {
  if (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0) return errno;
  begin_ = size / kBlock * kBlock;
  used_ = 0;
  while (begin_ + used_ < size) {
    const ssize_t got = ::pread(descriptor_, buffer_.get() + used_, size - begin_ - used_,
                                static_cast<off_t>(begin_ + used_));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return got < 0 ? errno : EIO;
    used_ += static_cast<size_t>(got);
  }
  return 0;
}

}  // namespace clew
