#include "base/fuzz.h"
#include "base/json_value.h"
#include "protocols/xray/exported_documents.h"

CLEW_FUZZ(xray_exported_documents) {
  using namespace clew;
  xray::ExportOptions options;
  options.log_groups = {"g"};
  const auto exported = xray::exported_documents(bytes, options, 1 << 20);
  if (!exported.ok()) return;
  for (const auto& [id, text] : exported->documents)
    if (const auto read = parse_json(text); !read.ok() || read->object() == nullptr) std::abort();
}
