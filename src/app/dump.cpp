#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/data_option.h"
#include "app/file_dump.h"
#include "app/subcommands.h"

namespace clew::app {

Action define_dump(CLI::App& command) {
  command.description(
      "Print what is inside the files of a data directory: the list of parts, the columns of a part, the "
      "requests in the "
      "write-ahead log. Nothing is changed, and a server may be running. docs/format/ explains what is "
      "seen.");
  const auto paths = std::make_shared<std::vector<std::string>>();
  command.add_option(
      "FILE", *paths,
      "Parts, log segments, manifests, sending queues or directories; without any, the data directory");
  const auto verify = std::make_shared<bool>(false);
  command.add_flag("--verify", *verify,
                   "Read everything and check it; the exit code is 1 when something is damaged");
  const auto data = std::make_shared<DataOption>(command);
  command.footer(
      "Examples:\n"
      "  clew dump --data /var/lib/clew                                    what there is\n"
      "  clew dump --data /var/lib/clew --verify                           is all of it sound?\n"
      "  clew dump /var/lib/clew/store/parts/000000000007.part             one part, column by column");
  return [paths, verify, data](Surroundings& surroundings) -> Status {
    const DumpDepth depth = *verify ? DumpDepth::everything : DumpDepth::outline;
    std::vector<std::string> wanted = *paths;
    if (wanted.empty()) {
      CLEW_ASSIGN(wanted.emplace_back(), data->resolve(surroundings));
    }
    std::vector<std::string> damages;
    for (size_t i = 0; i < wanted.size(); ++i) {
      CLEW_ASSIGN(const FileDump dump, dump_file(real_file_system(), wanted[i], depth));
      surroundings.out << (i == 0 ? "" : "\n") << dump.text;
      damages.insert(damages.end(), dump.damages.begin(), dump.damages.end());
    }
    if (!damages.empty()) {
      std::string about = fmt::format("{} damaged:", damages.size());
      for (const std::string& damage : damages) about += "\n  " + damage;
      return Status(ErrorKind::corrupt, std::move(about));
    }
    if (*verify) surroundings.out << "\nEverything is sound.\n";
    return Status();
  };
}

}  // namespace clew::app
