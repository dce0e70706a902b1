// Source maps, as curl -F, bundlers' plugins and Rollbar's command line upload them, one or many at a time,
// or have them fetched.

#include <fmt/format.h>

#include "base/zip_archive.h"
#include "protocols/rollbar/operations.h"

namespace clew::rollbar {
namespace {

using control::errors::SourceMaps;
using control::errors::SourceMapUpload;

net::Response nothing_more() {
  return result(JsonValue(JsonValue::Object{}));
}

// "https://shop.example/static" and "js/app.min.js.map": the script that the map, one of a bundle, belongs
// to.
std::string script_of(const std::string& prefix_url, std::string_view map_name) {
  map_name.remove_suffix(std::string_view(".map").size());
  return fmt::format("{}{}{}", prefix_url, prefix_url.ends_with('/') ? "" : "/", map_name);
}

}  // namespace

// version, minified_url, source_map; every other part with a file is a source, named by its path.
net::Response put_source_map(const Call& call) {
  SourceMapUpload upload;
  upload.version = call.body.text("version");
  upload.minified_url = call.body.text("minified_url");
  bool has_map = false;
  for (const net::FormPart& part : call.body.parts) {
    if (part.name == "source_map") {
      upload.map = part.body;
      has_map = true;
    } else if (!part.filename.empty()) {
      upload.sources.emplace_back(part.name, part.body);
    }
  }
  if (upload.version.empty() || upload.minified_url.empty() || !has_map)
    return failure(422, "version, minified_url and source_map are required, as parts of multipart/form-data");
  if (Status put = call.options().source_maps->put(call.environment(), upload); !put.ok())
    return refused(put);
  return nothing_more();
}

// version, minified_url: the script is fetched, and the map that it names.
net::Response download_source_map(const Call& call) {
  SourceMapUpload upload;
  upload.version = call.body.text("version");
  upload.minified_url = call.body.text("minified_url");
  if (upload.version.empty() || upload.minified_url.empty())
    return failure(422, "version and minified_url are required");
  Result<std::string> map = call.context.downloads.map_of(upload.minified_url);
  if (!map.ok()) return refused(map.status());
  upload.map = std::move(*map);
  if (Status put = call.options().source_maps->put(call.environment(), upload); !put.ok())
    return refused(put);
  return nothing_more();
}

// version, prefix_url: an address to which a zip of maps may be put within the hour.
net::Response sign_source_map_bundle(const Call& call) {
  BundlePlace place{.environment = call.environment(),
                    .version = call.body.text("version"),
                    .prefix_url = call.body.text("prefix_url")};
  if (place.version.empty() || place.prefix_url.empty())
    return failure(422, "version and prefix_url are required");
  const std::string_view scheme =
      call.request.header("x-forwarded-proto").value_or(call.request.tls ? "https" : "http");
  const std::string_view host = call.request.header("host").value_or("localhost");
  JsonValue json;
  json["signed_url"] = fmt::format("{}://{}/api/1/signed_url/sourcemap_bundle/{}", scheme, host,
                                   call.context.bundles.issue(std::move(place), call.now));
  json["project_id"] = int64_t{call.environment().number};
  return result(std::move(json));
}

net::Response put_source_map_bundle(const Context& context, const net::Request& request, UnixNanos at) {
  const std::optional<BundlePlace> place = context.bundles.take(request.parameter("ticket").value_or(""), at);
  if (!place) return failure(403, "this address was used already, or its hour is over: ask for another");
  const Result<ZipArchive> archive = ZipArchive::read(request.body.view());
  if (!archive.ok()) return refused(archive.status());
  size_t bytes = 0;
  size_t maps = 0;
  for (const ZipArchive::File& file : archive->files()) {
    if (!file.name.ends_with(".map")) continue;
    // A small zip may be the beginning of very much.
    bytes += file.size;
    if (bytes > static_cast<size_t>(SourceMaps::kMostKeptBytes))
      return failure(413, fmt::format("the maps in the bundle are larger than {} bytes in all",
                                      SourceMaps::kMostKeptBytes));
    Result<std::string> map = ZipArchive::unpack(file, SourceMaps::kMostMapBytes);
    if (!map.ok()) return refused(map.status());
    Status put = context.options.source_maps->put(place->environment,
                                                  {.version = place->version,
                                                   .minified_url = script_of(place->prefix_url, file.name),
                                                   .map = std::move(*map),
                                                   .sources = {}});
    if (!put.ok()) return refused(std::move(put).within(file.name));
    ++maps;
  }
  if (maps == 0) return failure(422, "there is no file in the bundle whose name ends in .map");
  return nothing_more();
}

}  // namespace clew::rollbar
