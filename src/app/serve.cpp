#include <csignal>
#include <memory>
#include <ostream>
#include <unistd.h>

#include <fmt/format.h>

#include "app/awaited_signals.h"
#include "app/data_directory.h"
#include "app/doors.h"
#include "app/greeting.h"
#include "app/running_server.h"
#include "app/setting_flags.h"
#include "app/subcommands.h"
#include "base/log.h"

namespace clew::app {
namespace {

bool in_container() {
  return access("/.dockerenv", F_OK) == 0 || access("/run/.containerenv", F_OK) == 0;
}

void note_loopback_in_container(const OpenDoors& open, std::ostream& err) {
  for (const ListenAddress& door : open.doors) {
    if (!door.is_loopback()) return;
  }
  if (in_container())
    err << "note: this is a container, and nothing outside it can reach 127.0.0.1 in here: make a key (clew "
           "keys create) "
           "and start with --listen 0.0.0.0\n";
}

Status serve(const EffectiveSettings& settings, Surroundings& surroundings) {
  const Configuration& configuration = settings.configuration;
  set_log_level(configuration.log_level);
  for (const std::string& note : settings.notes) surroundings.err << "note: " << note << "\n";
  const AwaitedSignals stop_signals({SIGINT, SIGTERM});
  CLEW_ASSIGN(const DataDirectory directory, DataDirectory::claim(configuration.data));
  const bool named = !settings.find("listen").is_default();
  CLEW_ASSIGN(const FreeDoors free,
              free_doors(configuration.listen, named ? DoorsAre::named_by_operator : DoorsAre::the_usual));
  for (const std::string& note : free.notes) surroundings.err << "note: " << note << "\n";
  std::vector<VendorDoor> vendor_doors;
  for (const auto& [vendor, wanted] : {std::pair(Vendor::xray, configuration.xray_listen),
                                       std::pair(Vendor::zipkin, configuration.zipkin_listen),
                                       std::pair(Vendor::jaeger, configuration.jaeger_listen)}) {
    CLEW_ASSIGN(const ChosenVendorDoors chosen, choose_vendor_doors(vendor, wanted, free.doors));
    for (const std::string& note : chosen.notes) surroundings.err << "note: " << note << "\n";
    vendor_doors.insert(vendor_doors.end(), chosen.doors.begin(), chosen.doors.end());
  }
  CLEW_ASSIGN(const std::unique_ptr<RunningServer> server,
              RunningServer::start({.configuration = configuration,
                                    .doors = free.doors,
                                    .vendor_doors = vendor_doors,
                                    .only_environment = {}}));
  if (!configuration.quiet) {
    surroundings.out << greeting(settings, server->open_doors()) << std::flush;
    note_loopback_in_container(server->open_doors(), surroundings.err);
  }
  stop_signals.wait();
  stop_signals.release();
  if (!configuration.quiet) surroundings.out << "\nStopping.\n" << std::flush;
  return server->stop();
}

}  // namespace

Action define_serve(CLI::App& command) {
  const auto flags = std::make_shared<SettingFlags>(command);
  command.description(
      "Receive traces, logs and metrics, keep them, answer questions and show a web page. Nothing has to be "
      "configured: "
      "the data goes to ./clew-data, and the doors 2539 (page), 4317 and 4318 (OpenTelemetry) open on this "
      "machine only. "
      "Each option can also be set in the environment (CLEW_RETENTION=7d) or in a file; see clew config.");
  command.footer(
      "Examples:\n"
      "  clew serve                                        to try it\n"
      "  clew serve --data /var/lib/clew --retention 90d   to keep it\n"
      "  clew serve --listen 0.0.0.0                       for other machines, once there is a key\n"
      "  clew serve --listen 127.0.0.1:8080                another port\n"
      "  clew serve --listen 0.0.0.0 --tls-cert chain.pem --tls-key key.pem");
  return [flags](Surroundings& surroundings) -> Status {
    CLEW_ASSIGN(const EffectiveSettings settings, flags->resolve(surroundings));
    return serve(settings, surroundings);
  };
}

}  // namespace clew::app
