#include "pipeline/component_id.h"

#include <algorithm>
#include <cctype>

namespace clew::pipeline {
namespace {

bool is_type(std::string_view text) {
  return !text.empty() && std::isalpha(static_cast<unsigned char>(text[0])) &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) || c == '_'; });
}

// "type/name" apart; nothing when a part is missing or has blanks.
std::optional<ComponentId> split(std::string_view text) {
  const size_t slash = text.find('/');
  ComponentId id{std::string(text.substr(0, slash)), {}};
  if (slash == std::string_view::npos) return id;
  id.name = text.substr(slash + 1);
  const bool blank = std::any_of(id.name.begin(), id.name.end(), [](unsigned char c) { return c <= ' '; });
  if (id.name.empty() || blank || id.name.size() > 1024) return std::nullopt;
  return id;
}

}  // namespace

std::optional<ComponentId> parse_component_id(std::string_view text) {
  auto id = split(text);
  return id && is_type(id->type) ? id : std::nullopt;
}

std::optional<Signal> signal_named(std::string_view name) {
  for (const Signal signal : {Signal::traces, Signal::logs, Signal::metrics})
    if (name == name_of(signal)) return signal;
  return std::nullopt;
}

std::optional<PipelineId> parse_pipeline_id(std::string_view text) {
  const auto id = split(text);
  if (!id) return std::nullopt;
  const auto signal = signal_named(id->type);
  if (!signal) return std::nullopt;
  return PipelineId{*signal, id->name};
}

std::string SignalSet::text() const {
  std::string text;
  for (const Signal signal : {Signal::traces, Signal::metrics, Signal::logs}) {
    if (!contains(signal)) continue;
    if (!text.empty()) text += ", ";
    text += name_of(signal);
  }
  return text;
}

}  // namespace clew::pipeline
