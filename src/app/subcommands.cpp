#include "app/subcommands.h"

#include <array>

namespace clew::app {
namespace {

constexpr std::array kSubcommands = {
    Subcommand{"serve", "Receive telemetry, keep it, show it in a web page", define_serve},
    Subcommand{"collect", "Run the pipelines of an OpenTelemetry Collector's file", define_collect},
    Subcommand{"daemon", "Take the place of the AWS X-Ray daemon: segments in, to a clew, AWS or OTLP",
               define_daemon},
    Subcommand{"query", "Ask a question about the data, answered as a table", define_query},
    Subcommand{"mcp", "Answer assistants that speak the Model Context Protocol", define_mcp},
    Subcommand{"keys", "Create, list and disable API keys", define_keys, false},
    Subcommand{"environments", "List the environments that keys belong to", define_environments},
    Subcommand{"config", "Print the settings in force and where each comes from", define_config},
    Subcommand{"dump", "Print what is inside clew's files, check them for damage", define_dump},
    Subcommand{"backup", "Copy the data directory, also of a running server", define_backup},
    Subcommand{"restore", "Make a data directory out of a backup", define_restore},
    Subcommand{"export", "Write the data to an OTLP file", define_export},
    Subcommand{"import", "Send OTLP files to a server", define_import},
    Subcommand{"version", "Print the version", define_version},
};

}  // namespace

std::span<const Subcommand> all_subcommands() {
  return kSubcommands;
}

}  // namespace clew::app
