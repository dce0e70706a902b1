#include "pipeline/processors/ottl_processor.h"

#include <algorithm>
#include <mutex>
#include <optional>

#include <fmt/format.h>

#include "base/log.h"
#include "pipeline/config/section.h"
#include "pipeline/otlp/item_count.h"
#include "pipeline/self_telemetry.h"

namespace clew::pipeline {
namespace {

constexpr Nanoseconds kBetweenLogs = seconds(60);

std::string_view word_of(Signal signal) {
  return signal == Signal::traces ? "spans" : signal == Signal::logs ? "logs" : "datapoints";
}

class OttlProcessor final : public Processor {
 public:
  OttlProcessor(OttlPasses passes, const std::string& dropped, const Site& site, Consumer& next)
      : passes_(std::move(passes)),
        name_(site.id.text()),
        next_(next),
        failures_(
            site.telemetry.counter("otelcol_processor_ottl_failures", {{"processor", site.id.text()}})) {
    if (dropped.empty()) return;
    for (const Signal signal : {Signal::traces, Signal::logs, Signal::metrics})
      dropped_[signal] = &site.telemetry.counter(fmt::format(fmt::runtime(dropped), word_of(signal)),
                                                 {{"processor", site.id.text()}});
  }

  void consume(Batch batch, std::function<void(Outcome)> done) override {
    const auto passes = passes_.find(batch.signal);
    if (passes == passes_.end()) return next_.consume(std::move(batch), std::move(done));
    const uint64_t before = dropped_.empty() ? 0 : items_of(batch);
    const OttlPass::OnFailure on_failure = [this](ErrorMode mode, const Status& failure) {
      return failed(mode, failure);
    };
    for (const OttlPass& pass : passes->second) {
      OttlRewriter rewriter(pass.context,
                            [&](ottl::Subject& subject) { return pass.visit(subject, on_failure); });
      Result<Batch> rewritten = rewrite(std::move(batch), rewriter);
      if (!rewritten.ok()) return done({.status = std::move(rewritten).status()});
      if (!rewriter.failure().ok()) return done({.status = rewriter.failure()});
      batch = std::move(*rewritten);
      if (batch.otlp.empty()) break;
    }
    if (const auto counter = dropped_.find(batch.signal); counter != dropped_.end()) {
      const uint64_t after = batch.otlp.empty() ? 0 : items_of(batch);
      counter->second->fetch_add(static_cast<int64_t>(before - std::min(before, after)),
                                 std::memory_order_relaxed);
    }
    if (batch.otlp.empty()) return done({});  // all of it was dropped, as the configuration asks
    next_.consume(std::move(batch), std::move(done));
  }

 private:
  Status failed(ErrorMode mode, const Status& failure) {
    failures_.fetch_add(1, std::memory_order_relaxed);
    if (mode == ErrorMode::propagate) return failure;
    if (mode == ErrorMode::silent) return {};
    {
      std::lock_guard lock(mutex_);
      const Nanoseconds at = monotonic_now();
      if (logged_ && at.count - logged_->count < kBetweenLogs.count) return {};
      logged_ = at;
    }
    log(LogLevel::warning, "collector",
        fmt::format("{}: {}; more of this within a minute is only counted", name_, failure.message()));
    return {};
  }

