#include "net/tls_hello.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

namespace clew::net {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// The first flight of a real client.
std::string hello_of(const char* server_name, std::string_view wire_protocols) {
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  SSL* client = SSL_new(context);
  BIO* in = BIO_new(BIO_s_mem());
  BIO* out = BIO_new(BIO_s_mem());
  SSL_set_bio(client, in, out);
  if (server_name != nullptr) SSL_set_tlsext_host_name(client, server_name);
  if (!wire_protocols.empty())
    SSL_set_alpn_protos(client, reinterpret_cast<const unsigned char*>(wire_protocols.data()),
                        static_cast<unsigned>(wire_protocols.size()));
  SSL_connect(client);
  std::string bytes(16 << 10, '\0');
  const int size = BIO_read(out, bytes.data(), static_cast<int>(bytes.size()));
  bytes.resize(size > 0 ? static_cast<size_t>(size) : 0);
  SSL_free(client);
  SSL_CTX_free(context);
  return bytes;
}

TEST(TlsHello, says_which_host_is_meant_and_what_would_be_spoken) {
  const TlsHello grpc = read_tls_hello(hello_of("clew.example", std::string_view("\x08grpc-exp\x02h2", 12)));
  EXPECT_EQ(grpc.server_name, "clew.example");
  EXPECT_THAT(grpc.protocols, ElementsAre("grpc-exp", "h2"));
  EXPECT_TRUE(grpc.is_grpc());

  const TlsHello browser = read_tls_hello(hello_of("localhost", std::string_view("\x02h2\x08http/1.1", 12)));
  EXPECT_THAT(browser.protocols, ElementsAre("h2", "http/1.1"));
  EXPECT_FALSE(browser.is_grpc());

  const TlsHello plain = read_tls_hello(hello_of(nullptr, ""));
  EXPECT_EQ(plain.server_name, "");
  EXPECT_THAT(plain.protocols, IsEmpty());
  EXPECT_FALSE(plain.is_grpc());
}

TEST(TlsHello, torn_or_damaged_is_read_as_far_as_it_goes) {
  const std::string whole = hello_of("clew.example", std::string_view("\x02h2", 3));
  for (size_t size = 0; size < whole.size(); ++size) read_tls_hello(std::string_view(whole).substr(0, size));
  std::string hostile = hello_of("a\x1b[31mb", "");
  EXPECT_EQ(read_tls_hello(hostile).server_name, "a?[31mb");
  EXPECT_EQ(read_tls_hello("GET / HTTP/1.1\r\n").server_name, "");
}

}  // namespace
}  // namespace clew::net
