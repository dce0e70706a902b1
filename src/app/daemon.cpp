#include "app/daemon.h"

#include <csignal>
#include <ostream>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/awaited_signals.h"
#include "app/subcommands.h"
#include "app/version.h"
#include "protocols/xray/daemon.h"

namespace clew::app {

bool is_daemon_call(std::string_view program, const std::vector<std::string>& arguments) {
  if (program.substr(program.rfind('/') + 1) == "xray") return true;
  return !arguments.empty() && (arguments[0] == "xray" || arguments[0].starts_with("xray "));
}

namespace {

// As the daemon's own image does, in a container it listens where others can reach it.
std::string_view usual_host() {
  const bool in_container = access("/.dockerenv", F_OK) == 0 || access("/run/.containerenv", F_OK) == 0;
  return in_container ? "0.0.0.0" : "127.0.0.1";
}

}  // namespace

Status run_daemon(const std::vector<std::string>& arguments, Surroundings& surroundings) {
  CLEW_ASSIGN(const xray::DaemonCommand command,
              xray::read_daemon_command(arguments, surroundings.environment, usual_host()));
  if (command.kind == xray::DaemonCommand::Kind::version) {
    surroundings.out << fmt::format("AWS X-Ray daemon version: {} (clew {})\n", xray::kDaemonVersion,
                                    kVersion);
    return Status();
  }
  if (command.kind == xray::DaemonCommand::Kind::help) {
    surroundings.out << xray::daemon_help();
    return Status();
  }
  const xray::DaemonSettings& settings = command.settings;
  CLEW_ASSIGN(const std::unique_ptr<xray::DaemonLog> log,
              xray::DaemonLog::open(settings.log_level, settings.log_file, settings.log_rotation));
  const AwaitedSignals signals({SIGINT, SIGTERM});
  CLEW_ASSIGN(const std::unique_ptr<xray::Daemon> daemon, xray::Daemon::start(settings, *log));
  const int signal = signals.wait();
  signals.release();
  log->info(fmt::format("Got shutdown signal: {}", signal == SIGTERM ? "terminated" : "interrupt"));
  daemon->stop();
  return Status();
}

Action define_daemon(CLI::App& command) {
  command.description(
      "Take segments over UDP and sampling requests over TCP on port 2000, and send them to a clew, to AWS "
      "X-Ray, or "
      "as OTLP. The flags, cfg.yaml and the lines of the log are those of the X-Ray daemon; clew answers to "
      "the name "
      "xray as well.");
  command.footer(
      xray::daemon_help() +
      "\nExamples:\n"
      "  clew daemon -o -b 0.0.0.0:2000 -t 0.0.0.0:2000 --endpoint http://clew:2539\n"
      "  clew daemon -n eu-west-1                       to AWS, with the credentials of the environment\n"
      "  clew daemon --otlp --endpoint http://collector:4318");
  // Its flags are not read as all others are.
  command.set_help_flag();
  command.prefix_command();
  return [&command](Surroundings& surroundings) { return run_daemon(command.remaining(), surroundings); };
}

}  // namespace clew::app