  const OttlPasses passes_;
  const std::string name_;
  Consumer& next_;
  std::atomic<int64_t>& failures_;
  std::map<Signal, std::atomic<int64_t>*> dropped_;
  std::mutex mutex_;
  std::optional<Nanoseconds> logged_;  // guarded by mutex_
};

// The innermost context of the texts; a complaint when it cannot be told or is not of the signal.
bool find_context(Section& section, OttlGroup& group, Signal signal, bool is_given) {
  if (!is_given) {
    std::optional<ottl::Context> innermost;
    const auto take = [&](const Result<std::optional<ottl::Context>>& found, const std::string& text) {
      if (!found.ok()) {
        section.complaints().error(group.place,
                                   fmt::format("{}: {}; in: {}", group.path, found.status().message(), text));
        return false;
      }
      if (*found && (!innermost || *innermost < **found)) innermost = **found;
      return true;
    };
    for (const std::string& text : group.statements)
      if (!take(ottl::context_of_statement(text), text)) return false;
    for (const std::string& text : group.conditions)
      if (!take(ottl::context_of_condition(text), text)) return false;
    if (!innermost) {
      section.complaints().error(
          group.place,
          fmt::format("{}: no path says what it is about; write {}.attributes instead of attributes",
                      group.path,
                      signal == Signal::traces ? "span"
                      : signal == Signal::logs ? "log"
                                               : "datapoint"));
      return false;
    }
    group.context = *innermost;
  }
  if (group.context > ottl::Context::scope && ottl::signal_of(group.context) != signal) {
    section.complaints().error(group.place, fmt::format("{}: there is no {} in {}", group.path,
                                                        ottl::name_of(group.context), name_of(signal)));
    return false;
  }
  return true;
}

}  // namespace

ErrorMode read_error_mode(Section& section, ErrorMode otherwise) {
  std::string mode = otherwise == ErrorMode::ignore   ? "ignore"
                     : otherwise == ErrorMode::silent ? "silent"
                                                      : "propagate";
  section.read_choice("error_mode", mode, {"ignore", "silent", "propagate"});
  return mode == "ignore" ? ErrorMode::ignore : mode == "silent" ? ErrorMode::silent : ErrorMode::propagate;
}

MakeProcessor ottl_processor(OttlPasses passes, std::string dropped) {
  return [passes = std::move(passes), dropped = std::move(dropped)](
             const Site& site, Consumer& next) -> Result<std::unique_ptr<Processor>> {
    return std::unique_ptr<Processor>(std::make_unique<OttlProcessor>(passes, dropped, site, next));
  };
}

std::vector<OttlGroup> read_ottl_groups(Section& section, const char* key, bool is_statements, Signal signal,
                                        ErrorMode mode) {
  std::vector<OttlGroup> groups;
  const ConfigValue* list = section.value(key);
  if (list == nullptr || list->is_null()) return groups;
  if (list->kind != ConfigValue::Kind::list) {
    section.error(key, "expected a list");
    return groups;
  }
  for (size_t i = 0; i < list->items.size(); ++i) {
    const ConfigValue& item = list->items[i];
    OttlGroup group{
        .mode = mode, .place = item.place, .path = fmt::format("{}::{}[{}]", section.path(), key, i)};
    bool is_given = false;
    if (item.kind == ConfigValue::Kind::scalar) {
      (is_statements ? group.statements : group.conditions).push_back(item.text);
    } else {
      Section inner(item, group.path, section.complaints());
      std::string context;
      inner.read("context", context);
      inner.read("conditions", group.conditions);
      if (is_statements) inner.read("statements", group.statements);
      group.mode = read_error_mode(inner, mode);
      if ((is_statements ? group.statements : group.conditions).empty()) {
        inner.error(fmt::format("expected {}", is_statements ? "statements" : "conditions"));
        continue;
      }
      if (!context.empty()) {
        const auto named = ottl::context_named(context);
        if (!named) {
          inner.error("context", fmt::format("unknown context '{}'; expected resource, scope, {}", context,
                                             signal == Signal::traces ? "span or spanevent"
                                             : signal == Signal::logs ? "log"
                                                                      : "metric or datapoint"));
          continue;
        }
        group.context = *named;
        is_given = true;
      }
    }
    if (find_context(section, group, signal, is_given)) groups.push_back(std::move(group));
  }
  return groups;
}

std::vector<ottl::Condition> compile_conditions(Section& section, const OttlGroup& group) {
  std::vector<ottl::Condition> conditions;
  for (const std::string& text : group.conditions) {
    auto condition = ottl::compile_condition(text, group.context);
    if (condition.ok())
      conditions.push_back(std::move(*condition));
    else
      section.complaints().error(
          group.place, fmt::format("{}: {}; in: {}", group.path, condition.status().message(), text));
  }
  return conditions;
}

}  // namespace clew::pipeline
