#include "protocols/sender_clock.h"

#include <fmt/format.h>
#include <protozero/pbf_reader.hpp>

#include "telemetry/otlp_fields.h"

namespace clew {
namespace {

using namespace otlp;

using protozero::pbf_reader;
using protozero::pbf_wire_type;

constexpr int64_t kNanosecondsOfMinute = seconds(60).count;
// More than a batch waits before it is sent, and more than clocks differ that something keeps right.
constexpr int64_t kMinutesAhead = 2, kMinutesBehind = 10;

constexpr std::string_view kAhead =
    "Set the sender's clock (timedatectl set-ntp true). What it sent is stored at the times it names: choose "
    "a range that reaches into the future to see it";
constexpr std::string_view kBehind =
    "If it was not held back on its way, set the sender's clock (timedatectl set-ntp true). What it sent is "
    "stored at the times it names: choose an earlier range to see it";

// 0 when there is none.
uint64_t time_of_item(pbf_reader item, uint32_t field) {
  uint64_t time = 0;
  while (item.next(field, pbf_wire_type::fixed64)) time = item.get_fixed64();
  return time;
}

uint64_t time_of_first_item(std::string_view otlp, uint32_t field) {
  pbf_reader request(otlp.data(), otlp.size());
  if (!request.next(request::resources, pbf_wire_type::length_delimited)) return 0;
  pbf_reader items = request.get_message();
  if (!items.next(resource_items::scopes, pbf_wire_type::length_delimited)) return 0;
  pbf_reader scope = items.get_message();
  if (!scope.next(scope_items::items, pbf_wire_type::length_delimited)) return 0;
  return time_of_item(scope.get_message(), field);
}

std::string in_words(int64_t minutes) {
  constexpr int64_t kHour = 60, kDay = 24 * kHour;
  if (minutes < 2 * kHour) return fmt::format("{} minutes", minutes);
  if (minutes < 2 * kDay) return fmt::format("{} hours", minutes / kHour);
  return fmt::format("{} days", minutes / kDay);
}

}  // namespace

std::optional<ClockDoubt> doubt_about_clock(Signal signal, std::string_view otlp, UnixNanos at) {
  if (signal == Signal::metrics) return std::nullopt;
  uint64_t time = 0;
  try {
    time =
        time_of_first_item(otlp, signal == Signal::traces ? uint32_t{span::end} : uint32_t{log_record::time});
  } catch (const protozero::exception&) {
    return std::nullopt;  // whoever decodes it all has more to say about it
  }
  if (time == 0 || time > static_cast<uint64_t>(INT64_MAX)) return std::nullopt;
  const int64_t ahead = (UnixNanos{static_cast<int64_t>(time)} - at).count / kNanosecondsOfMinute;
  if (ahead >= kMinutesAhead)
    return ClockDoubt{fmt::format("its times are {} ahead of clew's clock", in_words(ahead)), kAhead};
  if (signal == Signal::traces && -ahead >= kMinutesBehind)
    return ClockDoubt{fmt::format("its spans ended {} ago by clew's clock", in_words(-ahead)), kBehind};
  return std::nullopt;
}

}  // namespace clew
