#include "pipeline/exporters/otlp_reply.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_reader.h"

namespace clew::pipeline {
namespace {

constexpr size_t kMostText = 500;
// A backend may ask for less haste, not for a standstill.
constexpr Nanoseconds kLongestWait = hours(1);

std::string_view view(protozero::data_view bytes) {
  return {bytes.data(), bytes.size()};
}

// The partial success of an Export…ServiceResponse.
Outcome accepted(std::string_view response) {
  Outcome outcome;
  try {
    ProtobufReader reader(response.data(), response.size());
    while (reader.next()) {
      if (reader.tag() != otlp::response::partial_success) {
        reader.skip();
        continue;
      }
      ProtobufReader partial = reader.get_message();
      while (partial.next()) {
        if (partial.tag() == otlp::partial_success::rejected)
          outcome.rejected = static_cast<uint64_t>(std::max<int64_t>(partial.get_int64(), 0));
        else if (partial.tag() == otlp::partial_success::message)
          outcome.rejection = view(partial.get_view()).substr(0, kMostText);
        else
          partial.skip();
      }
    }
  } catch (const protozero::exception&) {
    // It said yes; how it says so is its own affair.
  }
  return outcome;
}

std::string message_of_status(std::string_view rpc_status) {
  try {
    ProtobufReader reader(rpc_status.data(), rpc_status.size());
    while (reader.next()) {
      if (reader.tag() == otlp::rpc_status::message)
        return std::string(view(reader.get_view()).substr(0, kMostText));
      reader.skip();
    }
  } catch (const protozero::exception&) {
  }
  return {};
}

std::string printable(std::string_view text) {
  std::string result(text.substr(0, kMostText));
  for (char& c : result)
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  return result;
}

std::optional<Nanoseconds> retry_after(const net::ClientResponse& response) {
  const auto header = response.header("retry-after");
  if (!header) return std::nullopt;
  int64_t number = 0;
  const auto [end, fault] = std::from_chars(header->data(), header->data() + header->size(), number);
  if (fault != std::errc() || end != header->data() + header->size() || number < 0) return std::nullopt;
  return std::min(seconds(std::min<int64_t>(number, 86'400)), kLongestWait);
}

}  // namespace

std::optional<Nanoseconds> retry_delay(std::string_view rpc_status) {
  enum : uint32_t { type_url = 1, value = 2, delay_field = 1, seconds_field = 1, nanos_field = 2 };
  try {
    ProtobufReader status(rpc_status.data(), rpc_status.size());
    while (status.next()) {
      if (status.tag() != otlp::rpc_status::details) {
        status.skip();
        continue;
      }
      ProtobufReader any = status.get_message();
      std::string_view type, info;
      while (any.next()) {
        if (any.tag() == type_url)
          type = view(any.get_view());
        else if (any.tag() == value)
          info = view(any.get_view());
        else
          any.skip();
      }
      if (!type.ends_with("google.rpc.RetryInfo")) continue;
      Nanoseconds delay{};
      ProtobufReader reader(info.data(), info.size());
      while (reader.next()) {
        if (reader.tag() != delay_field) {
          reader.skip();
          continue;
        }
        ProtobufReader duration = reader.get_message();
        while (duration.next()) {
          if (duration.tag() == seconds_field)
            delay.count += std::clamp<int64_t>(duration.get_int64(), 0, 86'400) * 1'000'000'000;
          else if (duration.tag() == nanos_field)
            delay.count += std::clamp<int64_t>(duration.get_int64(), 0, 999'999'999);
          else
            duration.skip();
        }
      }
      return std::min(delay, kLongestWait);
    }
  } catch (const protozero::exception&) {
  }
  return std::nullopt;
}

Outcome outcome_of_grpc(net::GrpcCode code, std::string_view error, std::string_view message,
                        std::string_view status_details) {
  using net::GrpcCode;
  const std::string why =
      fmt::format("the backend answered {}: {}", static_cast<int>(code), printable(error));
  const std::optional<Nanoseconds> delay = retry_delay(status_details);
  const auto failed = [&](ErrorKind kind) {
    return Outcome{.status = Status(kind, why), .retry_after = delay.value_or(Nanoseconds{})};
  };
  switch (code) {
    case GrpcCode::ok:
      return accepted(message);
    case GrpcCode::cancelled:
    case GrpcCode::deadline_exceeded:
    case GrpcCode::aborted:
    case GrpcCode::out_of_range:
    case GrpcCode::unavailable:
    case GrpcCode::data_loss:
      return failed(ErrorKind::unavailable);
    case GrpcCode::resource_exhausted:
      // Without a delay it means "too large", which stays so.
      return failed(delay ? ErrorKind::exhausted : ErrorKind::too_large);
    case GrpcCode::invalid_argument:
      return failed(ErrorKind::bad_input);
    default:
      // Whatever is wrong between the collector and its backend (a key, an address) is not the sender's
      // fault.
      return failed(ErrorKind::internal);
  }
}

Outcome outcome_of_http(const net::ClientResponse& response) {
  if (response.status >= 200 && response.status < 300) return accepted(response.body);
  std::string why = message_of_status(response.body);
  if (why.empty()) why = response.body;
  const std::string text =
      fmt::format("the backend answered {} {}: {}", response.status, response.reason, printable(why));
  const bool for_now = response.status == 429 || (response.status >= 502 && response.status <= 504);
  const ErrorKind kind = for_now                  ? ErrorKind::unavailable
                         : response.status == 400 ? ErrorKind::bad_input
                         : response.status == 413 ? ErrorKind::too_large
                                                  : ErrorKind::internal;
  return {.status = Status(kind, text), .retry_after = retry_after(response).value_or(Nanoseconds{})};
}

}  // namespace clew::pipeline
