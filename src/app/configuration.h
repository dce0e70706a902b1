// Configuration: everything an operator can set for `clew serve`, as the program uses it. settings.h says how
// each value is named and where it may come from.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/listen_address.h"
#include "app/vendor_doors.h"
#include "base/log.h"
#include "base/time.h"
#include "net/smtp_client.h"
#include "store/columnar/store.h"

namespace clew::app {

// The defaults are those of the table of settings, which are applied first.
struct Configuration {
  std::string data;
  std::optional<Nanoseconds> retention;  // nullopt: for ever
  std::optional<uint64_t> max_disk;      // nullopt: until the disk is full
  store::Durability durability = store::Durability::sync;
  uint64_t seal_rows = 0;

  std::vector<ListenAddress> listen;
  VendorListen xray_listen;
  VendorListen zipkin_listen;
  VendorListen jaeger_listen;
  std::optional<std::string> jaeger_sampling;  // a file; nullopt: everything is kept
  bool insecure = false;
  std::optional<std::string> tls_cert;
  std::optional<std::string> tls_key;
  std::optional<std::string> tls_client_ca;

  uint64_t max_header_bytes = 0;
  uint64_t max_body_bytes = 0;
  uint64_t max_body_bytes_in_flight = 0;
  uint64_t max_connections = 0;
  Nanoseconds idle_timeout;
  Nanoseconds request_timeout;
  Nanoseconds query_time_limit;
  uint64_t query_memory_limit = 0;
  std::optional<uint64_t> query_scan_limit;  // nullopt: none

  std::vector<std::string> scrub;
  std::vector<std::string> source_map_hosts;

  std::optional<net::SmtpServer> smtp;  // nullopt: no mail
  std::string mail_from;
  std::optional<std::string> mail_ca;
  std::string page_url;

  std::optional<unsigned> threads;  // nullopt: one a core
  LogLevel log_level = LogLevel::info;
  bool quiet = false;
};

}  // namespace clew::app
