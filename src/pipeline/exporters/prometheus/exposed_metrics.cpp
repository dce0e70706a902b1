#include "pipeline/exporters/prometheus/exposed_metrics.h"

#include <bit>
#include <cmath>
#include <cstring>

#include <fmt/format.h>

#include "base/hex.h"
#include "pipeline/otlp/rewrite.h"
#include "telemetry/otlp_fields.h"

namespace clew::pipeline {
namespace {

constexpr uint64_t kDelta = 1;
constexpr uint64_t kNoRecordedValue = 1;

std::string number_text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  return fmt::format("{}", value);
}

std::string escaped(std::string_view text, bool also_quotes) {
  std::string all;
  for (const char c : text) {
    if (c == '\n') {
      all += "\\n";
      continue;
    }
    if (c == '\\' || (also_quotes && c == '"')) all += '\\';
    all += c;
  }
  return all;
}

std::string label_text(const std::map<std::string, std::string>& labels) {
  std::string text;
  for (const auto& [name, value] : labels) {
    if (value.empty()) continue;
    if (!text.empty()) text += ',';
    text += name + "=\"" + escaped(value, true) + '"';
  }
  return text;
}

// A packed field of fixed64 or double.
template <typename Number>
std::vector<Number> packed(std::string_view bytes) {
  std::vector<Number> numbers(bytes.size() / sizeof(Number));
  if (!numbers.empty()) std::memcpy(numbers.data(), bytes.data(), numbers.size() * sizeof(Number));
  return numbers;
}

double floating(MessageEditor& message, uint32_t field) {
  return std::bit_cast<double>(message.fixed64(field));
}

}  // namespace

// Shown every point of a request; changes none.
class ExposedMetrics::Collecting final : public Rewriter {
 public:
  explicit Collecting(ExposedMetrics& all) : all_(all) {}
  uint64_t left_out = 0;

  Verdict on_resource(MessageEditor& resource) override {
    resource_labels_.clear();
    LabelPairs info;
    std::string job, instance, space;
    for (const Attribute& one : resource.attributes().all()) {
      std::string value = text_of(resource.attributes().value_of(one));
      if (one.key == "service.name")
        job = value;
      else if (one.key == "service.namespace")
        space = value;
      else if (one.key == "service.instance.id")
        instance = value;
      info[prometheus_label_name(one.key)] = std::move(value);
    }
    if (!job.empty() && !space.empty()) job = space + "/" + job;
    if (all_.settings_.with_resource_labels) resource_labels_ = info;
    for (const auto& [name, value] : {std::pair("job", job), std::pair("instance", instance)})
      if (!value.empty()) resource_labels_[name] = value;
    for (const char* told : {"service_name", "service_namespace", "service_instance_id"}) info.erase(told);
    if (!info.empty() && (!job.empty() || !instance.empty())) {
      if (!job.empty()) info["job"] = job;
      if (!instance.empty()) info["instance"] = instance;
      if (Series* series = series_of("target_info", Kind::gauge, "Target metadata", std::move(info)))
        series->value = 1;
    }
    return Verdict::keep;
  }
  bool looks_into_metrics() const override { return true; }

  Verdict on_point(uint32_t kind, MessageEditor& point, MessageEditor& metric, Enclosing& in) override {
    data_.reset(metric.bytes(kind), 0);
    const bool is_delta = data_.varint(otlp::metric_data::temporality) == kDelta;
    const bool is_counter = kind == otlp::metric::sum && data_.varint(otlp::metric_data::is_monotonic) != 0;
    const bool is_number = kind == otlp::metric::gauge || kind == otlp::metric::sum;
    if (!is_number && kind != otlp::metric::histogram && kind != otlp::metric::summary) {
      ++left_out;
      return Verdict::keep;
    }
    const std::string name =
        prometheus_metric_name(all_.settings_.naming, metric.bytes(otlp::metric::name),
                               metric.bytes(otlp::metric::unit), is_counter, is_number && !is_counter);
    LabelPairs labels = resource_labels_;
    if (all_.settings_.with_scope_labels) {
      labels["otel_scope_name"] = in.scope.bytes(otlp::scope::name);
      labels["otel_scope_version"] = in.scope.bytes(otlp::scope::version);
    }
    for (const Attribute& one : point.attributes().all())
      labels[prometheus_label_name(one.key)] = text_of(point.attributes().value_of(one));
    const Kind as = is_counter                      ? Kind::counter
                    : is_number                     ? Kind::gauge
                    : kind == otlp::metric::summary ? Kind::summary
                                                    : Kind::histogram;
    uint32_t flags_field = otlp::histogram_point::flags;
    if (is_number) flags_field = otlp::number_point::flags;
    if (kind == otlp::metric::summary) flags_field = otlp::summary_point::flags;
    if ((point.varint(flags_field) & kNoRecordedValue) != 0) {
      remove(name, labels);
      return Verdict::keep;
    }
    Series* series = series_of(name, as, metric.bytes(otlp::metric::description), std::move(labels));
    if (series == nullptr) {
      ++left_out;
      return Verdict::keep;
    }
    // The field is the same for all kinds of points.
    series->at = {static_cast<int64_t>(point.fixed64(otlp::number_point::time))};
    if (is_number)
      take_number(point, is_delta && kind == otlp::metric::sum, *series);
    else if (kind == otlp::metric::summary)
      take_summary(point, *series);
    else
      take_histogram(point, is_delta, *series);
    return Verdict::keep;
  }

