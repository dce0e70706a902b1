#include "net/tls.h"

#include <algorithm>
#include <cerrno>
#include <csignal>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace clew::net {
namespace {

std::string last_tls_error() {
  std::string text;
  while (const unsigned long code = ERR_get_error()) {
    const char* reason = ERR_reason_error_string(code);
    text = reason ? reason : "unknown TLS error";
  }
  return text;
}

struct FreeSsl {
  void operator()(SSL* it) const { SSL_free(it); }
};

class TlsTransport final : public Transport {
 public:
  explicit TlsTransport(SSL* session) : session_(session) {}

  Transfer read(std::span<char> first, std::span<char> second) override {
    Transfer all = read_one(first.empty() ? second : first);
    if (all.kind != Transfer::Kind::done || first.empty() || all.bytes < first.size() || second.empty())
      return all;
    // More may be decrypted already, for which no event would come.
    const Transfer more = read_one(second);
    if (more.kind == Transfer::Kind::done) all.bytes += more.bytes;
    return all;
  }

  Transfer write(std::span<const iovec> pieces) override {
    size_t sum = 0;
    for (const iovec& piece : pieces) {
      if (piece.iov_len == 0) continue;
      ERR_clear_error();
      size_t written = 0;
      const int outcome = SSL_write_ex(session_.get(), piece.iov_base, piece.iov_len, &written);
      if (outcome <= 0) return sum > 0 ? Transfer{Transfer::Kind::done, sum} : failed(outcome);
      sum += written;
      if (written < piece.iov_len) break;
    }
    return {Transfer::Kind::done, sum};
  }

  bool short_read_is_last() const override { return false; }
  bool read_waits_for_write() const override { return read_waits_for_write_; }
  void say_goodbye() override {
    ERR_clear_error();
    if (SSL_is_init_finished(session_.get())) SSL_shutdown(session_.get());
  }
  std::string failure() const override { return failure_; }

 private:
  Transfer read_one(std::span<char> place) {
    ERR_clear_error();
    read_waits_for_write_ = false;
    size_t count = 0;
    const int outcome = SSL_read_ex(session_.get(), place.data(), place.size(), &count);
    if (outcome > 0) return {Transfer::Kind::done, count};
    const Transfer transfer = failed(outcome);
    read_waits_for_write_ = transfer.kind == Transfer::Kind::would_block && SSL_want_write(session_.get());
    return transfer;
  }

  Transfer failed(int outcome) {
    switch (SSL_get_error(session_.get(), outcome)) {
      case SSL_ERROR_WANT_READ:
      case SSL_ERROR_WANT_WRITE:
        return {Transfer::Kind::would_block, 0};
      case SSL_ERROR_ZERO_RETURN:
        return {Transfer::Kind::finished, 0};
      default:
        break;
    }
    failure_ = last_tls_error();
    const long verdict = SSL_get_verify_result(session_.get());
    if (verdict != X509_V_OK) failure_ += fmt::format(" ({})", X509_verify_cert_error_string(verdict));
    return {Transfer::Kind::failed, 0};
  }

  const std::unique_ptr<SSL, FreeSsl> session_;
  bool read_waits_for_write_ = false;
  std::string failure_;
};

void set_common_options(SSL_CTX* context) {
  // OpenSSL writes to sockets without MSG_NOSIGNAL.
  signal(SIGPIPE, SIG_IGN);
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context,
                      SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                SSL_MODE_RELEASE_BUFFERS);
}

Status use_certificate(SSL_CTX* context, const std::string& certificate, const std::string& key) {
  if (SSL_CTX_use_certificate_chain_file(context, certificate.c_str()) != 1)
    return {ErrorKind::bad_input,
            fmt::format("cannot use the TLS certificate {}: {}", certificate, last_tls_error())};
  if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1)
    return {ErrorKind::bad_input, fmt::format("cannot use the TLS key {}: {}", key, last_tls_error())};
  if (SSL_CTX_check_private_key(context) != 1)
    return {ErrorKind::bad_input,
            fmt::format("the TLS key {} is not that of the certificate {}", key, certificate)};
  return {};
}

Status trust(SSL_CTX* context, const std::string& authorities) {
  if (SSL_CTX_load_verify_locations(context, authorities.c_str(), nullptr) != 1)
    return {ErrorKind::bad_input,
            fmt::format("cannot read the certificate authorities {}: {}", authorities, last_tls_error())};
  return {};
}

