// probabilistic_sampler: keeps a part of the spans or log records, chosen by the trace id or an attribute,
// and writes into what it keeps how much it stands for.
#include <algorithm>
#include <cstdlib>
#include <optional>

#include <fmt/format.h>

#include "pipeline/config/section.h"
#include "pipeline/otlp/fnv_hash.h"
#include "pipeline/processors/processors.h"
#include "pipeline/processors/rewriting_processor.h"
#include "pipeline/self_telemetry.h"
#include "telemetry/otlp_fields.h"
#include "telemetry/sampling_threshold.h"

namespace clew::pipeline {
namespace {

// By hash, what is kept is chosen by 14 bits of a 32-bit hash.
constexpr uint32_t kBuckets = 1U << 14;

enum class SamplerMode : uint8_t { hash_seed, proportional, equalizing };

struct SamplerSettings {
  SamplerMode mode = SamplerMode::hash_seed;
  double percentage = 0;
  uint32_t hash_seed = 0;
  bool fail_closed = true;
  int digits = 4;
  // Of log records:
  bool by_trace_id = true;
  std::string from_attribute;
  std::string priority_attribute;
};

uint32_t seeded_hash(std::string_view bytes, uint32_t seed) {
  char encoded[4];
  for (size_t i = 0; i < 4; ++i) encoded[i] = static_cast<char>(seed >> (8 * i));
  return fnv1a_32(bytes, fnv1a_32({encoded, sizeof encoded}));
}

// As randomness of 56 bits, of which the first 14 lead to the same choice as comparing the hash does.
uint64_t randomness_of_hash(std::string_view bytes, uint32_t seed) {
  const uint32_t hash = seeded_hash(bytes, seed);
  const uint64_t low = hash & (kBuckets - 1);
  const uint64_t high = hash >> 14;
  return (kBuckets - 1 - low) << 42 | (high ^ (high << 10)) << 14 | low;
}

// What is known of an item before it is decided about.
struct Origin {
  std::optional<uint64_t> randomness;
  std::optional<uint64_t> threshold;  // of samplers before this one
  bool write_randomness = false;      // nobody could tell it from the trace id
  bool unusable = false;              // what samplers before this one wrote makes no sense here
};

class SamplerRewriter final : public Rewriter {
 public:
  struct Counts {
    std::atomic<int64_t>& kept;
    std::atomic<int64_t>& left_out;
    std::atomic<int64_t>& unusable;
  };
  SamplerRewriter(const SamplerSettings& settings, const Counts& counts)
      : settings_(settings), counts_(counts) {}

  Verdict on_item(Signal signal, MessageEditor& item, Enclosing&) override {
    const bool is_log = signal == Signal::logs;
    Origin origin = is_log ? origin_of_log(item) : origin_of_span(item);
    if (origin.threshold && origin.randomness && *origin.randomness < *origin.threshold) {
      origin.threshold.reset();
      origin.unusable = true;
    }
    if (!origin.randomness) origin.unusable = true;
    // Nothing: it is left out.
    std::optional<uint64_t> threshold;
    if (!origin.unusable) {
      threshold = threshold_for(settings_.percentage / 100, origin);
    } else {
      counts_.unusable.fetch_add(1, std::memory_order_relaxed);
      if (!settings_.fail_closed) threshold = 0;
    }
    const auto priority = is_log ? priority_of_log(item) : priority_of_span(item);
    if (priority)
      threshold = *priority <= 0   ? std::nullopt
                  : *priority >= 1 ? std::optional<uint64_t>(0)
                                   : std::optional(threshold_of_probability(*priority, settings_.digits));
    // Without randomness only what is kept whatever it is stays.
    const uint64_t randomness = origin.randomness.value_or(0);
    if (!threshold || (*threshold != 0 && randomness < *threshold)) {
      counts_.left_out.fetch_add(1, std::memory_order_relaxed);
      return Verdict::drop;
    }
    counts_.kept.fetch_add(1, std::memory_order_relaxed);
    if (!origin.unusable) write(is_log, item, std::max(*threshold, origin.threshold.value_or(0)), origin);
    return Verdict::keep;
  }

