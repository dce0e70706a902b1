#include "protocols/clew/parameters.h"

#include <charconv>
#include <cmath>

#include "protocols/clew/condition.h"

namespace clew::api {

std::optional<Signal> signal_named(std::string_view name) {
  for (const Signal signal : {Signal::traces, Signal::logs, Signal::metrics}) {
    if (name == name_of(signal)) return signal;
  }
  return std::nullopt;
}

RangeOrFault range_of(const RangeWords& words, RangeDefault otherwise, UnixNanos now) {
  RangeOrFault result;
  if (otherwise == RangeDefault::last_hour) {
    // What starts right now, or a moment later by the sender's clock, is meant as well.
    result.range = {now - hours(1), now + seconds(5)};
  }
  const auto read = [&](const std::optional<std::string>& text, const char* field, UnixNanos& into) {
    if (!text || !result.status.ok()) return;
    Result<UnixNanos> time = parse_time(*text, now);
    if (time.ok()) {
      into = *time;
    } else {
      result.status = std::move(time).status();
      result.fault.field = field;
    }
  };
  read(words.to, "to", result.range.to);
  // A range that ends in the past begins an hour before its end.
  if (words.to && otherwise == RangeDefault::last_hour) result.range.from = result.range.to - hours(1);
  read(words.from, "from", result.range.from);
  if (result.status.ok() && result.range.from >= result.range.to) {
    result.status =
        Status(ErrorKind::bad_input, "from must be before to, got from " + to_rfc3339(result.range.from) +
                                         " and to " + to_rfc3339(result.range.to));
    result.fault.field = words.from ? "from" : "to";
  }
  return result;
}

void Parameters::refuse(std::string_view field, Status status) {
  if (!status_.ok()) return;
  status_ = std::move(status);
  fault_.field = field;
}

std::optional<std::string> Parameters::text(std::string_view name) {
  std::optional<std::string> value = call_.request.parameter(name);
  if (value && value->empty()) value.reset();
  return value;
}

std::string Parameters::required_text(std::string_view name) {
  std::optional<std::string> value = text(name);
  if (!value)
    refuse(name, Status(ErrorKind::bad_input, "The parameter " + std::string(name) + " is required"));
  return value.value_or(std::string());
}

std::optional<double> Parameters::number(std::string_view name, double least) {
  const std::optional<std::string> value = text(name);
  if (!value) return std::nullopt;
  double number = 0;
  const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), number);
  const bool whole = error == std::errc() && end == value->data() + value->size();
  if (!whole || !std::isfinite(number) || number < least) {
    refuse(name, Status(ErrorKind::bad_input,
                        "The parameter " + std::string(name) + " must be a number not below " +
                            std::to_string(int64_t(least)) + ", got \"" + *value + "\""));
    return std::nullopt;
  }
  return number;
}

size_t Parameters::limit(size_t otherwise, size_t most) {
  const std::optional<std::string> value = text("limit");
  if (!value) return otherwise;
  size_t limit = 0;
  const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), limit);
  if (error != std::errc() || end != value->data() + value->size() || limit < 1 || limit > most) {
    refuse("limit", Status(ErrorKind::bad_input, "The parameter limit must be a whole number from 1 to " +
                                                     std::to_string(most) + ", got \"" + *value + "\""));
    return otherwise;
  }
  return limit;
}

bool Parameters::flag(std::string_view name) {
  const std::optional<std::string> value = text(name);
  if (!value || *value == "0" || *value == "false") return false;
  if (*value == "1" || *value == "true") return true;
  refuse(name, Status(ErrorKind::bad_input,
                      "The parameter " + std::string(name) + " must be 0 or 1, got \"" + *value + "\""));
  return false;
}

Signal Parameters::signal() {
  const std::optional<std::string> value = text("signal");
  if (!value) return Signal::traces;
  const std::optional<Signal> signal = signal_named(*value);
  if (!signal) {
    refuse("signal", Status(ErrorKind::bad_input,
                            "There are the signals traces, logs and metrics, not \"" + *value + "\""));
  }
  return signal.value_or(Signal::traces);
}

TimeRange Parameters::range(RangeDefault otherwise) {
  RangeOrFault result = range_of({text("from"), text("to")}, otherwise, call_.now);
  if (!result.status.ok()) refuse(result.fault.field, std::move(result.status));
  return result.range;
}

std::optional<TraceId> Parameters::trace_id() {
  const std::optional<std::string> value = text("trace_id");
  if (!value) return std::nullopt;
  const std::optional<TraceId> id = parse_trace_id(*value);
  if (!id) {
    refuse("trace_id", Status(ErrorKind::bad_input,
                              "\"" + *value +
                                  "\" is not a trace id: 32 or 16 hex digits, with or without dashes, "
                                  "X-Ray's 1-5759e988-…, base64 of 16 bytes, or a traceparent header"));
  }
  return id;
}

query::Filter Parameters::condition() {
  const std::optional<std::string> value = text("q");
  if (!value) return {};
  ConditionOrFault condition = read_condition(*value, "q", call_.now);
  if (!condition.status.ok()) {
    if (ok()) fault_.position = condition.position;
    refuse("q", std::move(condition.status));
  }
  return std::move(condition.filter);
}

}  // namespace clew::api
