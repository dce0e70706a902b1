#include "pipeline/processors/item_match.h"

#include <algorithm>
#include <optional>
#include <vector>

#include <fmt/format.h>
#include <re2/re2.h>

#include "pipeline/config/configured_value.h"
#include "pipeline/config/section.h"
#include "telemetry/otlp_fields.h"

namespace clew::pipeline {
namespace {

// A text of the configuration: itself, or a regular expression.
class Pattern {
 public:
  Pattern(std::string text, bool is_expression) : text_(std::move(text)) {
    if (is_expression) expression_ = std::make_shared<RE2>(text_, RE2::Quiet);
  }
  bool fits(std::string_view text) const {
    return expression_ ? RE2::PartialMatch(text, *expression_) : text == text_;
  }
  const RE2* expression() const { return expression_.get(); }

 private:
  std::string text_;
  std::shared_ptr<RE2> expression_;
};

using Patterns = std::vector<Pattern>;

bool any_fits(const Patterns& patterns, std::string_view text) {
  return patterns.empty() ||
         std::any_of(patterns.begin(), patterns.end(), [&](const Pattern& one) { return one.fits(text); });
}

struct AttributeMatch {
  std::string key;
  std::optional<std::string> value;  // an AnyValue message; nothing: the key alone
  std::optional<Pattern> pattern;

  bool fits(AttributeList& attributes) const {
    const Attribute* attribute = attributes.find(key);
    if (attribute == nullptr) return false;
    if (pattern) return pattern->fits(text_of(attributes.value_of(*attribute)));
    return !value || attribute->value == *value;
  }
};

struct LibraryMatch {
  Pattern name;
  std::optional<Pattern> version;
};

constexpr std::string_view kSpanKinds[] = {"SPAN_KIND_UNSPECIFIED", "SPAN_KIND_INTERNAL",
                                           "SPAN_KIND_SERVER",      "SPAN_KIND_CLIENT",
                                           "SPAN_KIND_PRODUCER",    "SPAN_KIND_CONSUMER"};

class Match final : public ItemMatch {
 public:
  explicit Match(Section& section) {
    std::string type = "strict";
    section.read_choice("match_type", type, {"strict", "regexp"});
    if (!section.has("match_type")) section.error("expected match_type: strict or regexp");
    is_expression_ = type == "regexp";
    section.ignore({"regexp"});
    services_ = patterns(section, "services");
    span_names_ = patterns(section, "span_names");
    span_kinds_ = patterns(section, "span_kinds");
    log_bodies_ = patterns(section, "log_bodies");
    log_severities_ = patterns(section, "log_severity_texts");
    metric_names_ = patterns(section, "metric_names");
    if (section.has("log_severity_number")) {
      Section severity = section.section("log_severity_number");
      uint64_t least = 0;
      severity.read("min", least);
      severity.read("match_undefined", matches_undefined_severity_);
      least_severity_ = least;
    }
    read_attributes(section, "attributes", attributes_);
    read_attributes(section, "resources", resources_);
    section.for_each("libraries", [&](Section& item) {
      std::string name;
      std::optional<std::string> version;
      item.read("name", name);
      item.read("version", version);
      libraries_.push_back({Pattern(name, is_expression_),
                            version ? std::optional(Pattern(*version, is_expression_)) : std::nullopt});
    });
    if (services_.empty() && span_names_.empty() && span_kinds_.empty() && log_bodies_.empty() &&
        log_severities_.empty() && metric_names_.empty() && !least_severity_ && attributes_.empty() &&
        resources_.empty() && libraries_.empty())
      section.error(
          "expected something to match: services, span_names, span_kinds, log_bodies, log_severity_texts, "
          "log_severity_number, metric_names, attributes, resources or libraries");
  }

  bool fits(Signal signal, MessageEditor& item, Enclosing& in) const override {
    if (!services_.empty()) {
      const Attribute* service = in.resource.attributes().find("service.name");
      if (!service || !any_fits(services_, text_of(in.resource.attributes().value_of(*service))))
        return false;
    }
    for (const AttributeMatch& one : resources_)
      if (!one.fits(in.resource.attributes())) return false;
    if (!libraries_.empty() && !fits_library(in.scope)) return false;
    if (signal == Signal::traces && !fits_span(item)) return false;
    if (signal == Signal::logs && !fits_log(item)) return false;
    if (signal == Signal::metrics) return any_fits(metric_names_, item.bytes(otlp::metric::name));
    return std::all_of(attributes_.begin(), attributes_.end(),
                       [&](const AttributeMatch& one) { return one.fits(item.attributes()); });
  }

 private:
  bool fits_library(MessageEditor& scope) const {
    return std::any_of(libraries_.begin(), libraries_.end(), [&](const LibraryMatch& one) {
      return one.name.fits(scope.bytes(otlp::scope::name)) &&
             (!one.version || one.version->fits(scope.bytes(otlp::scope::version)));
    });
  }
  bool fits_span(MessageEditor& span) const {
    if (!any_fits(span_names_, span.bytes(otlp::span::name))) return false;
    if (span_kinds_.empty()) return true;
    const uint64_t kind = span.varint(otlp::span::kind);
    return kind < std::size(kSpanKinds) && any_fits(span_kinds_, kSpanKinds[kind]);
  }
  bool fits_log(MessageEditor& record) const {
    if (!log_bodies_.empty() &&
        !any_fits(log_bodies_, text_of(read_any_value(record.bytes(otlp::log_record::body)))))
      return false;
    if (!any_fits(log_severities_, record.bytes(otlp::log_record::severity_text))) return false;
    if (!least_severity_) return true;
    const uint64_t severity = record.varint(otlp::log_record::severity_number);
    return severity == 0 ? matches_undefined_severity_ : severity >= *least_severity_;
  }

  Patterns patterns(Section& section, const char* key) const {
    std::vector<std::string> texts;
    section.read(key, texts);
    Patterns result;
    for (const std::string& text : texts) {
      result.emplace_back(text, is_expression_);
      if (const RE2* expression = result.back().expression(); expression && !expression->ok())
        section.error(key, fmt::format("'{}' is no regular expression: {}", text, expression->error()));
    }
    return result;
  }

  void read_attributes(Section& section, const char* key, std::vector<AttributeMatch>& to) const {
    section.for_each(key, [&](Section& item) {
      AttributeMatch match;
      if (!item.read("key", match.key)) item.error("expected a key");
      if (const ConfigValue* value = item.value("value"); value && !value->is_null()) {
        match.value = configured_any_value(*value);
        if (is_expression_) match.pattern = Pattern(value->text, true);
        if (match.pattern && !match.pattern->expression()->ok())
          item.error("value", fmt::format("'{}' is no regular expression: {}", value->text,
                                          match.pattern->expression()->error()));
      }
      to.push_back(std::move(match));
    });
  }

  bool is_expression_ = false;
  Patterns services_, span_names_, span_kinds_, log_bodies_, log_severities_, metric_names_;
  std::optional<uint64_t> least_severity_;
  bool matches_undefined_severity_ = false;
  std::vector<AttributeMatch> attributes_, resources_;
  std::vector<LibraryMatch> libraries_;
};

}  // namespace

std::shared_ptr<const ItemMatch> read_item_match(Section& processor, const char* key) {
  if (!processor.has(key)) return nullptr;
  Section section = processor.section(key);
  return std::make_shared<Match>(section);
}

}  // namespace clew::pipeline