 private:
  Series* series_of(const std::string& name, Kind kind, std::string_view help, LabelPairs labels) {
    for (const auto& [key, value] : all_.settings_.const_labels) labels[prometheus_label_name(key)] = value;
    const auto [family, is_new_family] = all_.families_.try_emplace(name);
    if (is_new_family) {
      family->second.kind = kind;
      family->second.help = help;
    }
    // One name stands for one kind; whoever came first has it.
    if (family->second.kind != kind) return nullptr;
    std::string text = label_text(labels);
    auto found = family->second.series.find(text);
    if (found == family->second.series.end()) {
      if (all_.series_ >= all_.settings_.most_series) return nullptr;
      ++all_.series_;
      found = family->second.series.emplace(text, Series{.labels = text}).first;
    }
    found->second.updated = monotonic_now();
    return &found->second;
  }

  void remove(const std::string& name, LabelPairs labels) {
    for (const auto& [key, value] : all_.settings_.const_labels) labels[prometheus_label_name(key)] = value;
    const auto family = all_.families_.find(name);
    if (family != all_.families_.end()) all_.series_ -= family->second.series.erase(label_text(labels));
  }

  void take_number(MessageEditor& point, bool is_delta, Series& series) {
    const double value =
        point.has(otlp::number_point::as_double)
            ? floating(point, otlp::number_point::as_double)
            : static_cast<double>(std::bit_cast<int64_t>(point.fixed64(otlp::number_point::as_int)));
    series.value = is_delta ? series.value + value : value;
    take_exemplar(point, otlp::number_point::exemplars, series);
  }

  void take_histogram(MessageEditor& point, bool is_delta, Series& series) {
    const auto bounds = packed<double>(point.bytes(otlp::histogram_point::explicit_bounds));
    const auto counts = packed<uint64_t>(point.bytes(otlp::histogram_point::bucket_counts));
    if (!is_delta || bounds != series.bounds) {
      series.value = 0;
      series.count = 0;
      series.bounds = bounds;
      series.values.assign(bounds.size(), 0);
    }
    series.value += floating(point, otlp::histogram_point::sum);
    series.count += point.fixed64(otlp::histogram_point::count);
    double up_to = 0;
    for (size_t i = 0; i < std::min(bounds.size(), counts.size()); ++i) {
      up_to += static_cast<double>(counts[i]);
      series.values[i] += up_to;
    }
    take_exemplar(point, otlp::histogram_point::exemplars, series);
  }

  void take_summary(MessageEditor& point, Series& series) {
    series.value = floating(point, otlp::summary_point::sum);
    series.count = point.fixed64(otlp::summary_point::count);
    series.bounds.clear();
    series.values.clear();
    point.for_each(otlp::summary_point::quantile_values, [&](std::string_view bytes) {
      inner_.reset(bytes, 0);
      series.bounds.push_back(floating(inner_, otlp::quantile::quantile));
      series.values.push_back(floating(inner_, otlp::quantile::value));
    });
  }

