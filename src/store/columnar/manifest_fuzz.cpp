#include "base/fuzz.h"
#include "base/log.h"
#include "store/columnar/manifest.h"

using namespace clew;
using namespace clew::store;

CLEW_FUZZ(manifest) {
  const Result<Manifest> manifest = decode_manifest(bytes);
  if (!manifest.ok()) return;
  const Result<Manifest> again = decode_manifest(encode_manifest(*manifest));
  if (!again.ok() || !(*again == *manifest)) bug("a manifest does not come back");
}
