// AttributeList: the attributes of a span, log record, point, scope or resource: views of the bytes they came
// in until they are changed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/otlp/any_value_view.h"
#include "pipeline/otlp/byte_arena.h"

namespace clew::pipeline {

struct Attribute {
  std::string_view key;
  std::string_view value;  // an AnyValue message; empty: no value
  std::string_view whole;  // the KeyValue message it came in; empty when it was changed since
};

class AttributeList {
 public:
  // Adds a KeyValue message as it is. Throws protozero::exception when malformed.
  void add_encoded(std::string_view key_value);
  void clear();

  // The first under this key, or null. Valid until the list changes.
  const Attribute* find(std::string_view key) const;
  AnyValueView value_of(const Attribute& attribute) const { return read_any_value(attribute.value); }
  const std::vector<Attribute>& all() const { return attributes_; }
  bool empty() const { return attributes_.empty(); }
  bool changed() const { return changed_; }

  // `any_value` is copied. Replaces the value under the key, or adds one.
  void set(std::string_view key, std::string_view any_value);
  // Whether there was one. All of them, if the key is there more than once.
  bool remove(std::string_view key);
  template <typename Predicate>
  size_t remove_if(Predicate predicate) {
    const size_t removed = std::erase_if(attributes_, predicate);
    changed_ = changed_ || removed > 0;
    return removed;
  }
  // Gives the n-th attribute another value; `any_value` is copied.
  void replace(size_t index, std::string_view any_value);

  // Each as a field `number` of the message that is being written.
  void append_to(std::string& message, uint32_t number) const;

 private:
  std::vector<Attribute> attributes_;
  ByteArena arena_;
  bool changed_ = false;
};

}  // namespace clew::pipeline
