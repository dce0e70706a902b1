#include "base/fuzz.h"
#include "base/log.h"
#include "protocols/aws/signature.h"

// The header of a request that anybody may send: parsed, and checked against a secret.
CLEW_FUZZ(aws_authorization) {
  using namespace clew;
  auto parsed = aws::parse_authorization(bytes);
  const auto* authorization = std::get_if<aws::Authorization>(&parsed);
  if (authorization == nullptr) return;
  const net::Headers headers = {{"host", "localhost"}, {"x-amz-date", authorization->date + "T000000Z"}};
  const aws::SignedParts parts{"POST", "/TraceSegments", authorization->region, headers, bytes};
  if (!aws::check_signature(parts, *authorization, "secret", UnixNanos{1'795'000'000'000'000'000}) &&
      authorization->signature.size() != 64)
    bug("a signature of the wrong length was accepted");
}
