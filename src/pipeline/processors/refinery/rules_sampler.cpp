// RulesBasedSampler: the first rule whose conditions a trace meets decides about it; no rule: it is kept.
#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>
#include <re2/re2.h>

#include "pipeline/config/section.h"
#include "pipeline/processors/refinery/sampler.h"
#include "pipeline/processors/refinery/trace_fields.h"

namespace clew::pipeline {
namespace {

enum class Test : uint8_t {
  equal,
  not_equal,
  greater,
  greater_or_equal,
  less,
  less_or_equal,
  starts_with,
  contains,
  does_not_contain,
  exists,
  not_exists,
  has_root_span,
  matches,
  in,
  not_in,
};
constexpr std::array<std::pair<std::string_view, Test>, 15> kTests = {{
    {"=", Test::equal},
    {"!=", Test::not_equal},
    {">", Test::greater},
    {">=", Test::greater_or_equal},
    {"<", Test::less},
    {"<=", Test::less_or_equal},
    {"starts-with", Test::starts_with},
    {"contains", Test::contains},
    {"does-not-contain", Test::does_not_contain},
    {"exists", Test::exists},
    {"not-exists", Test::not_exists},
    {"has-root-span", Test::has_root_span},
    {"matches", Test::matches},
    {"in", Test::in},
    {"not-in", Test::not_in},
}};

constexpr std::string_view kSpanCount = "?.NUM_DESCENDANTS";
constexpr std::string_view kRoot = "root.";

struct Condition {
  std::vector<std::string> fields;  // the first that a span has
  Test test = Test::exists;
  std::vector<FieldValue> values;
  std::string datatype;  // what both sides are made before they are compared
  std::shared_ptr<const RE2> expression;
  bool wanted = true;  // of has-root-span

  // How the two are ordered, made comparable as the datatype says; nothing when they are not comparable.
  std::optional<int> order_of(const FieldValue& left, const FieldValue& right) const {
    const auto sign = [](const auto& a, const auto& b) { return a < b ? -1 : b < a ? 1 : 0; };
    if (datatype == "string") return sign(as_text(left), as_text(right));
    if (datatype == "bool") return sign(as_truth(left), as_truth(right));
    if (datatype == "int") {
      const auto a = as_integer(left), b = as_integer(right);
      return a && b ? std::optional(sign(*a, *b)) : std::nullopt;
    }
    if (datatype == "float") {
      const auto a = as_number(left), b = as_number(right);
      return a && b ? std::optional(sign(*a, *b)) : std::nullopt;
    }
    // As they are: texts with texts, truths with truths, numbers with numbers.
    const auto *text = std::get_if<std::string>(&left), *other_text = std::get_if<std::string>(&right);
    if (text != nullptr && other_text != nullptr) return sign(*text, *other_text);
    const auto *truth = std::get_if<bool>(&left), *other_truth = std::get_if<bool>(&right);
    if (truth != nullptr && other_truth != nullptr) return sign(*truth, *other_truth);
    if (text != nullptr || other_text != nullptr || truth != nullptr || other_truth != nullptr)
      return std::nullopt;
    return sign(*as_number(left), *as_number(right));
  }

  bool compares(const FieldValue& value) const {
    const std::optional<int> order = order_of(value, values.front());
    if (!order) return false;
    switch (test) {
      case Test::equal:
        return *order == 0;
      case Test::not_equal:
        return *order != 0;
      case Test::greater:
        return *order > 0;
      case Test::greater_or_equal:
        return *order >= 0;
      case Test::less:
        return *order < 0;
      default:
        return *order <= 0;
    }
  }

  bool is_among(const FieldValue& value) const {
    return std::any_of(values.begin(), values.end(), [&](const FieldValue& one) {
      if (datatype.empty()) return as_text(value) == as_text(one);
      const std::optional<int> order = order_of(value, one);
      return order && *order == 0;
    });
  }

  // A span without the field meets no condition but those that want it not to be so.
  bool holds_for(const std::optional<FieldValue>& value) const {
    switch (test) {
      case Test::exists:
        return value.has_value();
      case Test::not_exists:
        return !value;
      case Test::not_equal:
        return value ? compares(*value) : datatype == "string";
      case Test::does_not_contain:
        return !value || as_text(*value).find(as_text(values.front())) == std::string::npos;
      case Test::in:
        return value && is_among(*value);
      case Test::not_in:
        return !value || !is_among(*value);
      case Test::starts_with:
        return value && as_text(*value).starts_with(as_text(values.front()));
      case Test::contains:
        return value && as_text(*value).find(as_text(values.front())) != std::string::npos;
      case Test::matches:
        return value && RE2::PartialMatch(as_text(*value), *expression);
      default:
        return value && compares(*value);
    }
  }

  std::optional<FieldValue> value_in(const SpanUnderDecision& span, TraceUnderDecision& trace) const {
    for (const std::string& field : fields) {
      if (field == kSpanCount) return FieldValue(static_cast<int64_t>(trace.spans().size()));
      if (!field.starts_with(kRoot)) {
        if (auto value = field_of(span, field)) return value;
        continue;
      }
      for (const SpanUnderDecision& one : trace.spans()) {
        if (!is_root(one)) continue;
        if (auto value = field_of(one, std::string_view(field).substr(kRoot.size()))) return value;
      }
    }
    return std::nullopt;
  }
};

struct Rule {
  std::vector<Condition> conditions;
  bool of_one_span = false;  // all conditions must hold for the same span
  bool drops = false;
  int64_t rate = 1;
  std::shared_ptr<Sampler> sampler;

