// file_storage: a directory in which sending queues survive restarts.
#include <cctype>

#include <fmt/format.h>

#include "base/file_system.h"
#include "pipeline/config/section.h"
#include "pipeline/extensions/extensions.h"

namespace clew::pipeline {
namespace {

// An id as the name of a directory: "otlp/backend" -> "otlp_backend-3f" would meet others, so all but
// letters, digits, '-' and '.' is written in hex.
std::string directory_name(const ComponentId& id) {
  std::string name;
  for (const unsigned char c : id.text()) {
    if (std::isalnum(c) || c == '-')
      name += static_cast<char>(c);
    else
      name += fmt::format("_{:02x}", c);
  }
  return name;
}

class FileStorage final : public Extension, public QueueStorage {
 public:
  FileStorage(std::string directory, bool creates) : directory_(std::move(directory)), creates_(creates) {}

  Status start() override {
    if (creates_) return make_with_parents(directory_);
    CLEW_ASSIGN(const bool there, real_file_system().exists(directory_));
    if (!there)
      return {ErrorKind::not_found,
              fmt::format("the directory does not exist; create it, or set create_directory: true: {}",
                          directory_)};
    return {};
  }

  QueueStorage* queue_storage() override { return this; }
  Result<std::string> directory_for(const ComponentId& component) override {
    const std::string path = join_path(directory_, directory_name(component));
    CLEW_TRY(real_file_system().make_directory(path));
    CLEW_TRY(real_file_system().sync_directory(directory_));
    return path;
  }
  FileSystem& file_system() override { return real_file_system(); }

 private:
  static Status make_with_parents(const std::string& path) {
    CLEW_ASSIGN(const bool there, real_file_system().exists(path));
    if (there) return {};
    const std::string parent = parent_path(path);
    if (parent != path) CLEW_TRY(make_with_parents(parent));
    CLEW_TRY(real_file_system().make_directory(path));
    return real_file_system().sync_directory(parent);
  }

  const std::string directory_;
  const bool creates_;
};

}  // namespace

MakeExtension configure_file_storage(Section& section) {
  std::string directory = "/var/lib/otelcol/file_storage";
  bool creates = true;
  section.read("directory", directory);
  section.read("create_directory", creates);
  if (directory.empty()) section.error("directory", "expected the path of a directory");
  // Everything is synced before it is acknowledged, and finished files go at once.
  section.ignore({"timeout", "fsync", "compaction", "directory_permissions", "recreate"});
  return [=](const Site&) -> Result<std::unique_ptr<Extension>> {
    return std::unique_ptr<Extension>(std::make_unique<FileStorage>(directory, creates));
  };
}

}  // namespace clew::pipeline
