#include "net/tls.h"

#include <cstdio>
#include <filesystem>
#include <mutex>
#include <stdlib.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/counters.h"
#include "net/grpc_client.h"
#include "net/http_client.h"
#include "net/raw_client.h"

namespace clew::net {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// A directory with two certificates that sign themselves: one for localhost, one that nobody knows.
class Certificates {
 public:
  Certificates() {
    std::string pattern = (std::filesystem::temp_directory_path() / "clew_tls_XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
    make("server");
    make("stranger");
  }
  ~Certificates() { std::filesystem::remove_all(directory_); }
  std::string certificate(const std::string& name) const { return directory_ + "/" + name + ".pem"; }
  std::string key(const std::string& name) const { return directory_ + "/" + name + ".key"; }
  TlsFiles files() const { return {certificate("server"), key("server"), {}}; }

 private:
  void make(const std::string& name) const {
    EVP_PKEY* key_pair = EVP_EC_gen("P-256");
    X509* made = X509_new();
    X509_set_version(made, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made), 1);
    X509_gmtime_adj(X509_getm_notBefore(made), -60);
    X509_gmtime_adj(X509_getm_notAfter(made), 3600);
    X509_set_pubkey(made, key_pair);
    X509_NAME* subject = X509_get_subject_name(made);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    X509_set_issuer_name(made, subject);
    X509_EXTENSION* names =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
    X509_add_ext(made, names, -1);
    X509_EXTENSION_free(names);
    X509_sign(made, key_pair, EVP_sha256());
    FILE* file = fopen(certificate(name).c_str(), "w");
    PEM_write_X509(file, made);
    fclose(file);
    file = fopen(key(name).c_str(), "w");
    PEM_write_PrivateKey(file, key_pair, nullptr, nullptr, 0, nullptr, nullptr);
    fclose(file);
    X509_free(made);
    EVP_PKEY_free(key_pair);
  }

