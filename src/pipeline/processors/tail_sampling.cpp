// tail_sampling: holds the spans of a trace until it is likely to be complete, and then keeps it or leaves it
// out, as its policies say.
#include "pipeline/processors/tail_sampling/tail_sampling.h"

#include <mutex>

#include <fmt/format.h>

#include "base/log.h"
#include "pipeline/config/section.h"
#include "pipeline/otlp/weigh_spans.h"
#include "pipeline/patient_handover.h"
#include "pipeline/processors/processors.h"
#include "pipeline/self_telemetry.h"
#include "pipeline/traces/decided_traces.h"
#include "telemetry/protobuf_reader.h"

namespace clew::pipeline {
namespace {

class TailSampling final : public Processor {
 public:
  TailSampling(const TailSamplingSettings& settings, std::shared_ptr<PolicySet> policies, const Site& site,
               Consumer& next)
      : settings_(settings),
        policies_(std::move(policies)),
        traces_kept_(counter(site, "global_count_traces_sampled", {{"sampled", "true"}})),
        traces_left_out_(counter(site, "global_count_traces_sampled", {{"sampled", "false"}})),
        spans_kept_(counter(site, "count_spans_sampled", {{"sampled", "true"}})),
        spans_left_out_(counter(site, "count_spans_sampled", {{"sampled", "false"}})),
        new_traces_(counter(site, "new_trace_id_received", {})),
        late_spans_(counter(site, "late_spans", {})),
        decided_(settings.remembered_kept, settings.remembered_left_out),
        handover_(site.id.text(), site.timers, next),
        room_(settings.limits,
              site.telemetry.gauge("otelcol_processor_tail_sampling_sampling_traces_on_memory",
                                   {{"processor", site.id.text()}}),
              counter(site, "early_decisions", {}),
              [this](WaitingTrace trace) { release(std::move(trace)); }) {
    for (PolicySet::Member& member : policies_->members()) {
      member.sampled = &counter(site, "count_traces_sampled", {{"policy", member.name}, {"sampled", "true"}});
      member.not_sampled =
          &counter(site, "count_traces_sampled", {{"policy", member.name}, {"sampled", "false"}});
    }
  }

  Status start() override {
    room_.start();
    return {};
  }
  void stop() override {
    stopping_ = true;
    room_.stop();
    handover_.stop();
  }

  void consume(Batch batch, std::function<void(Outcome)> done) override {
    auto pieces = split_by_trace(batch.otlp.view(),
                                 settings_.limits.wait_after_root ? Roots::looked_for : Roots::ignored);
    if (!pieces.ok()) return done({.status = std::move(pieces).status()});
    if (handover_.held_bytes() > settings_.limits.most_bytes) return turn_away(done);
    std::vector<std::pair<TracePiece, double>> late;
    {
      std::lock_guard lock(mutex_);
      std::erase_if(*pieces, [&](TracePiece& piece) {
        const auto kept_part = decided_.find(trace_key(batch.environment, piece.trace_id));
        if (kept_part) late.emplace_back(std::move(piece), *kept_part);
        return kept_part.has_value();
      });
    }
    if (!pieces->empty()) {
      const auto fresh = room_.add(batch.environment, std::move(*pieces));
      if (!fresh) return turn_away(done);
      new_traces_.fetch_add(static_cast<int64_t>(*fresh), std::memory_order_relaxed);
    }
    for (auto& [piece, kept_part] : late) {
      late_spans_.fetch_add(static_cast<int64_t>(piece.spans), std::memory_order_relaxed);
      follow(kept_part, {.signal = Signal::traces,
                         .environment = batch.environment,
                         .otlp = SharedBytes(std::move(piece.request)),
                         .items = piece.spans});
    }
    done({});
  }

 private:
  static std::atomic<int64_t>& counter(const Site& site, std::string_view name, Labels labels) {
    labels.emplace_back("processor", site.id.text());
    return site.telemetry.counter(fmt::format("otelcol_processor_tail_sampling_{}", name), labels);
  }

  static void turn_away(const std::function<void(Outcome)>& done) {
    done({.status = Status(ErrorKind::unavailable,
                           "tail_sampling holds as much as it may: the stages behind it do not keep up")});
  }

  // On the thread of the room.
  void release(WaitingTrace trace) {
    const TraceKey key = trace_key(trace.environment, trace.trace_id);
    std::unique_lock lock(mutex_);
    // Spans may have come while their trace was being decided about.
    std::optional<double> kept_part = decided_.find(key);
    lock.unlock();
    if (!kept_part) {
      kept_part = decide(trace);
      lock.lock();
      decided_.remember(key, *kept_part);
      lock.unlock();
      (*kept_part > 0 ? traces_kept_ : traces_left_out_).fetch_add(1, std::memory_order_relaxed);
    }
    follow(*kept_part, std::move(trace).joined());
  }