 private:
  std::optional<uint64_t> threshold_for(double part, const Origin& origin) const {
    if (part <= 0) return std::nullopt;
    switch (settings_.mode) {
      case SamplerMode::hash_seed: {
        const auto kept = static_cast<uint32_t>(std::min(part, 1.0) * kBuckets);
        if (kept == 0) return std::nullopt;
        return uint64_t{kBuckets - kept} << 42;
      }
      case SamplerMode::proportional:
        if (origin.threshold) part *= probability_of_threshold(*origin.threshold);
        break;
      case SamplerMode::equalizing:
        break;
    }
    return threshold_of_probability(part, settings_.digits);
  }

  Origin origin_of_span(MessageEditor& span) const {
    const TraceStateSampling before = sampling_of_trace_state(span.bytes(otlp::span::trace_state));
    return with_trace_id(
        {.randomness = before.randomness, .threshold = before.threshold, .unusable = before.malformed},
        span.bytes(otlp::span::trace_id));
  }

  Origin origin_of_log(MessageEditor& record) const {
    Origin origin;
    AttributeList& attributes = record.attributes();
    const auto read = [&](std::string_view key, auto parse, std::optional<uint64_t>& to) {
      const Attribute* found = attributes.find(key);
      if (found == nullptr) return;
      to = parse(text_of(attributes.value_of(*found)));
      origin.unusable = origin.unusable || !to;
    };
    read(kThresholdAttribute, parse_threshold, origin.threshold);
    read(kRandomnessAttribute, parse_randomness, origin.randomness);
    const std::string_view trace_id = record.bytes(otlp::log_record::trace_id);
    const bool use_trace_id = settings_.by_trace_id && is_id(trace_id);
    if (use_trace_id) return with_trace_id(origin, trace_id);
    if (origin.randomness || settings_.from_attribute.empty()) return in_use(origin);
    if (const Attribute* found = attributes.find(settings_.from_attribute)) {
      origin = in_use(origin);
      origin.randomness = randomness_of_hash(text_of(attributes.value_of(*found)), settings_.hash_seed);
      origin.write_randomness = true;
    }
    return origin;
  }

  // Choosing by hash knows nothing of samplers before it, and must not contradict them.
  Origin in_use(Origin origin) const {
    if (settings_.mode == SamplerMode::hash_seed && (origin.randomness || origin.threshold))
      origin.unusable = true;
    return origin;
  }

  Origin with_trace_id(Origin origin, std::string_view trace_id) const {
    origin = in_use(origin);
    if (!is_id(trace_id)) return origin;
    if (settings_.mode == SamplerMode::hash_seed) {
      origin.randomness = randomness_of_hash(trace_id, settings_.hash_seed);
      origin.write_randomness = true;
    } else if (!origin.randomness) {
      origin.randomness = randomness_of_trace_id(trace_id);
    }
    return origin;
  }

  static bool is_id(std::string_view trace_id) {
    return trace_id.size() == 16 && trace_id.find_first_not_of('\0') != std::string_view::npos;
  }

  void write(bool is_log, MessageEditor& item, uint64_t threshold, const Origin& origin) const {
    if (is_log) {
      item.attributes().set(kThresholdAttribute, string_value(threshold_text(threshold)));
      if (origin.write_randomness)
        item.attributes().set(kRandomnessAttribute, string_value(randomness_text(*origin.randomness)));
      return;
    }
    const std::string_view before = item.bytes(otlp::span::trace_state);
    TraceStateSampling sampling = sampling_of_trace_state(before);
    sampling.threshold = threshold;
    if (origin.write_randomness) sampling.randomness = origin.randomness;
    item.set_bytes(otlp::span::trace_state, with_sampling(before, sampling));
  }

