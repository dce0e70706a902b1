// QueueLog: the batches of a sending queue on disk (docs/format/queue.md). A batch is written and synced
// before its sender is told, and marked as sent when it was; what is not marked is there again after a
// restart.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/file_system.h"
#include "base/result.h"
#include "telemetry/batch.h"

namespace clew::pipeline {

class QueueLog {
 public:
  struct Options {
    uint64_t segment_bytes = uint64_t{16} << 20;
  };
  struct Stored {
    uint64_t number = 0;
    Batch batch;  // without its bytes; read() has them
    uint64_t bytes = 0;
  };

  // Takes the directory, which must exist, and reads what is in it. conflict when another holds it.
  static Result<std::unique_ptr<QueueLog>> open(std::string directory, FileSystem& files, Options options);
  static Result<std::unique_ptr<QueueLog>> open(std::string directory, FileSystem& files);
  ~QueueLog();
  QueueLog(const QueueLog&) = delete;
  QueueLog& operator=(const QueueLog&) = delete;

  // What was there when it was opened, the oldest first. Once.
  std::vector<Stored> take_recovered();

  // Any thread. `done` is called on the log's thread with the number under which the batch is on disk, or why
  // it is not.
  void append(Batch batch, std::function<void(Result<uint64_t>)> done);
  // Any thread. The batch was sent, or given up.
  void remove(uint64_t number);
  // A batch that was appended or recovered and not removed.
  Result<Batch> read(uint64_t number) const;

 private:
  struct Segment {
    uint64_t number = 0;
    std::string path;
    std::shared_ptr<File> file;
    uint64_t size = 0;
    uint64_t live = 0;  // batches in it that are not removed
  };
  struct Place {
    std::shared_ptr<Segment> segment;
    uint64_t offset = 0;  // of its payload
    uint64_t bytes = 0;
    Batch batch;  // without bytes
  };
  struct Appending {
    uint64_t number = 0;
    Batch batch;
    std::function<void(Result<uint64_t>)> done;
  };

  QueueLog(std::string directory, FileSystem& files, Options options)
      : directory_(std::move(directory)), files_(files), options_(options) {}
  Status recover();
  Status recover_segment(const std::shared_ptr<Segment>& segment);
  void run();
  void write(std::vector<Appending> appending, std::vector<uint64_t> removed);
  Status write_group(const std::vector<Appending>& appending, const std::vector<uint64_t>& removed);
  Status next_segment();
  void delete_finished_segments();
  void forget(uint64_t number);

  const std::string directory_;
  FileSystem& files_;
  const Options options_;
  std::unique_ptr<File> lock_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  // Guarded by mutex_:
  std::vector<Appending> appending_;
  std::vector<uint64_t> removed_;
  std::map<uint64_t, Place> places_;
  uint64_t last_number_ = 0;
  bool stopping_ = false;

  // Of the log's thread, and of open():
  std::map<uint64_t, std::shared_ptr<Segment>> segments_;
  std::shared_ptr<Segment> current_;
  uint64_t last_segment_ = 0;
  std::vector<uint64_t> to_cancel_;  // may be on disk although their senders were told otherwise

  std::vector<Stored> recovered_;
  std::thread thread_;
};

}  // namespace clew::pipeline