  // What part of such traces is kept; 0: this one is left out.
  double decide(const WaitingTrace& trace) {
    if (stopping_ && !settings_.decides_at_stop) return 0;
    try {
      under_decision_.reset(trace);
      const PolicySet::Verdict verdict = policies_->decide(under_decision_);
      return verdict.keep ? verdict.kept_part : 0;
    } catch (const protozero::exception& malformed) {
      log_warning("collector", fmt::format("tail_sampling: a trace is not valid OTLP and is left out: {}",
                                           malformed.what()));
      return 0;
    }
  }

  void follow(double kept_part, Batch batch) {
    const auto spans = static_cast<int64_t>(batch.items);
    (kept_part > 0 ? spans_kept_ : spans_left_out_).fetch_add(spans, std::memory_order_relaxed);
    if (kept_part <= 0) return;
    Result<Batch> weighed = weigh_spans(batch, kept_part);
    handover_.hand_on(weighed.ok() ? std::move(*weighed) : std::move(batch));
  }

  const TailSamplingSettings settings_;
  const std::shared_ptr<PolicySet> policies_;
  std::atomic<int64_t>& traces_kept_;
  std::atomic<int64_t>& traces_left_out_;
  std::atomic<int64_t>& spans_kept_;
  std::atomic<int64_t>& spans_left_out_;
  std::atomic<int64_t>& new_traces_;
  std::atomic<int64_t>& late_spans_;
  std::atomic<bool> stopping_{false};
  TraceUnderDecision under_decision_;  // of the room's thread

  std::mutex mutex_;
  DecidedTraces decided_;  // guarded by mutex_

  PatientHandover handover_;
  TraceRoom room_;
};

}  // namespace

MakeProcessor make_tail_sampling(const TailSamplingSettings& settings, std::shared_ptr<PolicySet> policies) {
  return [settings, policies = std::move(policies)](const Site& site,
                                                    Consumer& next) -> Result<std::unique_ptr<Processor>> {
    return std::unique_ptr<Processor>(std::make_unique<TailSampling>(settings, policies, site, next));
  };
}

MakeProcessor configure_tail_sampling(Section& section) {
  TailSamplingSettings settings;
  uint64_t limit_mib = settings.limits.most_bytes >> 20;
  bool first_match_decides = false, drops_at_stop = false;
  section.read("decision_wait", settings.limits.wait);
  section.read("num_traces", settings.limits.most_traces);
  section.read("limit_mib", limit_mib);
  section.read("sample_on_first_match", first_match_decides);
  section.read("drop_pending_traces_on_shutdown", drops_at_stop);
  settings.decides_at_stop = !drops_at_stop;
  section.ignore({"expected_new_traces_per_sec", "block_on_overflow"});
  Nanoseconds after_root{};
  section.read("decision_wait_after_root_received", after_root);
  if (after_root.count > 0) settings.limits.wait_after_root = after_root;
  section.refuse("maximum_trace_size_bytes",
                 "clew does not offer this; limit_mib limits all traces together");
  if (const ConfigValue* strategy = section.value("sampling_strategy");
      strategy != nullptr && strategy->text != "trace-complete")
    section.refuse("sampling_strategy", "clew decides when decision_wait is over: trace-complete");
  Section cache = section.section("decision_cache");
  cache.read("sampled_cache_size", settings.remembered_kept);
  cache.read("non_sampled_cache_size", settings.remembered_left_out);
  if (settings.remembered_kept == 0) settings.remembered_kept = settings.limits.most_traces;
  if (settings.remembered_left_out == 0) settings.remembered_left_out = settings.limits.most_traces;
  if (settings.limits.most_traces == 0) section.error("num_traces", "expected at least 1");
  if (limit_mib == 0 || limit_mib > (uint64_t{1} << 30)) section.error("limit_mib", "expected at least 1");
  settings.limits.most_bytes = limit_mib << 20;

  std::vector<PolicySet::Member> members;
  section.for_each("policies", [&](Section& item) {
    PolicySet::Member member;
    member.policy = read_policy(item, member.name);
    for (const PolicySet::Member& other : members)
      if (other.name == member.name) item.error("name", fmt::format("'{}' is there twice", member.name));
    if (member.policy) members.push_back(std::move(member));
  });
  if (const ConfigValue* list = section.value("policies"); list == nullptr || list->items.empty())
    section.error("expected policies: at least one");
  return make_tail_sampling(settings, std::make_shared<PolicySet>(std::move(members), first_match_decides));
}

}  // namespace clew::pipeline
