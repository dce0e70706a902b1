#include "pipeline/otlp/message_editor.h"

#include <algorithm>

#include "telemetry/protobuf_reader.h"

namespace clew::pipeline {

void MessageEditor::reset(std::string_view message, uint32_t attributes_field) {
  message_ = message;
  attributes_field_ = attributes_field;
  indexed_ = attributes_read_ = changed_ = false;
  fields_.clear();
  attributes_.clear();
  arena_.clear();
}

void MessageEditor::index() {
  if (indexed_) return;
  indexed_ = true;
  protozero::pbf_reader reader(message_.data(), message_.size());
  size_t at = 0;
  while (reader.next()) {
    Field field{.number = reader.tag()};
    switch (reader.wire_type()) {
      case protozero::pbf_wire_type::varint:
        field.type = WireType::varint;
        field.number_value = reader.get_uint64();
        break;
      case protozero::pbf_wire_type::fixed64:
        field.type = WireType::fixed64;
        field.number_value = reader.get_fixed64();
        break;
      case protozero::pbf_wire_type::fixed32:
        field.type = WireType::fixed32;
        field.number_value = reader.get_fixed32();
        break;
      case protozero::pbf_wire_type::length_delimited: {
        const auto view = reader.get_view();
        field.content = {view.data(), view.size()};
        break;
      }
      default:
        throw protozero::unknown_pbf_wire_type_exception();
    }
    const size_t end = message_.size() - reader.length();
    field.whole = message_.substr(at, end - at);
    at = end;
    fields_.push_back(field);
  }
}

const MessageEditor::Field* MessageEditor::last(uint32_t field) {
  index();
  const auto it =
      std::find_if(fields_.rbegin(), fields_.rend(), [&](const Field& one) { return one.number == field; });
  return it == fields_.rend() ? nullptr : &*it;
}

std::string_view MessageEditor::bytes(uint32_t field) {
  const Field* found = last(field);
  if (found == nullptr) return {};
  if (found->type != WireType::bytes) throw protozero::unknown_pbf_wire_type_exception();
  return found->content;
}

uint64_t MessageEditor::varint(uint32_t field) {
  const Field* found = last(field);
  if (found == nullptr) return 0;
  if (found->type != WireType::varint) throw protozero::unknown_pbf_wire_type_exception();
  return found->number_value;
}

uint64_t MessageEditor::fixed64(uint32_t field) {
  const Field* found = last(field);
  if (found == nullptr) return 0;
  if (found->type != WireType::fixed64) throw protozero::unknown_pbf_wire_type_exception();
  return found->number_value;
}

uint32_t MessageEditor::fixed32(uint32_t field) {
  const Field* found = last(field);
  if (found == nullptr) return 0;
  if (found->type != WireType::fixed32) throw protozero::unknown_pbf_wire_type_exception();
  return static_cast<uint32_t>(found->number_value);
}

bool MessageEditor::has(uint32_t field) {
  return last(field) != nullptr;
}

void MessageEditor::replace(Field field) {
  index();
  changed_ = true;
  const auto first = std::find_if(fields_.begin(), fields_.end(),
                                  [&](const Field& one) { return one.number == field.number; });
  if (first == fields_.end()) {
    fields_.push_back(field);
    return;
  }
  *first = field;
  fields_.erase(
      std::remove_if(first + 1, fields_.end(), [&](const Field& one) { return one.number == field.number; }),
      fields_.end());
}

void MessageEditor::set_bytes(uint32_t field, std::string_view value) {
  replace({.number = field, .type = WireType::bytes, .content = arena_.keep(value)});
}

void MessageEditor::set_varint(uint32_t field, uint64_t value) {
  replace({.number = field, .type = WireType::varint, .number_value = value});
}

void MessageEditor::set_fixed64(uint32_t field, uint64_t value) {
  replace({.number = field, .type = WireType::fixed64, .number_value = value});
}

void MessageEditor::remove(uint32_t field) {
  index();
  if (std::erase_if(fields_, [&](const Field& one) { return one.number == field; }) > 0) changed_ = true;
}

void MessageEditor::add_bytes(uint32_t field, std::string_view value) {
  index();
  changed_ = true;
  fields_.push_back({.number = field, .type = WireType::bytes, .content = arena_.keep(value)});
}

void MessageEditor::drop_gone() {
  std::erase_if(fields_, [](const Field& one) { return one.gone; });
}

AttributeList& MessageEditor::attributes() {
  if (attributes_read_) return attributes_;
  attributes_read_ = true;
  if (attributes_field_ != 0)
    for_each(attributes_field_, [&](std::string_view key_value) { attributes_.add_encoded(key_value); });
  return attributes_;
}

void MessageEditor::append_to(std::string& out) const {
  if (!changed()) {
    out.append(message_);
    return;
  }
  const bool writes_attributes = attributes_.changed();
  ProtobufWriter writer(out);
  for (const Field& field : fields_) {
    if (writes_attributes && field.number == attributes_field_) continue;
    if (!field.whole.empty()) {
      out.append(field.whole);
      continue;
    }
    switch (field.type) {
      case WireType::varint:
        writer.varint(field.number, field.number_value);
        break;
      case WireType::fixed64:
        writer.fixed64(field.number, field.number_value);
        break;
      case WireType::fixed32:
        writer.fixed32(field.number, static_cast<uint32_t>(field.number_value));
        break;
      case WireType::bytes:
        writer.bytes(field.number, field.content);
        break;
    }
  }
  if (writes_attributes) attributes_.append_to(out, attributes_field_);
}

}  // namespace clew::pipeline
