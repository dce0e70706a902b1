// Status and Result<T>: how every function here says that something went wrong.
//
// Success is one null pointer. A failure has a kind, which callers branch on, and a message made for a
// person, which ends with the values that matter: what, expected, got, where. Exceptions stay at the edges
// (libraries).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace clew {

enum class ErrorKind : uint8_t {
  bad_input,        // the sender's fault, will fail again: 400 / INVALID_ARGUMENT
  unauthenticated,  // no key or an unknown one: 401 / UNAUTHENTICATED
  forbidden,        // a known key that may not do this: 403 / PERMISSION_DENIED
  not_found,        // 404 / NOT_FOUND
  conflict,         // exists already, or is in use by another: 409 / ALREADY_EXISTS
  too_large,        // over a stated limit, will fail again: 413 / RESOURCE_EXHAUSTED without retry
  exhausted,    // a limit reached for now (queue, memory, disk): retryable, 429 or 503 / RESOURCE_EXHAUSTED
  unavailable,  // not now (starting, stopping, backend away): retryable, 503 / UNAVAILABLE
  cancelled,    // the caller went away or asked to stop
  corrupt,      // bytes from disk fail their checksum or their format
  unsupported,  // understood, but not offered: 501 / UNIMPLEMENTED
  internal,     // our fault
};

std::string_view name_of(ErrorKind kind);

class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(ErrorKind kind, std::string message)
      : error_(std::make_unique<Error>(Error{kind, std::move(message)})) {}
  Status(const Status& other) : error_(other.error_ ? std::make_unique<Error>(*other.error_) : nullptr) {}
  Status& operator=(const Status& other) {
    if (this != &other) error_ = other.error_ ? std::make_unique<Error>(*other.error_) : nullptr;
    return *this;
  }
  Status(Status&&) noexcept = default;
  Status& operator=(Status&&) noexcept = default;

  bool ok() const { return error_ == nullptr; }
  // Only of a failure.
  ErrorKind kind() const { return error_->kind; }
  // Empty for success.
  std::string_view message() const { return error_ ? std::string_view(error_->message) : std::string_view(); }
  // The same failure with `context` and ": " put in front of its message.
  Status within(std::string_view context) &&;
  // "corrupt: part 12: …", for logs and tests.
  std::string to_string() const;

 private:
  struct Error {
    ErrorKind kind;
    std::string message;
  };
  std::unique_ptr<Error> error_;
};

// A value or the reason why there is none.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Status status) : state_(std::in_place_index<1>, std::move(status)) {}
  Result(ErrorKind kind, std::string message) : Result(Status(kind, std::move(message))) {}

  bool ok() const { return state_.index() == 0; }
  // Only of a success.
  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  // Success as Status() too, so that it may be passed on as is.
  Status status() const& { return ok() ? Status() : std::get<1>(state_); }
  Status status() && { return ok() ? Status() : std::get<1>(std::move(state_)); }

 private:
  std::variant<T, Status> state_;
};

}  // namespace clew

#define CLEW_CONCAT_INNER(a, b) a##b
#define CLEW_CONCAT(a, b) CLEW_CONCAT_INNER(a, b)

// Returns from the calling function when `expression` (a Status) failed.
#define CLEW_TRY(expression)                                                              \
  do {                                                                                    \
    if (::clew::Status clew_status = (expression); !clew_status.ok()) return clew_status; \
  } while (false)

// CLEW_ASSIGN(auto part, open_part(name)); returns from the calling function when the Result has no value.
#define CLEW_ASSIGN(declaration, expression)                        \
  auto CLEW_CONCAT(clew_result_, __LINE__) = (expression);          \
  if (!CLEW_CONCAT(clew_result_, __LINE__).ok())                    \
    return std::move(CLEW_CONCAT(clew_result_, __LINE__)).status(); \
  declaration = std::move(CLEW_CONCAT(clew_result_, __LINE__)).value()
