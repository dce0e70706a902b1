// SourceMaps: the source maps that people uploaded, kept in the control database, and stacks of minified
// scripts made readable with them. Any thread.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json_value.h"
#include "base/result.h"
#include "base/time.h"
#include "control/database.h"
#include "control/errors/source_map.h"
#include "control/errors/stack_text.h"
#include "telemetry/batch.h"

namespace clew::control::errors {

struct SourceMapUpload {
  std::string version;       // of the code; the beginning counts (kLongestVersion)
  std::string minified_url;  // "https://shop.example/app.min.js", "//shop.example/app.min.js", "dist/app.js"
  std::string map;
  // Sources that the map itself lacks, by their path.
  std::vector<std::pair<std::string, std::string>> sources;
};

struct KeptSourceMap {
  std::string version, minified_url;
  UnixNanos uploaded;
  int64_t bytes = 0;  // on disk
};

// Whether a script that was loaded from `file` is the one meant by an uploaded address. Scheme, query and
// fragment are of no account; an address without a host means every file that ends so.
bool is_script(std::string_view minified_url, std::string_view file);

class SourceMaps {
 public:
  static Result<std::unique_ptr<SourceMaps>> open(const std::string& data_directory,
                                                  int64_t most_kept_bytes = kMostKeptBytes);
  SourceMaps(Database database, int64_t most_kept_bytes)
      : most_kept_bytes_(most_kept_bytes), database_(std::move(database)) {}

  // Takes the place of one of the same version and address. Beyond the most kept bytes of an environment the
  // oldest are forgotten, and counted. bad_input, too_large.
  Status put(EnvironmentId environment, const SourceMapUpload& upload);
  // The newest first.
  Result<std::vector<KeptSourceMap>> list(EnvironmentId environment);

  // Whether one of these frames may be of a script whose map is here. Answers from memory, at once.
  bool may_map(EnvironmentId environment, std::string_view version, const std::vector<Frame>& frames) const;
  // The frames of frames_json.h with those of minified scripts changed to where they come from; what they
  // were stays in their member "minified". Nothing when no frame was changed. May read and decode a map: not
  // for an event loop.
  std::optional<JsonValue> map(EnvironmentId environment, std::string_view version, const JsonValue& frames);

  static constexpr size_t kLongestVersion = 40;
  static constexpr size_t kMostMapBytes = 48 << 20;
  static constexpr int64_t kMostKeptBytes = int64_t{256} << 20;

 private:
  struct Known {
    int64_t id = 0;
    std::string minified_url;
  };
  using ByVersion = std::map<std::string, std::vector<Known>, std::less<>>;
  struct Decoded {
    int64_t id = 0;
    std::shared_ptr<const SourceMap> map;  // nullptr: it cannot be read
  };

  Status read_known();
  Status forget_oldest(EnvironmentId environment);
  std::optional<int64_t> find(EnvironmentId environment, std::string_view version,
                              std::string_view file) const;
  std::shared_ptr<const SourceMap> decoded(int64_t id);

  const int64_t most_kept_bytes_;

  mutable std::mutex known_mutex_;
  std::map<EnvironmentId, ByVersion> known_;  // guarded by known_mutex_

  std::mutex mutex_;
  Database database_;           // guarded by mutex_
  std::list<Decoded> decoded_;  // guarded by mutex_; the one used last in front
};

}  // namespace clew::control::errors
