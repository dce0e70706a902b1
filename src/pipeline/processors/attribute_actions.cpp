#include "pipeline/processors/attribute_actions.h"

#include <charconv>
#include <cmath>
#include <optional>

#include <fmt/format.h>
#include <re2/re2.h>

#include "pipeline/config/configured_value.h"
#include "pipeline/config/section.h"
#include "pipeline/otlp/digest.h"

namespace clew::pipeline {
namespace {

// Where a new value comes from.
struct Source {
  std::optional<std::string> value;           // an AnyValue message
  std::optional<std::string> from_attribute;  // another key
  std::optional<std::string> from_context;    // "metadata.tenant", "client.address", "auth.subject"

  std::optional<std::string> get(const AttributeList& attributes, const SenderContext* sender) const {
    if (value) return value;
    if (from_attribute) {
      const Attribute* other = attributes.find(*from_attribute);
      if (other == nullptr) return std::nullopt;
      return std::string(other->value);
    }
    if (!from_context || sender == nullptr) return std::nullopt;
    if (*from_context == "client.address")
      return string_value(std::string_view(sender->peer).substr(0, sender->peer.rfind(':')));
    if (from_context->starts_with("auth."))
      return sender->subject.empty() ? std::nullopt : std::optional(string_value(sender->subject));
    const std::string_view name =
        std::string_view(*from_context).substr(std::string_view("metadata.").size());
    std::string joined;
    bool found = false;
    for (const auto& [header, content] : sender->headers) {
      if (header != name) continue;
      joined += (found ? ";" : "") + content;
      found = true;
    }
    return found ? std::optional(string_value(joined)) : std::nullopt;
  }
};

class Set final : public AttributeAction {
 public:
  enum class When : uint8_t { absent, present, always };
  Set(std::string key, When when, Source source)
      : key_(std::move(key)), when_(when), source_(std::move(source)) {}
  void apply(AttributeList& attributes, const SenderContext* sender) const override {
    const bool present = attributes.find(key_) != nullptr;
    if ((when_ == When::absent && present) || (when_ == When::present && !present)) return;
    if (const auto value = source_.get(attributes, sender)) attributes.set(key_, *value);
  }

 private:
  const std::string key_;
  const When when_;
  const Source source_;
};

// One key, or all keys that match a pattern.
class Keys {
 public:
  Keys(std::string key, const std::string& pattern) : key_(std::move(key)) {
    if (!pattern.empty()) pattern_ = std::make_unique<RE2>(pattern, RE2::Quiet);
  }
  bool contain(std::string_view key) const {
    return (!key_.empty() && key == key_) || (pattern_ && RE2::PartialMatch(key, *pattern_));
  }

 private:
  const std::string key_;
  std::unique_ptr<RE2> pattern_;
};

class Delete final : public AttributeAction {
 public:
  explicit Delete(Keys keys) : keys_(std::move(keys)) {}
  void apply(AttributeList& attributes, const SenderContext*) const override {
    attributes.remove_if([&](const Attribute& attribute) { return keys_.contain(attribute.key); });
  }

 private:
  const Keys keys_;
};

// The bytes that are hashed: texts as they are, numbers in eight bytes.
std::string hashed_bytes(const AnyValueView& value) {
  using Kind = AnyValueView::Kind;
  const auto eight = [](const void* from) { return std::string(static_cast<const char*>(from), 8); };
  if (value.kind == Kind::integer) return eight(&value.integer);
  if (value.kind == Kind::floating) return eight(&value.floating);
  if (value.kind == Kind::boolean) return std::string(1, value.boolean ? '\1' : '\0');
  return text_of(value);
}

class Hash final : public AttributeAction {
 public:
  explicit Hash(Keys keys) : keys_(std::move(keys)) {}
  void apply(AttributeList& attributes, const SenderContext*) const override {
    for (size_t i = 0; i < attributes.all().size(); ++i) {
      const Attribute& attribute = attributes.all()[i];
      if (!keys_.contain(attribute.key)) continue;
      const std::string bytes = hashed_bytes(attributes.value_of(attribute));
      if (!bytes.empty()) attributes.replace(i, string_value(hex_digest(DigestKind::sha256, bytes)));
    }
  }

 private:
  const Keys keys_;
};

class Extract final : public AttributeAction {
 public:
  Extract(std::string key, std::unique_ptr<RE2> pattern)
      : key_(std::move(key)), pattern_(std::move(pattern)) {}
  void apply(AttributeList& attributes, const SenderContext*) const override {
    const Attribute* attribute = attributes.find(key_);
    if (attribute == nullptr) return;
    const AnyValueView value = attributes.value_of(*attribute);
    if (value.kind != AnyValueView::Kind::string) return;
    std::vector<re2::StringPiece> groups(static_cast<size_t>(pattern_->NumberOfCapturingGroups()) + 1);
    const std::string text(value.text);
    if (!pattern_->Match(text, 0, text.size(), RE2::UNANCHORED, groups.data(),
                         static_cast<int>(groups.size())))
      return;
    for (const auto& [name, group] : pattern_->NamedCapturingGroups()) {
      const re2::StringPiece& piece = groups[static_cast<size_t>(group)];
      attributes.set(name, string_value({piece.data(), piece.size()}));
    }
  }

