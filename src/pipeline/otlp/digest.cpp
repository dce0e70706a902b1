#include "pipeline/otlp/digest.h"

#include <openssl/evp.h>

#include "base/hex.h"

namespace clew::pipeline {
namespace {

const EVP_MD* algorithm(DigestKind kind) {
  switch (kind) {
    case DigestKind::md5:
      return EVP_md5();
    case DigestKind::sha1:
      return EVP_sha1();
    case DigestKind::sha256:
      return EVP_sha256();
    case DigestKind::sha512:
      return EVP_sha512();
    case DigestKind::sha3_256:
      return EVP_sha3_256();
  }
  return EVP_sha256();
}

}  // namespace

std::string hex_digest(DigestKind kind, std::string_view bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest, &size, algorithm(kind), nullptr) != 1) return {};
  return hex_of({reinterpret_cast<const char*>(digest), size});
}

}  // namespace clew::pipeline
