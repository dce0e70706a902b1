// debug: writes what comes through to standard error.
#include <cstdio>
#include <mutex>

#include <fmt/format.h>

#include "pipeline/config/section.h"
#include "pipeline/exporters/exporters.h"
#include "pipeline/otlp/item_count.h"
#include "pipeline/otlp/item_walk.h"
#include "pipeline/self_telemetry.h"
#include "telemetry/otlp_json.h"
#include "telemetry/otlp_schema.h"

namespace clew::pipeline {
namespace {

enum class Verbosity : uint8_t { basic, normal, detailed };

struct DebugSettings {
  Verbosity verbosity = Verbosity::basic;
  uint64_t initial = 2;     // per second, written in any case
  uint64_t thereafter = 1;  // of those beyond, every n-th
};

class DebugExporter final : public Exporter {
 public:
  explicit DebugExporter(DebugSettings settings) : settings_(settings) {}

  void consume(Batch batch, std::function<void(Outcome)> done) override {
    if (is_wanted()) write(batch);
    done({});
  }

 private:
  bool is_wanted() {
    std::lock_guard lock(mutex_);
    const int64_t second = monotonic_now().count / 1'000'000'000;
    if (std::exchange(second_, second) != second) seen_ = 0;
    ++seen_;
    if (seen_ <= settings_.initial) return true;
    return settings_.thereafter != 0 && (seen_ - settings_.initial) % settings_.thereafter == 0;
  }

  void write(const Batch& batch) const {
    std::string text = fmt::format("{} {}: {} {}\n", to_rfc3339(now()), name_of(batch.signal),
                                   items_of(batch), items_word(batch.signal));
    const otlp::Message& message = batch.signal == Signal::traces ? otlp::messages::span
                                   : batch.signal == Signal::logs ? otlp::messages::log_record
                                                                  : otlp::messages::metric;
    const auto append = [&](std::string_view margin, const otlp::Message& kind, std::string_view bytes) {
      const Result<std::string> json = protobuf_to_json(kind, bytes);
      text += fmt::format("{}{}\n", margin, json.ok() ? *json : std::string(json.status().message()));
    };
    if (settings_.verbosity == Verbosity::detailed) {
      const Result<std::string> json = protobuf_to_json(batch.signal, batch.otlp.view());
      text += json.ok() ? *json + "\n" : std::string(json.status().message()) + "\n";
    } else if (settings_.verbosity == Verbosity::normal) {
      const Status walked =
          walk_items(batch.otlp.view(), [&](const ItemPlace& place) { append("  ", message, place.item); });
      if (!walked.ok()) text += std::string(walked.message()) + "\n";
    }
    std::fwrite(text.data(), 1, text.size(), stderr);
  }

  const DebugSettings settings_;
  std::mutex mutex_;
  int64_t second_ = 0;  // guarded by mutex_
  uint64_t seen_ = 0;   // guarded by mutex_
};

}  // namespace

ExporterPlan configure_debug(Section& section) {
  DebugSettings settings;
  std::string verbosity = "basic";
  section.read_choice("verbosity", verbosity, {"basic", "normal", "detailed"});
  settings.verbosity = verbosity == "detailed" ? Verbosity::detailed
                       : verbosity == "normal" ? Verbosity::normal
                                               : Verbosity::basic;
  section.read("sampling_initial", settings.initial);
  section.read("sampling_thereafter", settings.thereafter);
  section.ignore({"use_internal_logger", "output_paths", "sending_queue"});
  return {.make = [settings](const Site&) -> Result<std::unique_ptr<Exporter>> {
            return std::unique_ptr<Exporter>(std::make_unique<DebugExporter>(settings));
          },
          .delivery = std::nullopt};
}

}  // namespace clew::pipeline
