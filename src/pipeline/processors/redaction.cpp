// redaction: removes attributes that are not allowed, and masks what looks like a secret in those that stay.
#include <algorithm>
#include <memory>
#include <set>

#include <fmt/format.h>
#include <re2/re2.h>

#include "pipeline/config/section.h"
#include "pipeline/otlp/digest.h"
#include "pipeline/ottl/value.h"
#include "pipeline/processors/processors.h"
#include "pipeline/processors/rewriting_processor.h"
#include "telemetry/otlp_fields.h"

namespace clew::pipeline {
namespace {

using Expressions = std::vector<std::unique_ptr<const RE2>>;

enum class RedactionSummary : uint8_t { silent, info, debug };

struct RedactionRules {
  bool allow_all_keys = false;
  std::set<std::string, std::less<>> allowed_keys;
  std::set<std::string, std::less<>> ignored_keys;
  Expressions ignored_key_patterns;
  Expressions blocked_key_patterns;
  Expressions blocked_values;
  Expressions allowed_values;
  bool all_types = false;  // numbers and the like are looked at as texts
  std::optional<DigestKind> digest;
  RedactionSummary summary = RedactionSummary::silent;
};

bool any_matches(const Expressions& expressions, std::string_view text) {
  return std::any_of(expressions.begin(), expressions.end(),
                     [&](const auto& one) { return RE2::PartialMatch(text, *one); });
}

class Redactor final : public Rewriter {
 public:
  explicit Redactor(const RedactionRules& rules) : rules_(rules) {}

  Verdict on_resource(MessageEditor& resource) override {
    redact(resource.attributes());
    return Verdict::keep;
  }
  Verdict on_scope(Enclosing& in) override {
    redact(in.scope.attributes());
    return Verdict::keep;
  }
  Verdict on_item(Signal signal, MessageEditor& item, Enclosing&) override {
    if (signal == Signal::metrics) return Verdict::keep;
    redact(item.attributes());
    if (signal == Signal::traces) redact_events(item);
    if (signal == Signal::logs) redact_body(item);
    return Verdict::keep;
  }
  bool looks_into_metrics() const override { return true; }
  Verdict on_point(uint32_t, MessageEditor& point, MessageEditor&, Enclosing&) override {
    redact(point.attributes());
    return Verdict::keep;
  }

 private:
  struct Done {
    std::vector<std::string> removed, masked, allowed;
    int64_t ignored = 0;
  };

  void redact(AttributeList& attributes) {
    Done done;
    attributes.remove_if([&](const Attribute& one) {
      if (is_ignored(one.key)) {
        ++done.ignored;
        return false;
      }
      if (rules_.allow_all_keys || rules_.allowed_keys.contains(one.key)) return false;
      done.removed.emplace_back(one.key);
      return true;
    });
    for (size_t i = 0; i < attributes.all().size(); ++i) {
      const Attribute& one = attributes.all()[i];
      if (is_ignored(one.key)) continue;
      const std::string key(one.key);
      if (const auto masked =
              masked_value(one.value, any_matches(rules_.blocked_key_patterns, key), key, done))
        attributes.replace(i, *masked);
    }
    summarize(attributes, done);
  }

  bool is_ignored(std::string_view key) const {
    return rules_.ignored_keys.contains(key) || any_matches(rules_.ignored_key_patterns, key);
  }

  // The AnyValue message to put in place of this one; nothing when it stays.
  std::optional<std::string> masked_value(std::string_view any_value, bool whole, const std::string& key,
                                          Done& done) const {
    const AnyValueView value = read_any_value(any_value);
    if (value.kind == AnyValueView::Kind::empty) return std::nullopt;
    const bool is_nested = value.kind == AnyValueView::Kind::array || value.kind == AnyValueView::Kind::map;
    if (is_nested && !whole && !rules_.all_types) {
      ottl::Value nested = ottl::value_of_any(any_value);
      if (!mask_within(nested)) return std::nullopt;
      auto written = ottl::any_of_value(nested);
      if (!written.ok()) return std::nullopt;
      done.masked.push_back(key);
      return std::move(*written);
    }
    if (value.kind != AnyValueView::Kind::string && !whole && !rules_.all_types) return std::nullopt;
    const std::string text = text_of(value);
    if (any_matches(rules_.allowed_values, text)) {
      done.allowed.push_back(key);
      return std::nullopt;
    }
    std::string masked = whole ? mask(text) : mask_matches(text);
    if (masked == text) return std::nullopt;
    done.masked.push_back(key);
    return string_value(masked);
  }

  // Texts in lists and maps, and in those below them.
  bool mask_within(ottl::Value& value) const {
    if (auto* text = value.as<std::string>()) {
      if (any_matches(rules_.allowed_values, *text)) return false;
      std::string masked = mask_matches(*text);
      if (masked == *text) return false;
      *text = std::move(masked);
      return true;
    }
    bool any = false;
    if (auto* list = value.as<ottl::Value::List>())
      for (ottl::Value& item : *list) any = mask_within(item) || any;
    if (auto* map = value.as<ottl::Value::Map>())
      for (auto& entry : *map) {
        if (any_matches(rules_.blocked_key_patterns, entry.key)) {
          entry.value = mask(ottl::text_of(entry.value));
          any = true;
        } else {
          any = mask_within(entry.value) || any;
        }
      }
    return any;
  }