 private:
  const std::string key_;
  const std::unique_ptr<RE2> pattern_;
};

class Convert final : public AttributeAction {
 public:
  Convert(std::string key, std::string type) : key_(std::move(key)), type_(std::move(type)) {}
  void apply(AttributeList& attributes, const SenderContext*) const override {
    const Attribute* attribute = attributes.find(key_);
    if (attribute == nullptr) return;
    if (const auto converted = convert(attributes.value_of(*attribute))) attributes.set(key_, *converted);
  }

 private:
  // Nothing when the value has the type already, or does not look like one.
  std::optional<std::string> convert(const AnyValueView& value) const {
    using Kind = AnyValueView::Kind;
    if (type_ == "string")
      return value.kind == Kind::string ? std::nullopt : std::optional(string_value(text_of(value)));
    double floating = value.kind == Kind::integer   ? static_cast<double>(value.integer)
                      : value.kind == Kind::boolean ? (value.boolean ? 1.0 : 0.0)
                                                    : value.floating;
    if (value.kind == Kind::string) {
      int64_t integer = 0;
      const char* const end = value.text.data() + value.text.size();
      if (type_ == "int") {
        const auto [stop, fault] = std::from_chars(value.text.data(), end, integer);
        if (fault != std::errc() || stop != end) return std::nullopt;
        return integer_value(integer);
      }
      const auto [stop, fault] = std::from_chars(value.text.data(), end, floating);
      if (fault != std::errc() || stop != end) return std::nullopt;
      return floating_value(floating);
    }
    if (value.kind != Kind::integer && value.kind != Kind::floating && value.kind != Kind::boolean)
      return std::nullopt;
    if (type_ == "double")
      return value.kind == Kind::floating ? std::nullopt : std::optional(floating_value(floating));
    if (value.kind == Kind::integer || !(std::abs(floating) < 9.2e18)) return std::nullopt;
    return integer_value(static_cast<int64_t>(floating));
  }

  const std::string key_;
  const std::string type_;
};

std::unique_ptr<RE2> compiled(Section& section, const std::string& pattern) {
  auto expression = std::make_unique<RE2>(pattern, RE2::Quiet);
  if (expression->ok()) return expression;
  section.error("pattern", fmt::format("'{}' is no regular expression: {}", pattern, expression->error()));
  return nullptr;
}

Source read_source(Section& section, const std::string& action) {
  Source source;
  if (const ConfigValue* value = section.value("value")) source.value = configured_any_value(*value);
  section.read("from_attribute", source.from_attribute);
  section.read("from_context", source.from_context);
  if (source.from_context && *source.from_context != "client.address" &&
      !source.from_context->starts_with("auth.") && !source.from_context->starts_with("metadata."))
    section.error("from_context",
                  fmt::format("expected metadata.NAME, client.address or auth.subject, got '{}'",
                              *source.from_context));
  const int given =
      source.value.has_value() + source.from_attribute.has_value() + source.from_context.has_value();
  if (given != 1)
    section.error(
        fmt::format("the action {} needs exactly one of value, from_attribute and from_context", action));
  return source;
}

std::unique_ptr<const AttributeAction> read_action(Section& section) {
  std::string key, action, pattern, type;
  section.read("key", key);
  const bool named = section.read_choice(
      "action", action, {"insert", "update", "upsert", "delete", "hash", "extract", "convert"});
  if (!section.has("action"))
    section.error("expected an action: insert, update, upsert, delete, hash, extract or convert");
  if (action == "insert" || action == "update" || action == "upsert") {
    if (key.empty()) section.error("expected a key");
    const Set::When when = action == "insert"   ? Set::When::absent
                           : action == "update" ? Set::When::present
                                                : Set::When::always;
    return std::make_unique<Set>(key, when, read_source(section, action));
  }
  if (action == "delete" || action == "hash") {
    section.read("pattern", pattern);
    if (key.empty() && pattern.empty()) section.error("expected a key or a pattern");
    if (!pattern.empty() && !compiled(section, pattern)) return nullptr;
    if (action == "hash") return std::make_unique<Hash>(Keys(key, pattern));
    return std::make_unique<Delete>(Keys(key, pattern));
  }
  if (action == "extract") {
    if (key.empty()) section.error("expected a key");
    if (!section.read("pattern", pattern)) section.error("expected a pattern with named groups");
    auto expression = compiled(section, pattern);
    if (!expression) return nullptr;
    if (expression->NamedCapturingGroups().empty())
      section.error("pattern", "expected named groups, as in ^(?P<host>[^:]+):(?P<port>\\d+)$");
    return std::make_unique<Extract>(key, std::move(expression));
  }
  if (action == "convert") {
    if (key.empty()) section.error("expected a key");
    section.read_choice("converted_type", type, {"int", "double", "string"});
    if (!section.has("converted_type")) section.error("expected converted_type: int, double or string");
    return std::make_unique<Convert>(key, type);
  }
  if (!named) section.ignore({"value", "from_attribute", "from_context", "pattern", "converted_type"});
  return nullptr;
}

}  // namespace

std::shared_ptr<const AttributeActions> read_attribute_actions(Section& section, const char* key) {
  auto actions = std::make_shared<AttributeActions>();
  section.for_each(key, [&](Section& item) {
    if (auto action = read_action(item)) actions->push_back(std::move(action));
  });
  const ConfigValue* list = section.value(key);
  if (list == nullptr || list->is_null()) section.error(fmt::format("expected {}: a list of actions", key));
  return actions;
}

}  // namespace clew::pipeline
