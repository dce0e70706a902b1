// file: appends every request to a file, in the formats that the Collector's exporter of this name writes and
// `clew import` reads.
#include <mutex>

#include <fmt/format.h>

#include "base/compression.h"
#include "pipeline/config/section.h"
#include "pipeline/exporters/exporters.h"
#include "pipeline/exporters/rotating_file.h"
#include "telemetry/otlp_file.h"
#include "telemetry/otlp_json.h"

namespace clew::pipeline {
namespace {

struct FileSettings {
  RotatingFileSettings file;
  bool json = true;
  bool zstd = false;
  bool creates_directory = false;
};

Status make_with_parents(const std::string& path) {
  CLEW_ASSIGN(const bool there, real_file_system().exists(path));
  if (there) return {};
  if (const std::string parent = parent_path(path); parent != path) CLEW_TRY(make_with_parents(parent));
  return real_file_system().make_directory(path);
}

class FileExporter final : public Exporter {
 public:
  explicit FileExporter(FileSettings settings) : settings_(std::move(settings)) {}

  Status start() override {
    if (settings_.creates_directory) CLEW_TRY(make_with_parents(parent_path(settings_.file.path)));
    CLEW_ASSIGN(file_, RotatingFile::open(settings_.file, real_file_system()));
    return {};
  }
  void stop() override { file_.reset(); }

  void consume(Batch batch, std::function<void(Outcome)> done) override {
    Result<std::string> encoded = encode(batch);
    if (!encoded.ok()) return done({.status = std::move(encoded).status()});
    Status status;
    {
      std::lock_guard lock(mutex_);
      status = file_->append(*encoded, now());
    }
    done({.status = std::move(status)});
  }

 private:
  Result<std::string> encode(const Batch& batch) const {
    std::string json;
    if (settings_.json) {
      CLEW_ASSIGN(json, protobuf_to_json(batch.signal, batch.otlp.view()));
    }
    std::string_view message = settings_.json ? std::string_view(json) : batch.otlp.view();
    if (settings_.json && !settings_.zstd) return std::move(json) + '\n';
    std::string framed;
    if (settings_.zstd)
      otlp::append_frame(framed, compress(Compression::zstd, message));
    else
      otlp::append_frame(framed, message);
    return framed;
  }

  const FileSettings settings_;
  std::mutex mutex_;
  std::unique_ptr<RotatingFile> file_;  // guarded by mutex_ while it is used
};

Rotation read_rotation(Section&& section) {
  Rotation rotation;
  uint64_t megabytes = 100;
  section.read("max_megabytes", megabytes);
  section.read("max_days", rotation.max_days);
  section.read("max_backups", rotation.max_backups);
  section.read("localtime", rotation.local_time);
  if (megabytes == 0 || megabytes > 1 << 20)
    section.error("max_megabytes", fmt::format("expected 1 to {}, got {}", 1 << 20, megabytes));
  rotation.max_bytes = megabytes << 20;
  return rotation;
}

}  // namespace

ExporterPlan configure_file(Section& section) {
  FileSettings settings;
  section.read("path", settings.file.path);
  if (settings.file.path.empty()) section.error("path", "expected the path of a file");
  section.read("append", settings.file.appends);
  section.read("create_directory", settings.creates_directory);
  std::string format = "json", compression = "none";
  section.read_choice("format", format, {"json", "proto"});
  settings.json = format == "json";
  section.read_choice("compression", compression, {"none", "zstd"});
  settings.zstd = compression == "zstd";
  if (section.has("rotation")) settings.file.rotation = read_rotation(section.section("rotation"));
  section.refuse("group_by", "clew writes one file for each exporter; route to several of them instead");
  section.refuse("encoding", "clew writes format: json or proto");
  // Every request is written when it is accepted.
  section.ignore({"flush_interval", "directory_permissions"});
  return {.make = [settings](const Site&) -> Result<std::unique_ptr<Exporter>> {
            return std::unique_ptr<Exporter>(std::make_unique<FileExporter>(settings));
          },
          .delivery = std::nullopt};
}

}  // namespace clew::pipeline
