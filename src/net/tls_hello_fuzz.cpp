#include "base/fuzz.h"
#include "net/tls_hello.h"

CLEW_FUZZ(tls_hello) {
  const clew::net::TlsHello hello = clew::net::read_tls_hello(bytes);
  for (const char c : hello.server_name)
    if (c <= 0x20 || c >= 0x7f) __builtin_trap();
  if (hello.protocols.size() > 8) __builtin_trap();
}
