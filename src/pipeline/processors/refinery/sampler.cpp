#include "pipeline/processors/refinery/sampler.h"

#include <array>
#include <functional>
#include <set>
#include <string>

#include <fmt/format.h>

#include "pipeline/config/section.h"
#include "pipeline/processors/refinery/key_rates.h"
#include "pipeline/processors/refinery/trace_fields.h"

namespace clew::pipeline {
namespace {

class FixedSampler final : public Sampler {
 public:
  explicit FixedSampler(int64_t rate) : rate_(rate) {}
  int64_t rate_of(TraceUnderDecision&) override { return rate_; }

 private:
  const int64_t rate_;
};

// Distinct values of the fields, of all spans; "root.x" looks at the root alone.
class KeyedSampler final : public Sampler {
 public:
  KeyedSampler(KeyRateSettings settings, std::vector<std::string> fields, bool uses_length)
      : rates_(settings), fields_(std::move(fields)), uses_length_(uses_length) {}

  int64_t rate_of(TraceUnderDecision& trace) override {
    std::string key;
    for (const std::string& field : fields_) {
      constexpr std::string_view kRoot = "root.";
      const bool of_root = field.starts_with(kRoot);
      const std::string_view name = of_root ? std::string_view(field).substr(kRoot.size()) : field;
      std::set<std::string> values;
      for (const SpanUnderDecision& span : trace.spans()) {
        if (of_root && !is_root(span)) continue;
        if (const auto value = field_of(span, name)) values.insert(as_text(*value));
        if (values.size() == kMostValues) break;
      }
      for (const std::string& value : values) key += value + '\x1f';
      key += '\x1e';
    }
    if (uses_length_) key += fmt::format("{}", trace.spans().size());
    return rates_.rate_for(key, monotonic_now(),
                           static_cast<double>(std::max<size_t>(trace.spans().size(), 1)));
  }

 private:
  static constexpr size_t kMostValues = 100;

  KeyRates rates_;
  const std::vector<std::string> fields_;
  const bool uses_length_;
};

using Goal = KeyRateSettings::Goal;

// What the kinds differ in.
struct KeyedKind {
  std::string_view name;
  Goal goal;
  std::string_view goal_key, interval_key;
  Nanoseconds interval;
  double weight;
  int64_t initial_rate;
};
constexpr std::string_view kWindowed = "WindowedThroughputSampler";
constexpr double kUsualBurstMultiple = 2;
constexpr int64_t kUsualLookback = 30;  // intervals
constexpr std::array<KeyedKind, 5> kKeyedKinds = {{
    {"DynamicSampler", Goal::rate, "SampleRate", "ClearFrequency", seconds(30), 0, 1},
    {"EMADynamicSampler", Goal::rate, "GoalSampleRate", "AdjustmentInterval", seconds(15), 0.5, 1},
    {"EMAThroughputSampler", Goal::throughput, "GoalThroughputPerSec", "AdjustmentInterval", seconds(15), 0.5,
     10},
    {kWindowed, Goal::throughput, "GoalThroughputPerSec", "UpdateFrequency", seconds(1), 0, 1},
    {"TotalThroughputSampler", Goal::throughput_each, "GoalThroughputPerSec", "ClearFrequency", seconds(30),
     0, 1},
}};

std::unique_ptr<Sampler> read_keyed(Section& section, const KeyedKind& kind) {
  KeyRateSettings settings{
      .goal = kind.goal, .interval = kind.interval, .weight = kind.weight, .initial_rate = kind.initial_rate};
  std::vector<std::string> fields;
  bool uses_length = false;
  uint64_t most_keys = settings.most_keys;
  settings.goal_value = 0;
  section.read(kind.goal_key, settings.goal_value);
  section.read(kind.interval_key, settings.interval);
  section.read("FieldList", fields);
  section.read("UseTraceLength", uses_length);
  section.read("MaxKeys", most_keys);
  if (most_keys > 0) settings.most_keys = most_keys;
  if (kind.weight > 0) {
    section.read("Weight", settings.weight);
    settings.forgotten_below = settings.weight;
    section.read("AgeOutValue", settings.forgotten_below);
    settings.burst_multiple = kUsualBurstMultiple;
    section.read("BurstMultiple", settings.burst_multiple);
    section.read("BurstDetectionDelay", settings.burst_delay);
    settings.burst_multiple = std::max(settings.burst_multiple, 0.0);
    if (settings.weight <= 0 || settings.weight > 1)
      section.error("Weight", "expected more than 0, at most 1");
  }
  section.read("InitialSampleRate", settings.initial_rate);
  if (kind.goal == Goal::rate) settings.initial_rate = static_cast<int64_t>(settings.goal_value);
  if (kind.name == kWindowed) {
    settings.window = Nanoseconds{std::min(settings.interval.count, hours(24).count) * kUsualLookback};
    section.read("LookbackFrequency", settings.window);
    if (settings.window < settings.interval)
      section.error("LookbackFrequency", "expected at least UpdateFrequency");
  }
  // There is one instance; and what is left out is not summarized.
  section.ignore({"UseClusterSize", "SummarizeMode"});
  if (!(settings.goal_value >= 1) || settings.goal_value > 1e9)
    section.error(fmt::format("expected {}, at least 1", kind.goal_key));
  if (settings.interval.count <= 0) section.error(kind.interval_key, "expected more than 0");
  if (fields.empty()) section.error("expected FieldList: at least one field");
  settings.initial_rate = std::max<int64_t>(settings.initial_rate, 1);
  return std::make_unique<KeyedSampler>(settings, std::move(fields), uses_length);
}

std::unique_ptr<Sampler> read_deterministic(Section& section) {
  int64_t rate = 1;
  section.read("SampleRate", rate);
  section.ignore({"SummarizeMode"});
  if (rate < 1) section.error("SampleRate", "expected at least 1");
  return std::make_unique<FixedSampler>(rate);
}

}  // namespace

std::unique_ptr<Sampler> read_sampler(Section& section) {
  std::unique_ptr<Sampler> sampler;
  std::string names = "DeterministicSampler, RulesBasedSampler";
  for (const KeyedKind& kind : kKeyedKinds) {
    names += fmt::format(", {}", kind.name);
    if (!section.has(kind.name)) continue;
    Section settings = section.section(kind.name);
    sampler = read_keyed(settings, kind);
  }
  if (section.has("DeterministicSampler")) {
    Section settings = section.section("DeterministicSampler");
    sampler = read_deterministic(settings);
  }
  if (section.has("RulesBasedSampler")) {
    Section settings = section.section("RulesBasedSampler");
    sampler = read_rules_sampler(settings);
  }
  if (!sampler) section.error(fmt::format("expected one of {}", names));
  return sampler;
}

}  // namespace clew::pipeline
