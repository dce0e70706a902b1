#include "base/result.h"

namespace clew {

std::string_view name_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::bad_input:
      return "bad input";
    case ErrorKind::unauthenticated:
      return "unauthenticated";
    case ErrorKind::forbidden:
      return "forbidden";
    case ErrorKind::not_found:
      return "not found";
    case ErrorKind::conflict:
      return "conflict";
    case ErrorKind::too_large:
      return "too large";
    case ErrorKind::exhausted:
      return "exhausted";
    case ErrorKind::unavailable:
      return "unavailable";
    case ErrorKind::cancelled:
      return "cancelled";
    case ErrorKind::corrupt:
      return "corrupt";
    case ErrorKind::unsupported:
      return "unsupported";
    case ErrorKind::internal:
      return "internal";
  }
  return "unknown";
}

Status Status::within(std::string_view context) && {
  if (error_) error_->message.insert(0, std::string(context) + ": ");
  return std::move(*this);
}

std::string Status::to_string() const {
  if (ok()) return "ok";
  return std::string(name_of(error_->kind)) + ": " + error_->message;
}

}  // namespace clew
