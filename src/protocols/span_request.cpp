#include "protocols/span_request.h"

#include <utility>

#include "telemetry/otlp_fields.h"

namespace clew {
namespace {

using namespace otlp;

// Of more than that, some are written more than once.
constexpr size_t kMostGroups = 1000;

template <typename Write>
void write_attribute(ProtobufWriter& to, uint32_t list, std::string_view name, Write write) {
  const auto pair = to.begin_message(list);
  to.bytes(key_value::key, name);
  const auto any = to.begin_message(key_value::value);
  write();
  to.end_message(any);
  to.end_message(pair);
}

}  // namespace

void write_text(ProtobufWriter& to, uint32_t list, std::string_view name, std::string_view value) {
  write_attribute(to, list, name, [&] { to.bytes(any_value::string, value); });
}

void write_bytes(ProtobufWriter& to, uint32_t list, std::string_view name, std::string_view value) {
  write_attribute(to, list, name, [&] { to.bytes(any_value::bytes, value); });
}

void write_integer(ProtobufWriter& to, uint32_t list, std::string_view name, int64_t value) {
  write_attribute(to, list, name, [&] { to.varint(any_value::integer, static_cast<uint64_t>(value)); });
}

void write_floating(ProtobufWriter& to, uint32_t list, std::string_view name, double value) {
  write_attribute(to, list, name, [&] { to.floating(any_value::floating, value); });
}

void write_boolean(ProtobufWriter& to, uint32_t list, std::string_view name, bool value) {
  write_attribute(to, list, name, [&] { to.boolean(any_value::boolean, value); });
}

std::string& SpanRequest::spans_of(std::string_view resource, std::string_view scope) {
  if (latest_ < groups_.size() && groups_[latest_].resource == resource && groups_[latest_].scope == scope)
    return groups_[latest_].spans;
  if (groups_.size() >= kMostGroups) write_out();
  std::string both = std::to_string(resource.size());
  both.append(":").append(resource).append(scope);
  const auto [place, is_new] = places_.try_emplace(std::move(both), groups_.size());
  if (is_new) groups_.push_back({std::string(resource), std::string(scope), {}});
  latest_ = place->second;
  return groups_[latest_].spans;
}

void SpanRequest::write_out() {
  size_t bytes = written_.size();
  for (const Group& group : groups_)
    bytes += group.resource.size() + group.scope.size() + group.spans.size() + 32;
  written_.reserve(bytes);
  ProtobufWriter to(written_);
  for (const Group& group : groups_) {
    const auto items = to.begin_message(request::resources);
    if (!group.resource.empty()) to.bytes(resource_items::resource, group.resource);
    const auto spans = to.begin_message(resource_items::scopes);
    if (!group.scope.empty()) to.bytes(scope_items::scope, group.scope);
    written_.append(group.spans);
    to.end_message(spans);
    to.end_message(items);
  }
  groups_.clear();
  places_.clear();
  latest_ = 0;
}

std::string SpanRequest::take() {
  write_out();
  return std::exchange(written_, {});
}

}  // namespace clew
