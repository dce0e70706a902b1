// Daemon: takes segments over UDP and sampling requests over TCP, as the X-Ray daemon does, and sends them
// on.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "protocols/xray/daemon_log.h"
#include "protocols/xray/daemon_settings.h"

namespace clew::xray {

class Daemon {
 public:
  // `log` must outlive the daemon.
  static Result<std::unique_ptr<Daemon>> start(const DaemonSettings& settings, DaemonLog& log);
  virtual ~Daemon() = default;

  virtual uint16_t udp_port() const = 0;
  virtual uint16_t tcp_port() const = 0;
  // Takes what has arrived, sends what waits, and ends.
  virtual void stop() = 0;
};

}  // namespace clew::xray
