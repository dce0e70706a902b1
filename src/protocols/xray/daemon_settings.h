// DaemonSettings: the flags and the cfg.yaml of the X-Ray daemon, as its users know them, and what of the
// environment it looks at.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "protocols/aws/signature.h"

namespace clew::xray {

enum class DaemonLogLevel : uint8_t { debug, info, warn, error };

struct DaemonSettings {
  std::string udp_address = "127.0.0.1:2000";
  std::string tcp_address = "127.0.0.1:2000";
  bool local_mode = false;
  std::string region;
  std::string endpoint;  // "http://…"; empty in a file or on the command line: see resolve_daemon_settings
  bool otlp = false;     // to the endpoint's /v1/traces instead of the X-Ray API
  uint64_t buffer_megabytes = 0;  // 0: 1 % of the memory
  unsigned concurrency = 8;
  std::string resource_arn;
  std::string role_arn;
  std::string log_file;
  bool log_rotation = true;
  DaemonLogLevel log_level = DaemonLogLevel::info;
  std::string proxy_address;
  bool verify_tls = true;

  std::optional<aws::Credentials> credentials;
  net::Headers otlp_headers;
  std::vector<std::string> notes;  // what was asked for and is not done
};

using Environment = std::map<std::string, std::string>;

struct DaemonCommand {
  enum class Kind : uint8_t { run, version, help } kind = Kind::run;
  DaemonSettings settings;
};

// The command line without the program's name. As Go's flags: one dash or two, "-b value" or "-b=value", the
// last of several counts, and nothing counts after the first word that is no flag. "xray" may come first, and
// all may be one argument with blanks in it. Files are looked for where the daemon looks.
// `usual_host` is where it listens when nothing is said.
Result<DaemonCommand> read_daemon_command(const std::vector<std::string>& arguments,
                                          const Environment& environment,
                                          std::string_view usual_host = "127.0.0.1");

// For messages.
std::string daemon_help();
// What it stands in for.
inline constexpr std::string_view kDaemonVersion = "3.6.6";

}  // namespace clew::xray
