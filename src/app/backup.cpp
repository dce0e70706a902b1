// clew backup and clew restore: a copy of a data directory, and the way back.
#include <memory>
#include <ostream>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/byte_size.h"
#include "app/data_directory.h"
#include "app/data_option.h"
#include "app/file_dump.h"
#include "app/progress_bar.h"
#include "app/subcommands.h"
#include "control/database.h"
#include "store/columnar/store_copy.h"

namespace clew::app {
namespace {

constexpr std::string_view kControlDatabase = "control.db";

struct CopyRequest {
  std::string from;  // data directories both
  std::string to;
  bool hard_links = true;
  std::string doing;
};

std::string counted(uint64_t number, std::string_view what) {
  return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

// The control database comes first: keys that are made meanwhile are missing in the copy, but no data is
// there of an environment that is not.
Result<store::StoreCopySummary> copy_data_directory(const CopyRequest& request, Surroundings& surroundings) {
  FileSystem& files = real_file_system();
  CLEW_ASSIGN(const bool is_ours, files.exists(join_path(request.from, "store/FORMAT")));
  if (!is_ours)
    return Status(ErrorKind::not_found,
                  fmt::format("{} is no data directory of clew: nothing was ever kept in it", request.from));
  CLEW_TRY(files.make_directory(request.to));
  CLEW_ASSIGN(const auto present, files.list(request.to));
  if (!present.empty())
    return Status(ErrorKind::conflict,
                  fmt::format("the directory is not empty; name an empty or a new one: {}", request.to));
  const std::string database = join_path(request.to, kControlDatabase);
  {
    CLEW_ASSIGN(control::Database control,
                control::Database::open_to_read(join_path(request.from, kControlDatabase)));
    CLEW_TRY(control.copy_to(database));
  }
  CLEW_ASSIGN(const auto written, files.open(database, OpenMode::append));
  CLEW_TRY(written->sync());
  ProgressBar bar(surroundings.err_is_terminal ? &surroundings.err : nullptr, request.doing);
  return store::copy_store(files, join_path(request.from, "store"), join_path(request.to, "store"),
                           {.hard_links = request.hard_links,
                            .progress = [&bar](uint64_t done, uint64_t total) { bar.show(done, total); }});
}

// Reads all of a data directory that nobody uses.
Status check(const std::string& directory) {
  {
    CLEW_ASSIGN(control::Database control,
                control::Database::open_to_read(join_path(directory, kControlDatabase)));
    CLEW_TRY(control.check());
  }
  CLEW_ASSIGN(const FileDump dump, dump_file(real_file_system(), directory, DumpDepth::everything));
  if (dump.damages.empty()) return Status();
  std::string about = fmt::format("{} damaged:", dump.damages.size());
  for (const std::string& damage : dump.damages) about += "\n  " + damage;
  return Status(ErrorKind::corrupt, std::move(about));
}

Status tell(const store::StoreCopySummary& summary, const CopyRequest& request, Surroundings& surroundings) {
  surroundings.out << fmt::format("{}: {} ({} as hard links), {} of the log, {}, and the keys\n", request.to,
                                  counted(summary.parts, "part"), summary.linked_parts,
                                  counted(summary.log_segments, "segment"),
                                  byte_size_for_people(summary.bytes));
  if (summary.missing.empty()) return Status();
  std::string about = fmt::format("{} named by the manifest and not there:", summary.missing.size());
  for (const std::string& path : summary.missing) about += "\n  " + path;
  return Status(ErrorKind::corrupt, std::move(about));
}

Status back_up(const CopyRequest& request, bool verify, Surroundings& surroundings) {
  CLEW_TRY(check_data_directory(request.from, IfMissing::fail));
  CLEW_ASSIGN(const auto summary, copy_data_directory(request, surroundings));
  CLEW_TRY(tell(summary, request, surroundings));
  if (!verify) return Status();
  CLEW_TRY(check(request.to));
  surroundings.out << "Everything in it is sound.\n";
  return Status();
}

Status restore(const CopyRequest& request, bool even_if_damaged, Surroundings& surroundings) {
  if (!check_data_directory(request.from, IfMissing::fail).ok())
    return Status(
        ErrorKind::not_found,
        fmt::format("there is no backup {}: name the directory that clew backup made", request.from));
  if (const Status sound = check(request.from); !sound.ok()) {
    if (!even_if_damaged || sound.kind() != ErrorKind::corrupt)
      return Status(
          sound.kind(),
          fmt::format("{}\nNothing was restored. --even-if-damaged takes what is sound", sound.message()));
    surroundings.err << "note: " << sound.message() << "\n";
  }
  CLEW_ASSIGN(const auto summary, copy_data_directory(request, surroundings));
  CLEW_TRY(tell(summary, request, surroundings));
  surroundings.out << fmt::format("Start it with: clew serve --data {}\n", request.to);
  return Status();
}

}  // namespace

Action define_backup(CLI::App& command) {
  struct Options {
    std::string target;
    bool copy = false, verify = false;
  };
  const auto options = std::make_shared<Options>();
  command.description(
      "Copy a data directory, while a server runs or not. The copy is consistent: it has everything that was "
      "acknowledged before the command began. On the same file system parts become hard links, which takes "
      "no "
      "time and no room, but shares the disk's fate; on another disk everything is copied. A backup is a "
      "data "
      "directory: clew dump, clew query --data and clew serve --data read it.");
  command.add_option("DIR", options->target, "Made by the command, or empty")->required();
  command.add_flag("--copy", options->copy, "Make no hard links");
  command.add_flag("--verify", options->verify, "Read all of the backup afterwards and check it");
  const auto data = std::make_shared<DataOption>(command);
  command.footer(
      "Examples:\n"
      "  clew backup /backup/clew-today --data /var/lib/clew\n"
      "  clew backup /mnt/other-disk/clew --data /var/lib/clew --verify");
  return [options, data](Surroundings& surroundings) -> Status {
    CLEW_ASSIGN(const std::string source, data->resolve(surroundings));
    return back_up(
        {.from = source, .to = options->target, .hard_links = !options->copy, .doing = "Backing up"},
        options->verify, surroundings);
  };
}

Action define_restore(CLI::App& command) {
  struct Options {
    std::string backup;
    bool even_if_damaged = false;
  };
  const auto options = std::make_shared<Options>();
  command.description(
      "Make a data directory out of a backup. All of the backup is read and checked first. The backup stays "
      "as "
      "it is and shares nothing with the new directory.");
  command.add_option("BACKUP", options->backup, "What clew backup made")->required();
  command.add_flag("--even-if-damaged", options->even_if_damaged,
                   "Go on when the backup is damaged; damaged parts are set aside when the server starts");
  const auto data = std::make_shared<DataOption>(command);
  command.footer(
      "Examples:\n"
      "  clew restore /backup/clew-today --data /var/lib/clew-new");
  return [options, data](Surroundings& surroundings) -> Status {
    CLEW_ASSIGN(const std::string target, data->resolve(surroundings));
    return restore({.from = options->backup, .to = target, .hard_links = false, .doing = "Restoring"},
                   options->even_if_damaged, surroundings);
  };
}

}  // namespace clew::app
