// Call: one request to Rollbar's API, and how an operation answers it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/rollbar/answers.h"
#include "protocols/rollbar/api.h"
#include "protocols/rollbar/bundle_tickets.h"
#include "protocols/rollbar/request_body.h"
#include "protocols/rollbar/script_download.h"
#include "protocols/rollbar/scrubbing.h"

namespace clew::rollbar {

// What all calls share. Lives as long as the Api.
struct Context {
  const ApiOptions& options;
  const Scrubber& scrubber;
  BundleTickets& bundles;
  ScriptDownload& downloads;
  const std::atomic<bool>& stopping;
};

struct Call {
  const Context& context;
  net::Request request;
  Body body;
  control::Grant grant;
  UnixNanos now;

  const ApiOptions& options() const { return context.options; }
  control::errors::ItemStore& items() const { return *context.options.items; }
  EnvironmentId environment() const { return grant.environment; }
  query::RunOptions run_options() const { return context.options.run_options(context.stopping); }
  // Of the path or the query.
  std::string parameter(std::string_view name) const { return request.parameter(name).value_or(""); }
  // Of a parameter that may be there several times, or be a list with commas.
  std::vector<std::string> parameters(std::string_view name) const;
  int64_t number(std::string_view name, int64_t otherwise = 0) const;
  int64_t id() const { return number("id"); }
  size_t page() const;  // from 1
  // A member of the body, cut to this length.
  std::string text(std::string_view name, size_t longest = 255) const {
    return body.text(name).substr(0, longest);
  }
};

}  // namespace clew::rollbar
