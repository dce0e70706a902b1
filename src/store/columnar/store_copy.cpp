#include "store/columnar/store_copy.h"

#include <algorithm>

#include <fmt/format.h>

#include "store/columnar/directory_lock.h"
#include "store/columnar/file_names.h"
#include "store/columnar/manifest.h"
#include "store/columnar/wal_replay.h"

namespace clew::store {
namespace {

constexpr uint64_t kMaxManifestBytes = uint64_t{512} << 20;
constexpr uint64_t kMaxFormatBytes = 4096;
constexpr uint64_t kStepBytes = uint64_t{1} << 20;
// A manifest is replaced a few times a second at most, and most of what it names is there from the attempt
// before.
constexpr uint64_t kMostAttempts = 1'000;

class StoreCopy {
 public:
  StoreCopy(FileSystem& files, const std::string& source, const std::string& target,
            const StoreCopyOptions& options)
      : files_(files), source_(source), target_(target), options_(options) {}

  Result<StoreCopySummary> make() {
    CLEW_ASSIGN(const std::string format,
                files_.read_file(join_path(source_, kFormatFileName), kMaxFormatBytes));
    CLEW_TRY(files_.make_directory(target_));
    CLEW_ASSIGN(const auto present, files_.list(target_));
    if (!present.empty())
      return Status(ErrorKind::conflict,
                    fmt::format("the directory is not empty; name an empty or a new one: {}", target_));
    CLEW_TRY(files_.make_directory(join_path(target_, kPartsDirectoryName)));
    CLEW_TRY(files_.make_directory(join_path(target_, kWalDirectoryName)));
    std::string manifest_before;
    for (bool whole = false; !whole;) {
      if (++summary_.attempts > kMostAttempts)
        return Status(ErrorKind::unavailable,
                      fmt::format("the store changes faster than it can be copied: {}", source_));
      CLEW_ASSIGN(std::string manifest,
                  files_.read_file(join_path(source_, kManifestFileName), kMaxManifestBytes));
      CLEW_ASSIGN(manifest_, decode_manifest(manifest));
      // What is missing although nothing newer was published is missing for good.
      const bool settled = manifest == manifest_before;
      manifest_before = std::move(manifest);
      CLEW_ASSIGN(whole, try_once(settled));
    }
    CLEW_TRY(remove_strangers());
    for (const std::string_view directory : {kPartsDirectoryName, kWalDirectoryName})
      CLEW_TRY(files_.sync_directory(join_path(target_, directory)));
    CLEW_TRY(commit_manifest(files_, target_, manifest_));
    CLEW_TRY(files_.publish_file(join_path(target_, kFormatFileName), format));
    CLEW_TRY(files_.sync_directory(parent_path(target_)));
    return std::move(summary_);
  }

 private:
  std::string part_path(const std::string& root, uint64_t number) const {
    return join_path(join_path(root, kPartsDirectoryName), part_name(number));
  }
  std::string segment_path(const std::string& root, uint64_t number) const {
    return join_path(join_path(root, kWalDirectoryName), wal_segment_name(number));
  }

  // Whether all of what the manifest names has been taken.
  Result<bool> try_once(bool settled) {
    summary_.parts = summary_.log_segments = summary_.bytes = 0;
    done_ = total_ = 0;
    for (const PartEntry& part : manifest_.parts) total_ += part.bytes;
    const std::string wal = join_path(source_, kWalDirectoryName);
    CLEW_ASSIGN(segments_, list_wal_segments(files_, wal));
    std::erase_if(segments_, [&](uint64_t number) { return number < manifest_.first_wal_segment; });
    // Numbers have no gaps, except while old segments are being deleted.
    for (size_t i = 0; i < segments_.size(); ++i) {
      if (segments_[i] != manifest_.first_wal_segment + i && !settled) return false;
      if (const auto info = files_.info(segment_path(source_, segments_[i])); info.ok()) total_ += info->size;
    }
    if (segments_.empty() && !settled) return false;
    for (const PartEntry& part : manifest_.parts) {
      const Status taken = take_part(part);
      if (taken.ok()) continue;
      if (taken.kind() != ErrorKind::not_found) return taken;
      if (!settled) return false;
      summary_.missing.push_back(part_path(source_, part.number));
    }
    for (const uint64_t number : segments_) {
      const Status copied = copy_file(segment_path(source_, number), segment_path(target_, number));
      if (!copied.ok() && copied.kind() != ErrorKind::not_found) return copied;
      if (!copied.ok()) return false;
      ++summary_.log_segments;
    }
    return true;
  }

