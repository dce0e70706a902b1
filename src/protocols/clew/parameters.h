// Parameters: reads the query parameters of a call. The first one that is wrong is remembered, so that an
// endpoint reads all of them and asks once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "protocols/clew/call.h"
#include "query/plan.h"
#include "telemetry/ids.h"

namespace clew::api {

// What holds where from and to are not given.
enum class RangeDefault : uint8_t { last_hour, everything };

class Parameters {
 public:
  explicit Parameters(const Call& call) : call_(call) {}

  // Nothing when absent or empty.
  std::optional<std::string> text(std::string_view name);
  // bad_input when absent.
  std::string required_text(std::string_view name);
  std::optional<double> number(std::string_view name, double least);
  size_t limit(size_t otherwise, size_t most);
  bool flag(std::string_view name);
  Signal signal();
  TimeRange range(RangeDefault otherwise = RangeDefault::last_hour);
  std::optional<TraceId> trace_id();
  // The condition in `q`; matches everything when absent.
  query::Filter condition();

  bool ok() const { return status_.ok(); }
  // Only when not ok().
  net::Response refusal() const { return api::refusal(status_, fault_); }
  void refuse(std::string_view field, Status status);

 private:
  const Call& call_;
  Status status_;
  Fault fault_;
};

// What `from` and `to` mean; either may be absent. On failure `field` of the fault is "from" or "to".
struct RangeWords {
  std::optional<std::string> from;
  std::optional<std::string> to;
};
struct RangeOrFault {
  TimeRange range;
  Status status;
  Fault fault;
};
RangeOrFault range_of(const RangeWords& words, RangeDefault otherwise, UnixNanos now);

// The name of a signal as the API writes it.
std::optional<Signal> signal_named(std::string_view name);

}  // namespace clew::api
