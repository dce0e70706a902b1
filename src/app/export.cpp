// clew export: the data of a directory as a file of OTLP requests.
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <ostream>
#include <signal.h>
#include <string>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/byte_size.h"
#include "app/data_directory.h"
#include "app/data_option.h"
#include "app/progress_bar.h"
#include "app/subcommands.h"
#include "base/compression.h"
#include "control/environments.h"
#include "control/schema.h"
#include "store/columnar/otlp_encoder.h"
#include "store/columnar/store.h"
#include "store/columnar/store_copy.h"
#include "telemetry/otlp_file.h"
#include "telemetry/otlp_json.h"

namespace clew::app {
namespace {

struct ExportOptions {
  std::string file;
  std::string signal = "traces";
  std::string environment = "default";
  std::string from, to;
  std::string format = "protobuf";
  bool zstd = false;
};

// A copy of the store as of this moment, beside the original so that links do, and gone in the end. It is
// what lets a server go on meanwhile.
class MomentaryCopy {
 public:
  explicit MomentaryCopy(const std::string& data) : path_(join_path(data, name_of(getpid()))) {}
  ~MomentaryCopy() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  // Those of commands that were killed: their links keep dropped parts on the disk.
  static void remove_abandoned(const std::string& data) {
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(data, ignored)) {
      int process = 0;
      const std::string name = entry.path().filename();
      if (std::sscanf(name.c_str(), "export-%d", &process) != 1 || name != name_of(process)) continue;
      if (kill(process, 0) != 0 && errno == ESRCH) std::filesystem::remove_all(entry.path(), ignored);
    }
  }
  MomentaryCopy(const MomentaryCopy&) = delete;
  MomentaryCopy& operator=(const MomentaryCopy&) = delete;

  Result<std::unique_ptr<store::ColumnarStore>> open(const std::string& data) {
    CLEW_ASSIGN(const auto copied, store::copy_store(real_file_system(), join_path(data, "store"), path_));
    store::ColumnarOptions options;
    options.directory = path_;
    options.retention = {};
    options.background = false;
    return store::ColumnarStore::open(std::move(options));
  }

 private:
  static std::string name_of(int process) { return fmt::format("export-{}.tmp", process); }

  const std::string path_;
};

// Where the requests go: a file that appears under its name when it is whole, or the standard output.
class Output {
 public:
  static Result<std::unique_ptr<Output>> open(const std::string& path, Surroundings& surroundings) {
    std::unique_ptr<Output> output(new Output(path, surroundings));
    if (path == "-") return output;
    CLEW_ASSIGN(const bool exists, real_file_system().exists(path));
    if (exists) return Status(ErrorKind::conflict, fmt::format("the file exists already: {}", path));
    CLEW_ASSIGN(output->file_, real_file_system().open(output->draft(), OpenMode::replace));
    return output;
  }
  ~Output() {
    if (file_ && !whole_) (void)real_file_system().remove(draft());
  }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  Status write(std::string_view bytes) {
    bytes_ += bytes.size();
    if (file_) return file_->append(bytes);
    surroundings_.out << bytes;
    return surroundings_.out ? Status() : Status(ErrorKind::unavailable, "the output was closed");
  }
  Status finish() {
    if (!file_) return Status();
    CLEW_TRY(file_->sync());
    CLEW_TRY(real_file_system().rename(draft(), path_));
    whole_ = true;
    return Status();
  }
  uint64_t bytes() const { return bytes_; }

 private:
  Output(std::string path, Surroundings& surroundings)
      : path_(std::move(path)), surroundings_(surroundings) {}
  std::string draft() const { return path_ + ".tmp"; }