  // 0: leave it out, 1: keep it.
  static std::optional<double> priority_of_span(MessageEditor& span) {
    const Attribute* found = span.attributes().find("sampling.priority");
    if (found == nullptr) return std::nullopt;
    const auto number = number_of(span.attributes().value_of(*found), true);
    if (!number) return std::nullopt;
    return *number == 0 ? 0.0 : 1.0;
  }

  std::optional<double> priority_of_log(MessageEditor& record) const {
    if (settings_.priority_attribute.empty()) return std::nullopt;
    const Attribute* found = record.attributes().find(settings_.priority_attribute);
    if (found == nullptr) return std::nullopt;
    const auto percent = number_of(record.attributes().value_of(*found), false);
    if (!percent) return std::nullopt;
    return *percent / 100;
  }

  static std::optional<double> number_of(const AnyValueView& value, bool also_texts) {
    if (value.kind == AnyValueView::Kind::integer) return static_cast<double>(value.integer);
    if (value.kind == AnyValueView::Kind::floating) return value.floating;
    if (!also_texts || value.kind != AnyValueView::Kind::string) return std::nullopt;
    const std::string text(value.text);
    char* end = nullptr;
    const double number = std::strtod(text.c_str(), &end);
    if (text.empty() || end != text.c_str() + text.size()) return std::nullopt;
    return number;
  }

  const SamplerSettings& settings_;
  const Counts counts_;
};

}  // namespace

MakeProcessor configure_probabilistic_sampler(Section& section) {
  SamplerSettings settings;
  std::string mode = "hash_seed", source = "traceID";
  uint64_t seed = 0, digits = 4;
  section.read_choice("mode", mode, {"hash_seed", "proportional", "equalizing"});
  section.read("sampling_percentage", settings.percentage);
  section.read("hash_seed", seed);
  section.read("fail_closed", settings.fail_closed);
  section.read("sampling_precision", digits);
  section.read_choice("attribute_source", source, {"traceID", "record"});
  section.read("from_attribute", settings.from_attribute);
  section.read("sampling_priority", settings.priority_attribute);
  settings.mode = mode == "proportional" ? SamplerMode::proportional
                  : mode == "equalizing" ? SamplerMode::equalizing
                                         : SamplerMode::hash_seed;
  settings.by_trace_id = source == "traceID";
  settings.hash_seed = static_cast<uint32_t>(seed);
  settings.digits = static_cast<int>(std::min<uint64_t>(digits, 15));
  if (seed > UINT32_MAX) section.error("hash_seed", "expected at most 4294967295");
  if (digits < 1 || digits > 14) section.error("sampling_precision", "expected 1 to 14 hexadecimal digits");
  if (settings.percentage < 0) section.error("sampling_percentage", "expected 0 to 100");
  if (!section.has("sampling_percentage"))
    section.error("expected sampling_percentage; without it everything would be left out");
  if (settings.percentage > 0 && settings.mode == SamplerMode::hash_seed &&
      settings.percentage / 100 * kBuckets < 1)
    section.warn("sampling_percentage",
                 "mode hash_seed tells apart no less than 0.0061; nothing will be kept");
  if (!settings.by_trace_id && settings.from_attribute.empty())
    section.error("attribute_source", "with record, from_attribute says which attribute");
  return [settings](const Site& site, Consumer& next) -> Result<std::unique_ptr<Processor>> {
    const std::string processor = site.id.text();
    const auto counter = [&](const char* sampled) -> std::atomic<int64_t>& {
      return site.telemetry.counter("otelcol_processor_probabilistic_sampler_count_items_sampled",
                                    {{"processor", processor}, {"sampled", sampled}});
    };
    const SamplerRewriter::Counts counts{
        counter("true"), counter("false"),
        site.telemetry.counter("otelcol_processor_probabilistic_sampler_unusable_items",
                               {{"processor", processor}})};
    const auto kept = std::make_shared<const SamplerSettings>(settings);
    return std::unique_ptr<Processor>(std::make_unique<RewritingProcessor>(
        [kept, counts](const Batch&) { return std::make_unique<SamplerRewriter>(*kept, counts); }, next));
  };
}

}  // namespace clew::pipeline