  void take_exemplar(MessageEditor& point, uint32_t field, Series& series) {
    point.for_each(field, [&](std::string_view bytes) {
      inner_.reset(bytes, otlp::exemplar::filtered_attributes);
      LabelPairs labels;
      const std::string_view trace_id = inner_.bytes(otlp::exemplar::trace_id);
      const std::string_view span_id = inner_.bytes(otlp::exemplar::span_id);
      if (!trace_id.empty()) labels["trace_id"] = hex_of(trace_id);
      if (!span_id.empty()) labels["span_id"] = hex_of(span_id);
      const double value =
          inner_.has(otlp::exemplar::as_double)
              ? floating(inner_, otlp::exemplar::as_double)
              : static_cast<double>(std::bit_cast<int64_t>(inner_.fixed64(otlp::exemplar::as_int)));
      series.exemplar = {
          label_text(labels), value, {static_cast<int64_t>(inner_.fixed64(otlp::exemplar::time))}};
    });
  }

  ExposedMetrics& all_;
  LabelPairs resource_labels_;
  MessageEditor data_, inner_;
};

Result<uint64_t> ExposedMetrics::add(const Batch& batch) {
  std::lock_guard lock(mutex_);
  Collecting collecting(*this);
  CLEW_TRY(rewrite(batch, collecting).status());
  return collecting.left_out;
}

void ExposedMetrics::forget_old() {
  const int64_t oldest = monotonic_now().count - settings_.expiration.count;
  for (auto family = families_.begin(); family != families_.end();) {
    series_ -= std::erase_if(family->second.series,
                             [&](const auto& one) { return one.second.updated.count < oldest; });
    family = family->second.series.empty() ? families_.erase(family) : std::next(family);
  }
}

std::string ExposedMetrics::text(bool open_metrics) {
  std::lock_guard lock(mutex_);
  forget_old();
  std::string out;
  for (const auto& [name, family] : families_) write(name, family, open_metrics, out);
  if (open_metrics) out += "# EOF\n";
  return out;
}

void ExposedMetrics::write(const std::string& name, const Family& family, bool open_metrics,
                           std::string& out) const {
  constexpr const char* kKinds[] = {"gauge", "counter", "histogram", "summary"};
  std::string_view of_family = name;
  // OpenMetrics speaks of the family without what its samples end with.
  if (open_metrics && family.kind == Kind::counter && name.ends_with("_total")) of_family.remove_suffix(6);
  const bool is_info = open_metrics && name == "target_info";
  if (is_info) of_family.remove_suffix(5);
  if (!family.help.empty())
    out += fmt::format("# HELP {} {}\n", of_family, escaped(family.help, open_metrics));
  out +=
      fmt::format("# TYPE {} {}\n", of_family, is_info ? "info" : kKinds[static_cast<size_t>(family.kind)]);
  const auto line = [&](const Series& series, std::string_view suffix, const std::string& more,
                        const std::string& value, bool with_exemplar) {
    std::string labels = series.labels;
    if (!more.empty()) labels += (labels.empty() ? "" : ",") + more;
    out += name;
    out += suffix;
    if (!labels.empty()) out += "{" + labels + "}";
    out += " " + value;
    if (settings_.with_times && series.at.count != 0)
      out += open_metrics ? fmt::format(" {:.3f}", static_cast<double>(series.at.count) / 1e9)
                          : fmt::format(" {}", series.at.count / 1'000'000);
    if (with_exemplar && series.exemplar)
      out += fmt::format(" # {{{}}} {} {:.3f}", series.exemplar->labels, number_text(series.exemplar->value),
                         static_cast<double>(series.exemplar->at.count) / 1e9);
    out += '\n';
  };
  for (const auto& [key, series] : family.series) {
    if (family.kind == Kind::gauge || family.kind == Kind::counter) {
      line(series, "", "", number_text(series.value), open_metrics && family.kind == Kind::counter);
      continue;
    }
    if (family.kind == Kind::summary) {
      for (size_t i = 0; i < series.bounds.size(); ++i)
        line(series, "", fmt::format("quantile=\"{}\"", number_text(series.bounds[i])),
             number_text(series.values[i]), false);
    } else {
      bool exemplar_is_due = open_metrics && series.exemplar.has_value();
      for (size_t i = 0; i < series.bounds.size(); ++i) {
        const bool here = exemplar_is_due && series.exemplar->value <= series.bounds[i];
        line(series, "_bucket", fmt::format("le=\"{}\"", number_text(series.bounds[i])),
             number_text(series.values[i]), here);
        exemplar_is_due = exemplar_is_due && !here;
      }
      line(series, "_bucket", "le=\"+Inf\"", fmt::format("{}", series.count), exemplar_is_due);
    }
    line(series, "_sum", "", number_text(series.value), false);
    line(series, "_count", "", fmt::format("{}", series.count), false);
  }
}

}  // namespace clew::pipeline