  const std::string path_;
  Surroundings& surroundings_;
  std::unique_ptr<File> file_;
  uint64_t bytes_ = 0;
  bool whole_ = false;
};

Result<std::string> encoded(const ExportOptions& options, Signal signal, std::string request) {
  const bool json = options.format == "json";
  if (json) {
    CLEW_ASSIGN(request, protobuf_to_json(signal, request));
    if (!options.zstd) return request + "\n";
  }
  if (options.zstd) request = compress(Compression::zstd, request, Effort::balanced);
  std::string frame;
  otlp::append_frame(frame, request);
  return frame;
}

Signal signal_of(const std::string& name) {
  return name == "logs" ? Signal::logs : name == "metrics" ? Signal::metrics : Signal::traces;
}

Status export_to_file(const ExportOptions& options, const std::string& data, Surroundings& surroundings) {
  CLEW_TRY(check_data_directory(data, IfMissing::fail));
  store::EncodeOptions wanted{.signal = signal_of(options.signal)};
  const UnixNanos at = now();
  if (!options.from.empty()) {
    CLEW_ASSIGN(wanted.from, parse_time(options.from, at));
  }
  if (!options.to.empty()) {
    CLEW_ASSIGN(wanted.to, parse_time(options.to, at));
  }
  EnvironmentId environment;
  {
    CLEW_ASSIGN(control::Database database, control::open_control_database(data));
    CLEW_ASSIGN(const control::Environment found, control::find_environment(database, options.environment));
    environment = found.id;
  }
  CLEW_ASSIGN(const auto output, Output::open(options.file, surroundings));
  MomentaryCopy::remove_abandoned(data);
  MomentaryCopy copy(data);
  CLEW_ASSIGN(const auto store, copy.open(data));
  ProgressBar bar(surroundings.err_is_terminal ? &surroundings.err : nullptr, "Exporting",
                  ProgressUnit::rows);
  wanted.progress = [&bar](uint64_t done, uint64_t total) { bar.show(done, total); };
  CLEW_ASSIGN(
      const auto summary,
      store::encode_otlp(store->snapshot(environment, wanted.signal), wanted, [&](std::string request) {
        auto piece = encoded(options, wanted.signal, std::move(request));
        return piece.ok() ? output->write(*piece) : std::move(piece).status();
      }));
  CLEW_TRY(output->finish());
  surroundings.err << fmt::format("{} {}, {}\n", summary.items,
                                  wanted.signal == Signal::traces ? "spans"
                                  : wanted.signal == Signal::logs ? "log records"
                                                                  : "metric points",
                                  byte_size_for_people(output->bytes()));
  if (summary.strays != 0)
    surroundings.err << fmt::format("note: {} events and links are left out: their spans are not there\n",
                                    summary.strays);
  if (summary.damages.empty()) return Status();
  std::string about = fmt::format("{} damaged, and left out:", summary.damages.size());
  for (const std::string& damage : summary.damages) about += "\n  " + damage;
  return Status(ErrorKind::corrupt, std::move(about));
}

}  // namespace

Action define_export(CLI::App& command) {
  const auto options = std::make_shared<ExportOptions>();
  command.description(
      "Write traces, logs or metrics to a file of OTLP requests, while a server runs or not. The formats are "
      "those of the OpenTelemetry Collector's file exporter: each request with its length in front (4 bytes, "
      "big-endian), in protobuf, or one line of JSON each. clew import reads them, and so does the Collector "
      "(otlpjsonfile).");
  command.add_option("FILE", options->file, "Must not exist; - for the standard output")->required();
  command.add_option("--signal", options->signal, "traces, logs or metrics: a file holds one of them")
      ->type_name("SIGNAL")
      ->default_str("traces")
      ->check(CLI::IsMember({"traces", "logs", "metrics"}));
  command.add_option("--from", options->from, "-15m, -7d, 2026-03-01T12:00:00Z")
      ->type_name("TIME")
      ->default_str("all");
  command.add_option("--to", options->to, "Up to, not including")->type_name("TIME")->default_str("all");
  command.add_option("--format", options->format, "protobuf or json")
      ->type_name("FORMAT")
      ->default_str("protobuf")
      ->check(CLI::IsMember({"protobuf", "json"}));
  command.add_flag("--zstd", options->zstd, "Compress each request");
  command.add_option("--environment", options->environment, "Whose data")
      ->type_name("NAME")
      ->default_str("default");
  const auto data = std::make_shared<DataOption>(command);
  command.footer(
      "Examples:\n"
      "  clew export traces.otlp --data /var/lib/clew\n"
      "  clew export errors.jsonl --signal logs --from -1d --format json\n"
      "  clew export - --format json | jq .resourceSpans");
  return [options, data](Surroundings& surroundings) -> Status {
    CLEW_ASSIGN(const std::string directory, data->resolve(surroundings));
    return export_to_file(*options, directory, surroundings);
  };
}

}  // namespace clew::app
