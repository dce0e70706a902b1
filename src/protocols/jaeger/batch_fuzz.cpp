#include "base/fuzz.h"
#include "base/log.h"
#include "protocols/jaeger/proto_batch.h"
#include "protocols/jaeger/thrift_batch.h"

// The first byte chooses the form.
CLEW_FUZZ(jaeger_batch) {
  using namespace clew;
  if (bytes.empty()) return;
  const auto form = static_cast<unsigned char>(bytes[0]) % 3;
  bytes.remove_prefix(1);
  const Result<std::string> otlp = form == 0   ? jaeger::read_batch(bytes)
                                   : form == 1 ? jaeger::read_emit_batch(bytes)
                                               : jaeger::read_post_spans(bytes);
  if (!otlp.ok() && otlp.status().message().empty()) bug("a refusal without a reason");
}
