// MessageEditor: looks into a protobuf message and changes some of its fields. What is not touched is neither
// decoded nor encoded: its bytes are copied. Used again for one message after the other, so that its memory
// is taken once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/otlp/attribute_list.h"
#include "pipeline/otlp/byte_arena.h"
#include "telemetry/protobuf_writer.h"

namespace clew::pipeline {

class MessageEditor {
 public:
  // Takes another message, of which `attributes_field` holds the attributes (0: it has none). Nothing is
  // decoded yet; `message` must stay where it is until the next reset().
  void reset(std::string_view message, uint32_t attributes_field);

  // The functions below throw protozero::exception when the message is malformed; rewrite() and walk_items()
  // catch it.

  // The last of its kind, as protobuf has it; empty or 0 when absent.
  std::string_view bytes(uint32_t field);
  uint64_t varint(uint32_t field);
  uint64_t fixed64(uint32_t field);
  uint32_t fixed32(uint32_t field);
  bool has(uint32_t field);
  // Each message of a repeated field.
  template <typename Visit>
  void for_each(uint32_t field, Visit visit) {
    index();
    for (const Field& one : fields_)
      if (one.number == field && one.type == WireType::bytes) visit(one.content);
  }

  // Replaces all fields of this number by one; the bytes are copied.
  void set_bytes(uint32_t field, std::string_view value);
  void set_varint(uint32_t field, uint64_t value);
  void set_fixed64(uint32_t field, uint64_t value);
  void remove(uint32_t field);
  // Adds one more to a repeated field.
  void add_bytes(uint32_t field, std::string_view value);
  // Replaces the messages of a repeated field by what `edit` makes of each: nothing, or a message (copied).
  template <typename Edit>
  void replace_each(uint32_t field, Edit edit) {
    index();
    for (Field& one : fields_) {
      if (one.number != field || one.type != WireType::bytes) continue;
      const std::optional<std::string_view> edited = edit(one.content);
      if (edited && edited->data() == one.content.data() && edited->size() == one.content.size()) continue;
      one.content = edited ? arena_.keep(*edited) : std::string_view();
      one.whole = {};
      one.gone = !edited;
      changed_ = true;
    }
    drop_gone();
  }

  AttributeList& attributes();
  bool changed() const { return changed_ || attributes_.changed(); }
  std::string_view original() const { return message_; }
  // The message as it is now.
  void append_to(std::string& out) const;

 private:
  struct Field {
    uint32_t number = 0;
    WireType type = WireType::bytes;
    std::string_view whole;    // tag and value as they came; empty when it was changed
    std::string_view content;  // of WireType::bytes
    uint64_t number_value = 0;
    bool gone = false;
  };

  void index();
  const Field* last(uint32_t field);
  void replace(Field field);
  void drop_gone();

  std::string_view message_;
  uint32_t attributes_field_ = 0;
  bool indexed_ = false;
  bool attributes_read_ = false;
  bool changed_ = false;
  std::vector<Field> fields_;
  AttributeList attributes_;
  ByteArena arena_;
};

}  // namespace clew::pipeline