  Status take_part(const PartEntry& part) {
    const std::string from = part_path(source_, part.number), to = part_path(target_, part.number);
    const auto add = [&] {
      ++summary_.parts;
      summary_.bytes += part.bytes;
    };
    // A number is never used twice: what is there from an attempt before is the same part.
    CLEW_ASSIGN(const bool there, files_.exists(to));
    if (!there && options_.hard_links) {
      const Status linked = files_.hard_link(from, to);
      if (linked.ok()) {
        ++summary_.linked_parts;
        add();
        advance(part.bytes);
        return {};
      }
      if (linked.kind() == ErrorKind::not_found) return linked;
      // Another disk, or one that knows no links: it becomes a copy.
    }
    if (!there) {
      const Status copied = copy_file(from, to);
      if (copied.ok()) add();
      return copied;
    }
    add();
    advance(part.bytes);
    return {};
  }

  // As much as there is when it is read: of the segment that is being written, the beginning.
  Status copy_file(const std::string& from, const std::string& to) {
    CLEW_ASSIGN(const auto source, files_.open(from, OpenMode::read));
    CLEW_ASSIGN(const auto target, files_.open(to, OpenMode::replace));
    CLEW_ASSIGN(const uint64_t size, source->size());
    for (uint64_t at = 0; at < size;) {
      const uint64_t step = std::min(kStepBytes, size - at);
      CLEW_ASSIGN(const std::string bytes, source->read_at(at, step));
      CLEW_TRY(target->append(bytes));
      at += step;
      advance(step);
    }
    if (from.ends_with(kWalSuffix)) summary_.bytes += size;
    return target->sync();
  }

  // What attempts before have taken and the last manifest does not name.
  Status remove_strangers() {
    const std::string parts = join_path(target_, kPartsDirectoryName),
                      wal = join_path(target_, kWalDirectoryName);
    CLEW_ASSIGN(const auto part_files, files_.list(parts));
    for (const DirectoryEntry& file : part_files) {
      const auto number = part_number(file.name);
      const bool named = std::any_of(manifest_.parts.begin(), manifest_.parts.end(),
                                     [&](const PartEntry& part) { return part.number == number; });
      if (!named) CLEW_TRY(files_.remove(join_path(parts, file.name)));
    }
    CLEW_ASSIGN(const auto numbers, list_wal_segments(files_, wal));
    for (const uint64_t number : numbers) {
      if (std::find(segments_.begin(), segments_.end(), number) == segments_.end())
        CLEW_TRY(files_.remove(segment_path(target_, number)));
    }
    return {};
  }

  void advance(uint64_t bytes) {
    done_ += bytes;
    if (options_.progress) options_.progress(done_, std::max(done_, total_));
  }

  FileSystem& files_;
  const std::string& source_;
  const std::string& target_;
  const StoreCopyOptions& options_;
  Manifest manifest_;
  std::vector<uint64_t> segments_;
  uint64_t done_ = 0, total_ = 0;
  StoreCopySummary summary_;
};

}  // namespace

Result<StoreCopySummary> copy_store(FileSystem& files, const std::string& source, const std::string& target,
                                    const StoreCopyOptions& options) {
  return StoreCopy(files, source, target, options).make();
}

}  // namespace clew::store
