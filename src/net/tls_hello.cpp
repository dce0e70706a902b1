#include "net/tls_hello.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace clew::net {
namespace {

constexpr uint8_t kClientHello = 1;
constexpr uint64_t kServerName = 0, kApplicationProtocols = 16;  // extensions
constexpr size_t kLongestName = 255;
constexpr size_t kMostProtocols = 8;

// Bytes with big-endian numbers in them; after the end everything is 0 and empty.
class Octets {
 public:
  explicit Octets(std::string_view bytes) : rest_(bytes) {}
  bool at_end() const { return rest_.empty(); }
  std::string_view take(uint64_t size) {
    const std::string_view taken =
        rest_.substr(0, static_cast<size_t>(std::min<uint64_t>(size, rest_.size())));
    rest_.remove_prefix(taken.size());
    return taken;
  }
  uint64_t number(size_t size) {
    uint64_t value = 0;
    for (const char c : take(size)) value = value << 8 | static_cast<uint8_t>(c);
    return value;
  }
  // A vector whose length stands before it, in so many bytes.
  Octets vector(size_t length_size) { return Octets(take(number(length_size))); }

 private:
  std::string_view rest_;
};

// Names go into messages for people.
std::string printable(std::string_view name) {
  std::string shown(name.substr(0, kLongestName));
  std::replace_if(
      shown.begin(), shown.end(), [](char c) { return c <= 0x20 || c >= 0x7f; }, '?');
  return shown;
}

void read_extension(uint64_t kind, Octets extension, TlsHello& hello) {
  if (kind == kServerName) {
    Octets names = extension.vector(2);
    const bool is_host = names.number(1) == 0;
    if (is_host) hello.server_name = printable(names.take(names.number(2)));
  } else if (kind == kApplicationProtocols) {
    Octets names = extension.vector(2);
    while (!names.at_end() && hello.protocols.size() < kMostProtocols)
      hello.protocols.push_back(printable(names.take(names.number(1))));
  }
}

}  // namespace

bool TlsHello::is_grpc() const {
  return !protocols.empty() &&
         std::all_of(protocols.begin(), protocols.end(),
                     [](const std::string& protocol) { return protocol == "h2" || protocol == "grpc-exp"; });
}

TlsHello read_tls_hello(std::string_view bytes) {
  constexpr size_t kRecordHead = 5, kVersionAndRandom = 2 + 32;
  TlsHello hello;
  Octets message(bytes.substr(std::min(bytes.size(), kRecordHead)));
  if (message.number(1) != kClientHello) return hello;
  Octets body = message.vector(3);
  body.take(kVersionAndRandom);
  body.vector(1);  // session
  body.vector(2);  // ciphers
  body.vector(1);  // compressions
  Octets extensions = body.vector(2);
  while (!extensions.at_end()) {
    const uint64_t kind = extensions.number(2);
    read_extension(kind, extensions.vector(2), hello);
  }
  return hello;
}

}  // namespace clew::net