  std::string directory_;
};

const Certificates& certificates() {
  static const Certificates made;
  return made;
}

void echo_with_tls(Request request, Responder responder) {
  responder.send(text_response(200, (request.tls ? "tls " : "plain ") + std::to_string(request.body.size())));
}

void echo_call(GrpcRequest request, GrpcResponder respond) {
  respond({.code = GrpcCode::ok,
           .error = {},
           .message = (request.tls ? "tls " : "plain ") + std::to_string(request.message.size()),
           .status_details = {}});
}

ServerOptions with_tls(TlsFiles files = certificates().files()) {
  ServerOptions options;
  options.tls = std::move(files);
  return options;
}

Result<ClientResponse> post(const TestServer& server, TlsClientOptions tls, std::string host = "127.0.0.1",
                            size_t body = 5) {
  HttpClientOptions options;
  options.tls = std::move(tls);
  auto client = HttpClient::create(options);
  if (!client.ok()) return std::move(client).status();
  return (*client)->send({.method = "POST",
                          .url = "https://" + host + ":" + std::to_string(server.port()) + "/",
                          .headers = {},
                          .body = std::string(body, 'x'),
                          .compression = {}});
}

TEST(Tls, one_door_speaks_everything) {
  const TestServer server(with_tls(), echo_with_tls, echo_call);
  const TlsClientOptions trusting{
      .ca = certificates().certificate("server"), .certificate = {}, .key = {}, .server_name = {}};
  for (const size_t size : {size_t{1}, size_t{100'000}, size_t{5'000'000}}) {
    const auto secure = post(server, trusting, "127.0.0.1", size);
    ASSERT_TRUE(secure.ok()) << secure.status().to_string();
    EXPECT_EQ(secure->body, "tls " + std::to_string(size));
  }
  EXPECT_THAT(answer_to(server, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
              HasSubstr("plain 0"));
  for (const bool tls : {true, false}) {
    GrpcClientOptions options{.server = "127.0.0.1:" + std::to_string(server.port()), .tls = {}};
    if (tls) options.tls = trusting;
    auto client = GrpcClient::create(std::move(options));
    ASSERT_TRUE(client.ok());
    for (const size_t size : {size_t{1}, size_t{5'000'000}}) {
      const GrpcAnswer answer = (*client)->call_and_wait("/a/B", std::string(size, 'x'));
      EXPECT_EQ(answer.code, GrpcCode::ok) << answer.error;
      EXPECT_EQ(answer.message.view(), (tls ? "tls " : "plain ") + std::to_string(size));
    }
  }
}

TEST(Tls, clients_check_who_they_talk_to) {
  const TestServer server(with_tls(), echo_with_tls);
  const std::string ours = certificates().certificate("server"),
                    other = certificates().certificate("stranger");
  EXPECT_TRUE(post(server, {.ca = ours, .certificate = {}, .key = {}, .server_name = {}}).ok());
  EXPECT_TRUE(post(server, {.ca = ours, .certificate = {}, .key = {}, .server_name = "localhost"}).ok());
  EXPECT_TRUE(
      post(server, {.ca = {}, .certificate = {}, .key = {}, .server_name = {}, .insecure = true}).ok());
  const uint64_t before = value_of(Counter::tls_handshakes_failed);
  for (const TlsClientOptions& wary :
       {TlsClientOptions{}, TlsClientOptions{.ca = other, .certificate = {}, .key = {}, .server_name = {}},
        TlsClientOptions{.ca = ours, .certificate = {}, .key = {}, .server_name = "elsewhere.example"}}) {
    const auto refused = post(server, wary);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.status().kind(), ErrorKind::unavailable);
    EXPECT_THAT(std::string(refused.status().message()), HasSubstr("certificate verify failed"));
  }
  for (int i = 0; i < 200 && value_of(Counter::tls_handshakes_failed) < before + 2; ++i) usleep(5000);
  EXPECT_GE(value_of(Counter::tls_handshakes_failed), before + 2);
}

TEST(Tls, client_certificates_are_asked_for_and_cannot_be_passed_by) {
  TlsFiles files = certificates().files();
  files.client_ca = certificates().certificate("server");
  const TestServer server(with_tls(files), echo_with_tls);
  TlsClientOptions known{.ca = certificates().certificate("server"),
                         .certificate = certificates().certificate("server"),
                         .key = certificates().key("server"),
                         .server_name = {}};
  const auto admitted = post(server, known);
  ASSERT_TRUE(admitted.ok()) << admitted.status().to_string();
  TlsClientOptions stranger = known;
  stranger.certificate = certificates().certificate("stranger");
  stranger.key = certificates().key("stranger");
  EXPECT_FALSE(post(server, stranger).ok());
  TlsClientOptions nobody = known;
  nobody.certificate = nobody.key = "";
  EXPECT_FALSE(post(server, nobody).ok());
  const uint64_t before = value_of(Counter::plain_to_tls_port);
  EXPECT_THAT(answer_to(server, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
              StartsWith("HTTP/1.1 400 This port wants TLS"));
  EXPECT_EQ(value_of(Counter::plain_to_tls_port), before + 1);
}

TEST(Tls, files_that_cannot_be_used_are_named) {
  const Certificates& made = certificates();
  for (const TlsFiles& files : {TlsFiles{"/nowhere.pem", made.key("server"), {}},
                                TlsFiles{made.certificate("server"), "/nowhere.pem", {}},
                                TlsFiles{made.certificate("server"), made.key("server"), "/nowhere.pem"}}) {
    const auto server = Server::start(with_tls(files), echo, {});
    ASSERT_FALSE(server.ok());
    EXPECT_THAT(std::string(server.status().message()), HasSubstr("/nowhere.pem"));
  }
  const auto mixed =
      Server::start(with_tls({made.certificate("server"), made.key("stranger"), {}}), echo, {});
  ASSERT_FALSE(mixed.ok());
}

TEST(Tls, damaged_hellos_do_no_harm) {
  const TestServer server(with_tls(), echo_with_tls);
  const std::string hello("\x16\x03\x01\x00\x05hello and more that is no TLS", 34);
  for (size_t keep = 1; keep < hello.size(); ++keep) {
    RawClient client(server.port());
    client.send(hello.substr(0, keep));
    client.finish_sending();
    client.read();
  }
  EXPECT_THAT(answer_to(server, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
              HasSubstr("plain 0"));
}

}  // namespace
}  // namespace clew::net
