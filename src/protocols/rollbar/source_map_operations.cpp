// Source maps, as curl -F and bundlers' plugins upload them.

#include "protocols/rollbar/operations.h"

namespace clew::rollbar {

// version, minified_url, source_map; every other part with a file is a source, named by its path.
net::Response put_source_map(const Call& call) {
  control::errors::SourceMapUpload upload;
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
  return result(JsonValue(JsonValue::Object{}));
}

}  // namespace clew::rollbar
