#include "control/errors/source_maps.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/compression.h"
#include "base/counters.h"
#include "base/log.h"
#include "control/errors/mapped_frame.h"
#include "control/schema.h"

namespace clew::control::errors {
namespace {

constexpr size_t kMostDecodedBytes = 128 << 20;
constexpr size_t kLongestUrl = 2'000;

std::string_view without_scheme(std::string_view address) {
  address = address.substr(0, address.find_first_of("?#"));
  if (const size_t scheme = address.find("://"); scheme != std::string_view::npos)
    return address.substr(scheme + 1);  // "//host/path"
  return address;
}

std::string_view key_of(std::string_view version) {
  return version.substr(0, SourceMaps::kLongestVersion);
}

// Puts uploaded sources to where the map has none.
void add_sources(JsonValue& map, const std::vector<std::pair<std::string, std::string>>& uploaded) {
  if (uploaded.empty()) return;
  JsonValue& contents = map["sourcesContent"];
  const JsonValue* sources = map.find("sources");
  if (!sources || !sources->array()) return;
  if (!contents.array()) contents = JsonValue(JsonValue::Array());
  contents.array()->resize(sources->array()->size());
  for (size_t i = 0; i < sources->array()->size(); ++i) {
    const std::string* name = (*sources->array())[i].string();
    JsonValue& content = (*contents.array())[i];
    if (name == nullptr || (content.string() && !content.string()->empty())) continue;
    for (const auto& [path, text] : uploaded)
      if (path == *name || readable_source(path) == readable_source(*name)) content = JsonValue(text);
  }
}

}  // namespace

bool is_script(std::string_view minified_url, std::string_view file) {
  std::string_view wanted = without_scheme(minified_url);
  const std::string_view given = without_scheme(file);
  if (wanted.starts_with("//")) {
    // file:///srv/app.js has no host.
    return given == wanted || (wanted.starts_with("///") && given == wanted.substr(2));
  }
  while (wanted.starts_with('/') || wanted.starts_with("./")) wanted.remove_prefix(wanted.find('/') + 1);
  if (wanted.empty() || !given.ends_with(wanted)) return false;
  return given.size() == wanted.size() || given[given.size() - wanted.size() - 1] == '/';
}

Result<std::unique_ptr<SourceMaps>> SourceMaps::open(const std::string& data_directory,
                                                     int64_t most_kept_bytes) {
  CLEW_ASSIGN(Database database, open_control_database(data_directory));
  auto maps = std::make_unique<SourceMaps>(std::move(database), most_kept_bytes);
  CLEW_TRY(maps->read_known());
  return maps;
}

Status SourceMaps::read_known() {
  std::map<EnvironmentId, ByVersion> known;
  {
    const std::lock_guard lock(mutex_);
    CLEW_TRY(
        database_.run("SELECT environment, version, id, minified_url FROM error_source_maps ORDER BY id DESC",
                      {}, [&](const Row& row) {
                        const EnvironmentId environment{static_cast<uint32_t>(row.integer(0))};
                        known[environment][std::string(row.text(1))].push_back(
                            {.id = row.integer(2), .minified_url = std::string(row.text(3))});
                      }));
  }
  const std::lock_guard lock(known_mutex_);
  known_ = std::move(known);
  return {};
}

Status SourceMaps::put(EnvironmentId environment, const SourceMapUpload& upload) {
  if (upload.version.empty()) return {ErrorKind::bad_input, "version is required"};
  if (upload.minified_url.empty() || upload.minified_url.size() > kLongestUrl)
    return {ErrorKind::bad_input, fmt::format("minified_url is required, of at most {} bytes", kLongestUrl)};
  if (upload.map.size() > kMostMapBytes)
    return {ErrorKind::too_large,
            fmt::format("source_map has {} bytes; at most {} are taken", upload.map.size(), kMostMapBytes)};
  std::string_view text = upload.map;
  if (text.starts_with(")]}'")) text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  CLEW_ASSIGN(JsonValue json, parse_json(text, 32));
  CLEW_TRY(SourceMap::from_json(json).status());
  add_sources(json, upload.sources);
  const std::string kept = json.text();
  if (kept.size() > 2 * kMostMapBytes) return {ErrorKind::too_large, "the sources are too large"};
  const std::string packed = compress(Compression::zstd, kept, Effort::balanced);
  {
    const std::lock_guard lock(mutex_);
    const Status stored = database_.in_transaction([&]() -> Status {
      // With a new id, so that nothing decoded before is taken for it.
      CLEW_TRY(database_.run(
          "DELETE FROM error_source_maps WHERE environment = ? AND version = ? AND minified_url = ?",
          {int64_t{environment.number}, key_of(upload.version), std::string_view(upload.minified_url)}));
      CLEW_TRY(database_.run(
          "INSERT INTO error_source_maps (environment, version, minified_url, uploaded, bytes, map) VALUES "
          "(?, ?, ?, ?, ?, ?)",
          {int64_t{environment.number}, key_of(upload.version), std::string_view(upload.minified_url),
           now().count, static_cast<int64_t>(packed.size()), Blob{packed}}));
      return forget_oldest(environment);
    });
    if (!stored.ok()) return stored;
  }
  return read_known();
}

Status SourceMaps::forget_oldest(EnvironmentId environment) {
  int64_t kept = 0;
  int64_t forgotten = 0;
  std::optional<int64_t> newest_forgotten;
  CLEW_TRY(database_.run("SELECT id, bytes FROM error_source_maps WHERE environment = ? ORDER BY id DESC",
                         {int64_t{environment.number}}, [&](const Row& row) {
                           kept += row.integer(1);
                           if (kept <= most_kept_bytes_) return;
                           if (!newest_forgotten) newest_forgotten = row.integer(0);
                           ++forgotten;
                         }));
  if (!newest_forgotten) return {};
  count(Counter::source_maps_forgotten, static_cast<uint64_t>(forgotten));
  log_warning("errors", fmt::format("{} source maps are forgotten: newer ones need their room", forgotten));
  return database_.run("DELETE FROM error_source_maps WHERE environment = ? AND id <= ?",
                       {int64_t{environment.number}, *newest_forgotten});
}

Result<std::vector<KeptSourceMap>> SourceMaps::list(EnvironmentId environment) {
  const std::lock_guard lock(mutex_);
  std::vector<KeptSourceMap> all;
  CLEW_TRY(
      database_.run("SELECT version, minified_url, uploaded, bytes FROM error_source_maps WHERE "
                    "environment = ? ORDER BY id DESC LIMIT 1000",
                    {int64_t{environment.number}}, [&](const Row& row) {
                      all.push_back({.version = std::string(row.text(0)),
                                     .minified_url = std::string(row.text(1)),
                                     .uploaded = {row.integer(2)},
                                     .bytes = row.integer(3)});
                    }));
  return all;
}

std::optional<int64_t> SourceMaps::find(EnvironmentId environment, std::string_view version,
                                        std::string_view file) const {
  const std::lock_guard lock(known_mutex_);
  const auto versions = known_.find(environment);
  if (versions == known_.end()) return std::nullopt;
  const auto maps = versions->second.find(key_of(version));
  if (maps == versions->second.end()) return std::nullopt;
  for (const Known& known : maps->second)
    if (is_script(known.minified_url, file)) return known.id;
  return std::nullopt;
}

bool SourceMaps::may_map(EnvironmentId environment, std::string_view version,
                         const std::vector<Frame>& frames) const {
  if (version.empty()) return false;
  return std::any_of(frames.begin(), frames.end(), [&](const Frame& frame) {
    return frame.line > 0 && find(environment, version, frame.file).has_value();
  });
}

std::shared_ptr<const SourceMap> SourceMaps::decoded(int64_t id) {
  const std::lock_guard lock(mutex_);
  const auto known =
      std::find_if(decoded_.begin(), decoded_.end(), [&](const Decoded& one) { return one.id == id; });
  if (known != decoded_.end()) {
    decoded_.splice(decoded_.begin(), decoded_, known);
    return decoded_.front().map;
  }
  std::string packed;
  if (const Status read = database_.run("SELECT map FROM error_source_maps WHERE id = ?", {id},
                                        [&](const Row& row) { packed = row.blob(0); });
      !read.ok()) {
    log_error("errors", "cannot read a source map: " + read.to_string());
    return nullptr;
  }
  std::shared_ptr<const SourceMap> map;
  if (const Result<std::string> text = decompress(Compression::zstd, packed, 2 * kMostMapBytes); text.ok())
    if (Result<SourceMap> parsed = SourceMap::parse(*text); parsed.ok())
      map = std::make_shared<const SourceMap>(std::move(*parsed));
  decoded_.push_front({.id = id, .map = map});
  size_t bytes = 0;
  for (auto one = decoded_.begin(); one != decoded_.end();) {
    bytes += one->map ? one->map->bytes() : 0;
    one = bytes > kMostDecodedBytes && one != decoded_.begin() ? decoded_.erase(one) : std::next(one);
  }
  return map;
}

std::optional<JsonValue> SourceMaps::map(EnvironmentId environment, std::string_view version,
                                         const JsonValue& frames) {
  if (!frames.array() || version.empty()) return std::nullopt;
  FrameMapper mapper([&](std::string_view file) -> std::shared_ptr<const SourceMap> {
    const std::optional<int64_t> id = find(environment, version, file);
    return id ? decoded(*id) : nullptr;
  });
  return mapper.map(*frames.array());
}

}  // namespace clew::control::errors