  bool fits(TraceUnderDecision& trace) const {
    const auto holds = [&](const Condition& condition, const SpanUnderDecision& span) {
      if (condition.test == Test::has_root_span) {
        const bool has = std::any_of(trace.spans().begin(), trace.spans().end(), is_root);
        return has == condition.wanted;
      }
      return condition.holds_for(condition.value_in(span, trace));
    };
    if (of_one_span)
      return std::any_of(trace.spans().begin(), trace.spans().end(), [&](const SpanUnderDecision& span) {
        return std::all_of(conditions.begin(), conditions.end(),
                           [&](const Condition& one) { return holds(one, span); });
      });
    return std::all_of(conditions.begin(), conditions.end(), [&](const Condition& condition) {
      return std::any_of(trace.spans().begin(), trace.spans().end(),
                         [&](const SpanUnderDecision& span) { return holds(condition, span); });
    });
  }
};

class RulesSampler final : public Sampler {
 public:
  explicit RulesSampler(std::vector<Rule> rules) : rules_(std::move(rules)) {}

  int64_t rate_of(TraceUnderDecision& trace) override {
    for (const Rule& rule : rules_) {
      if (!rule.fits(trace)) continue;
      if (rule.sampler) return rule.sampler->rate_of(trace);
      return rule.drops ? 0 : rule.rate;
    }
    return 1;
  }

 private:
  const std::vector<Rule> rules_;
};

FieldValue value_of(const ConfigValue& value) {
  if (value.quoted) return value.text;
  if (value.text == "true" || value.text == "false") return value.text == "true";
  if (const auto number = as_number(FieldValue(value.text))) return *number;
  return value.text;
}

Condition read_condition(Section& section) {
  Condition condition;
  std::string field, test = "exists";
  section.read("Field", field);
  section.read("Fields", condition.fields);
  section.read("Operator", test);
  section.read("Datatype", condition.datatype);
  if (!field.empty() && !condition.fields.empty()) section.error("expected Field or Fields, not both");
  if (!field.empty()) condition.fields = {field};
  const auto known =
      std::find_if(kTests.begin(), kTests.end(), [&](const auto& one) { return one.first == test; });
  if (known == kTests.end()) {
    section.error("Operator", fmt::format("'{}' is not an operator of rules", test));
    return condition;
  }
  condition.test = known->second;
  if (const ConfigValue* value = section.value("Value")) {
    if (value->kind == ConfigValue::Kind::list) {
      for (const ConfigValue& item : value->items) condition.values.push_back(value_of(item));
    } else if (!value->is_null()) {
      condition.values.push_back(value_of(*value));
    }
  }
  const bool needs_none = condition.test == Test::exists || condition.test == Test::not_exists ||
                          condition.test == Test::has_root_span;
  if (condition.fields.empty() && condition.test != Test::has_root_span)
    section.error("expected Field, or Fields");
  if (condition.values.empty() && !needs_none) section.error("Value", fmt::format("{} needs a value", test));
  constexpr std::array<std::string_view, 5> kDatatypes = {"", "string", "int", "float", "bool"};
  if (std::find(kDatatypes.begin(), kDatatypes.end(), condition.datatype) == kDatatypes.end())
    section.error("Datatype", fmt::format("expected string, int, float or bool, got {}", condition.datatype));
  for (const FieldValue& value : condition.values) {
    const bool fits = (condition.datatype != "int" || as_integer(value)) &&
                      (condition.datatype != "float" || as_number(value));
    if (!fits) section.error("Value", fmt::format("'{}' is no {}", as_text(value), condition.datatype));
  }
  if (condition.test == Test::has_root_span && !condition.values.empty())
    condition.wanted = as_text(condition.values.front()) == "true";
  if (condition.test == Test::matches && !condition.values.empty()) {
    condition.expression = std::make_shared<const RE2>(as_text(condition.values.front()), RE2::Quiet);
    if (!condition.expression->ok())
      section.error("Value", fmt::format("no regular expression: {}", condition.expression->error()));
  }
  return condition;
}

}  // namespace

std::unique_ptr<Sampler> read_rules_sampler(Section& section) {
  std::vector<Rule> rules;
  section.ignore({"CheckNestedFields"});
  section.for_each("Rules", [&](Section& item) {
    Rule rule;
    std::string name, scope = "trace";
    item.read("Name", name);
    item.read("SampleRate", rule.rate);
    item.read("Drop", rule.drops);
    item.ignore({"Summarize"});
    item.read_choice("Scope", scope, {"trace", "span"});
    rule.of_one_span = scope == "span";
    if (rule.rate < 1 && !rule.drops) item.error("SampleRate", "expected at least 1");
    item.for_each("Conditions",
                  [&](Section& condition) { rule.conditions.push_back(read_condition(condition)); });
    if (item.has("Sampler")) {
      Section sampler = item.section("Sampler");
      rule.sampler = read_sampler(sampler);
    }
    rules.push_back(std::move(rule));
  });
  return std::make_unique<RulesSampler>(std::move(rules));
}

}  // namespace clew::pipeline