  std::string mask(std::string_view text) const {
    return rules_.digest ? hex_digest(*rules_.digest, text) : "****";
  }

  std::string mask_matches(std::string text) const {
    for (const auto& expression : rules_.blocked_values) {
      std::string masked;
      size_t at = 0;
      re2::StringPiece found;
      while (expression->Match(text, at, text.size(), RE2::UNANCHORED, &found, 1)) {
        const auto begin = static_cast<size_t>(found.data() - text.data());
        if (found.empty()) break;  // an expression that fits nothing hides nothing
        masked.append(text, at, begin - at);
        masked += mask({found.data(), found.size()});
        at = begin + found.size();
      }
      masked.append(text, at);
      text = std::move(masked);
    }
    return text;
  }

  void redact_events(MessageEditor& span) {
    if (!span.has(otlp::span::events)) return;
    std::string edited;
    span.replace_each(otlp::span::events, [&](std::string_view bytes) -> std::optional<std::string_view> {
      event_.reset(bytes, otlp::event::attributes);
      redact(event_.attributes());
      if (!event_.changed()) return bytes;
      edited.clear();
      event_.append_to(edited);
      return edited;
    });
  }

  // A body has no key; its texts are masked, and what blocked keys of a map hold.
  void redact_body(MessageEditor& record) {
    const std::string_view body = record.bytes(otlp::log_record::body);
    if (body.empty()) return;
    Done done;
    if (const auto masked = masked_value(body, false, "body", done))
      record.set_bytes(otlp::log_record::body, *masked);
  }

  void summarize(AttributeList& attributes, const Done& done) const {
    if (rules_.summary == RedactionSummary::silent) return;
    const auto tell = [&](std::string_view what, std::vector<std::string> keys, int64_t count) {
      if (count == 0) return;
      if (rules_.summary == RedactionSummary::debug && !keys.empty()) {
        std::sort(keys.begin(), keys.end());
        attributes.set(fmt::format("redaction.{}.keys", what),
                       string_value(fmt::format("{}", fmt::join(keys, ","))));
      }
      attributes.set(fmt::format("redaction.{}.count", what), integer_value(count));
    };
    const auto count_of = [](const auto& keys) { return static_cast<int64_t>(keys.size()); };
    tell("redacted", done.removed, count_of(done.removed));
    tell("masked", done.masked, count_of(done.masked));
    tell("allowed", done.allowed, count_of(done.allowed));
    tell("ignored", {}, done.ignored);
  }

  const RedactionRules& rules_;
  MessageEditor event_;
};

Expressions read_expressions(Section& section, const char* key) {
  std::vector<std::string> texts;
  section.read(key, texts);
  Expressions expressions;
  for (const std::string& text : texts) {
    expressions.push_back(std::make_unique<const RE2>(text, RE2::Quiet));
    if (!expressions.back()->ok())
      section.error(key, fmt::format("'{}' is no regular expression: {}", text, expressions.back()->error()));
  }
  return expressions;
}

}  // namespace

MakeProcessor configure_redaction(Section& section) {
  const auto rules = std::make_shared<RedactionRules>();
  std::vector<std::string> allowed, ignored;
  std::string summary = "silent", digest;
  section.read("allow_all_keys", rules->allow_all_keys);
  section.read("allowed_keys", allowed);
  section.read("ignored_keys", ignored);
  rules->allowed_keys.insert(allowed.begin(), allowed.end());
  rules->ignored_keys.insert(ignored.begin(), ignored.end());
  rules->ignored_key_patterns = read_expressions(section, "ignored_key_patterns");
  rules->blocked_key_patterns = read_expressions(section, "blocked_key_patterns");
  rules->blocked_values = read_expressions(section, "blocked_values");
  rules->allowed_values = read_expressions(section, "allowed_values");
  section.read("redact_all_types", rules->all_types);
  section.read_choice("summary", summary, {"silent", "info", "debug"});
  if (section.read_choice("hash_function", digest, {"md5", "sha1", "sha3"}))
    rules->digest = digest == "md5"    ? DigestKind::md5
                    : digest == "sha1" ? DigestKind::sha1
                                       : DigestKind::sha3_256;
  rules->summary = summary == "info"    ? RedactionSummary::info
                   : summary == "debug" ? RedactionSummary::debug
                                        : RedactionSummary::silent;
  section.refuse("url_sanitizer", "clew does not offer this; use replace_pattern of the transform processor");
  section.refuse("db_sanitizer", "clew does not offer this; use replace_pattern of the transform processor");
  section.refuse("hmac_key", "clew hashes without a key: md5, sha1 or sha3");
  if (!rules->allow_all_keys && allowed.empty())
    section.warn("allowed_keys", "it is empty, so that every attribute is removed, service.name too");
  return rewriting_processor([rules](const Batch&) { return std::make_unique<Redactor>(*rules); });
}

}  // namespace clew::pipeline
