// groupbytrace: holds spans for a while, and hands on each trace as one request.
#include "pipeline/config/section.h"
#include "pipeline/patient_handover.h"
#include "pipeline/processors/processors.h"
#include "pipeline/self_telemetry.h"
#include "pipeline/traces/trace_room.h"

namespace clew::pipeline {
namespace {

class GroupByTrace final : public Processor {
 public:
  GroupByTrace(TraceRoomLimits limits, const Site& site, Consumer& next)
      : limits_(limits),
        released_traces_(counter(site, "otelcol_processor_groupbytrace_traces_released")),
        released_spans_(counter(site, "otelcol_processor_groupbytrace_spans_released")),
        handover_(site.id.text(), site.timers, next),
        room_(limits,
              site.telemetry.gauge("otelcol_processor_groupbytrace_num_traces_in_memory",
                                   {{"processor", site.id.text()}}),
              counter(site, "otelcol_processor_groupbytrace_early_releases"),
              [this](WaitingTrace trace) { release(std::move(trace)); }) {
    site.telemetry.gauge("otelcol_processor_groupbytrace_conf_num_traces", {{"processor", site.id.text()}})
        .store(static_cast<int64_t>(limits.most_traces));
  }

  Status start() override {
    room_.start();
    return {};
  }
  void stop() override {
    room_.stop();
    handover_.stop();
  }

  void consume(Batch batch, std::function<void(Outcome)> done) override {
    auto pieces = split_by_trace(batch.otlp.view());
    if (!pieces.ok()) return done({.status = std::move(pieces).status()});
    if (handover_.held_bytes() > limits_.most_bytes || !room_.add(batch.environment, std::move(*pieces)))
      return done(
          {.status = Status(ErrorKind::unavailable, "the stages behind groupbytrace do not keep up")});
    done({});
  }

 private:
  static std::atomic<int64_t>& counter(const Site& site, const char* name) {
    return site.telemetry.counter(name, {{"processor", site.id.text()}});
  }

  void release(WaitingTrace trace) {
    released_traces_.fetch_add(1, std::memory_order_relaxed);
    released_spans_.fetch_add(static_cast<int64_t>(trace.spans), std::memory_order_relaxed);
    handover_.hand_on(std::move(trace).joined());
  }

  const TraceRoomLimits limits_;
  std::atomic<int64_t>& released_traces_;
  std::atomic<int64_t>& released_spans_;
  PatientHandover handover_;
  TraceRoom room_;
};

}  // namespace

MakeProcessor configure_groupbytrace(Section& section) {
  TraceRoomLimits limits{.wait = seconds(1), .most_traces = 1'000'000};
  uint64_t limit_mib = limits.most_bytes >> 20;
  bool discard_orphans = false, store_on_disk = false;
  section.read("wait_duration", limits.wait);
  section.read("num_traces", limits.most_traces);
  section.read("limit_mib", limit_mib);
  section.ignore({"num_workers"});
  section.read("discard_orphans", discard_orphans);
  section.read("store_on_disk", store_on_disk);
  if (discard_orphans) section.error("discard_orphans", "clew discards none, and neither does the Collector");
  if (store_on_disk) section.error("store_on_disk", "clew holds waiting traces in memory only");
  if (limits.most_traces == 0) section.error("num_traces", "expected at least 1");
  if (limit_mib == 0 || limit_mib > (uint64_t{1} << 30)) section.error("limit_mib", "expected at least 1");
  limits.most_bytes = limit_mib << 20;
  return [limits](const Site& site, Consumer& next) -> Result<std::unique_ptr<Processor>> {
    return std::unique_ptr<Processor>(std::make_unique<GroupByTrace>(limits, site, next));
  };
}

}  // namespace clew::pipeline
