#include "protocols/honeycomb/short_id.h"

#include <array>

#include <openssl/evp.h>
#include <openssl/rand.h>

#include "base/log.h"

namespace clew::honeycomb {
namespace {

constexpr std::string_view kAlphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
constexpr size_t kLength = 11;

template <typename Bytes>
std::string spelled(const Bytes& bytes) {
  std::string id;
  for (size_t i = 0; i < kLength; ++i) id += kAlphabet[bytes[i] % kAlphabet.size()];
  return id;
}

}  // namespace

std::string new_short_id() {
  std::array<uint8_t, kLength> random;
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1)
    bug("no random numbers from the system");
  return spelled(random);
}

std::string short_id_of(std::string_view text) {
  std::array<uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
    bug("no SHA-256 in OpenSSL");
  return spelled(digest);
}

}  // namespace clew::honeycomb
