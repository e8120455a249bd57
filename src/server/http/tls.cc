#include <boost/asio/ssl.hpp>

#include "server/http/session.h"

namespace leeway::http {
namespace {

class OpenSslContext final : public TlsContext {
 public:
  Status load(const std::string& certificate_file, const std::string& key_file) {
    using Context = asio::ssl::context;
    boost::system::error_code error;
    context_.set_options(Context::default_workarounds | Context::no_sslv2 | Context::no_sslv3 | Context::no_tlsv1 |
                             Context::no_tlsv1_1 | Context::single_dh_use,
                         error);
    context_.use_certificate_chain_file(certificate_file, error);
    if (error) return unreadable("certificate", certificate_file);
    context_.use_private_key_file(key_file, Context::pem, error);
    if (error) return unreadable("private key", key_file);
    if (SSL_CTX_check_private_key(context_.native_handle()) != 1)
      return fail(Code::invalid_argument, fmt::format("the key in '{}' does not belong to the certificate in '{}'",
                                                      key_file, certificate_file));
    return {};
  }

  void start(tcp::socket socket, Shard& shard, Place place) override {
    std::make_shared<Session<TlsStream>>(TlsStream(std::move(socket), context_), shard, std::move(place))->start();
  }

 private:
  static std::unexpected<Error> unreadable(const char* what, const std::string& file) {
    return fail(Code::invalid_argument, fmt::format("the {} in '{}' cannot be read", what, file),
                "It must be a PEM file that this process may read.");
  }

  asio::ssl::context context_{asio::ssl::context::tls_server};
};

}  // namespace

Result<std::unique_ptr<TlsContext>> TlsContext::open(const std::string& certificate_file, const std::string& key_file) {
  auto context = std::make_unique<OpenSslContext>();
  LEEWAY_CHECK(context->load(certificate_file, key_file));
  return std::unique_ptr<TlsContext>(std::move(context));
}

}  // namespace leeway::http