// HTTP/2 when the client offers it, else HTTP/1.1; a client that offers neither is served all the same.
int select_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_size,
                    const unsigned char* offered, unsigned int offered_size, void*) {
  static constexpr unsigned char kOurs[] = "\x02h2\x08http/1.1";
  unsigned char* selected = nullptr;
  if (SSL_select_next_proto(&selected, chosen_size, kOurs, sizeof kOurs - 1, offered, offered_size) !=
      OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_NOACK;
  *chosen = selected;
  return SSL_TLSEXT_ERR_OK;
}

bool is_ip_address(const std::string& host) {
  unsigned char bytes[sizeof(in6_addr)];
  return inet_pton(AF_INET, host.c_str(), bytes) == 1 || inet_pton(AF_INET6, host.c_str(), bytes) == 1;
}

}  // namespace

TlsContext::~TlsContext() {
  SSL_CTX_free(context_);
}

Result<std::shared_ptr<TlsContext>> TlsContext::for_server(const TlsFiles& files) {
  SSL_CTX* raw = SSL_CTX_new(TLS_server_method());
  if (raw == nullptr) return {ErrorKind::internal, "cannot set up TLS: " + last_tls_error()};
  std::shared_ptr<TlsContext> context(new TlsContext(raw));
  set_common_options(raw);
  CLEW_TRY(use_certificate(raw, files.certificate, files.key));
  if (!files.client_ca.empty()) {
    CLEW_TRY(trust(raw, files.client_ca));
    SSL_CTX_set_client_CA_list(raw, SSL_load_client_CA_file(files.client_ca.c_str()));
    SSL_CTX_set_verify(raw, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
  // Sessions are resumed within one server, wherever client certificates are asked for this has to have a
  // name.
  static constexpr unsigned char kName[] = "clew";
  SSL_CTX_set_session_id_context(raw, kName, sizeof kName - 1);
  SSL_CTX_set_alpn_select_cb(raw, select_protocol, nullptr);
  return context;
}

Result<std::shared_ptr<TlsContext>> TlsContext::for_client(const TlsClientOptions& options,
                                                           const std::vector<std::string>& protocols) {
  SSL_CTX* raw = SSL_CTX_new(TLS_client_method());
  if (raw == nullptr) return {ErrorKind::internal, "cannot set up TLS: " + last_tls_error()};
  std::shared_ptr<TlsContext> context(new TlsContext(raw));
  context->insecure_ = options.insecure;
  context->expected_name_ = options.server_name;
  set_common_options(raw);
  if (!options.certificate.empty()) CLEW_TRY(use_certificate(raw, options.certificate, options.key));
  if (options.ca.empty())
    SSL_CTX_set_default_verify_paths(raw);
  else
    CLEW_TRY(trust(raw, options.ca));
  SSL_CTX_set_verify(raw, options.insecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, nullptr);
  std::string offered;
  for (const std::string& protocol : protocols) offered += static_cast<char>(protocol.size()) + protocol;
  SSL_CTX_set_alpn_protos(raw, reinterpret_cast<const unsigned char*>(offered.data()),
                          static_cast<unsigned>(offered.size()));
  return context;
}

std::unique_ptr<Transport> TlsContext::accept(int socket) const {
  SSL* session = SSL_new(context_);
  if (session == nullptr) return nullptr;
  SSL_set_fd(session, socket);
  SSL_set_accept_state(session);
  return std::make_unique<TlsTransport>(session);
}

Result<std::unique_ptr<Transport>> TlsContext::connect(int socket, const std::string& host) const {
  SSL* session = SSL_new(context_);
  if (session == nullptr) return {ErrorKind::internal, "cannot set up TLS: " + last_tls_error()};
  std::unique_ptr<Transport> transport = std::make_unique<TlsTransport>(session);
  const std::string& name = expected_name_.empty() ? host : expected_name_;
  if (is_ip_address(name)) {
    if (!insecure_) X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), name.c_str());
  } else {
    SSL_set_tlsext_host_name(session, name.c_str());
    if (!insecure_) SSL_set1_host(session, name.c_str());
  }
  SSL_set_fd(session, socket);
  SSL_set_connect_state(session);
  return transport;
}

}  // namespace clew::net
