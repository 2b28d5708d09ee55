#include "server/http_server.h"

#include "platform/network.h"
#include "server/connection.h"
#include "support/log.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/strand.hpp>

#include <thread>
#include <vector>

namespace exhyperv::server {
namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

constexpr int kSocketThreads = 2;
constexpr int kWorkers = 2;

class BeastServer final : public HttpServer {
  public:
    BeastServer(const ListenOptions& options) : shared_(options, kWorkers), acceptor_(io_) {}

    Result<> open(const ListenOptions& options) {
        boost::system::error_code error;
        const auto address = asio::ip::make_address(options.address, error);
        if (error) return fail("server.address", {{"address", options.address}, {"reason", error.message()}});
        const tcp::endpoint endpoint(address, options.port);
        acceptor_.open(endpoint.protocol(), error);
        if (!error && !platform::claim_address(static_cast<std::uintptr_t>(acceptor_.native_handle())))
            error = asio::error::access_denied;
        if (!error) acceptor_.bind(endpoint, error);
        if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
        if (error == asio::error::address_in_use)
            return fail("server.port_in_use", {{"address", options.address}, {"port", std::to_string(options.port)}});
        if (error) return fail("server.address", {{"address", options.address}, {"reason", error.message()}});
        if (!options.certificate_pem.empty()) return load_certificate(options);
        return {};
    }

    std::uint16_t port() const override { return acceptor_.local_endpoint().port(); }
    std::size_t open_connections() const override { return shared_.open.load(); }

    void run(Dispatcher& dispatcher, api::EventHub& events) override {
        shared_.dispatcher = &dispatcher;
        shared_.events = &events;
        accept();
        std::vector<std::thread> threads;
        for (int i = 1; i < kSocketThreads; ++i)
            threads.emplace_back([this] { io_.run(); });
        io_.run();
        for (std::thread& thread : threads)
            thread.join();
        shared_.workers.join();
        shared_.lanes.stop(); // before the sockets go, which what waits there holds
    }

    void stop() override {
        asio::post(io_, [this] {
            boost::system::error_code ignored;
            acceptor_.close(ignored);
            // Connections hold handlers of their own; stopping the context ends them all at once, open streams
            // included.
            io_.stop();
        });
    }

  private:
    Result<> load_certificate(const ListenOptions& options) {
        tls_ = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
        boost::system::error_code error;
        tls_->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                          asio::ssl::context::no_tlsv1_1);
        tls_->use_certificate_chain(asio::buffer(options.certificate_pem), error);
        if (!error) tls_->use_private_key(asio::buffer(options.private_key_pem), asio::ssl::context::pem, error);
        if (error) return fail("server.certificate", {{"reason", error.message()}});
        return {};
    }

    void accept() {
        acceptor_.async_accept(asio::make_strand(io_), [this](boost::system::error_code error, tcp::socket socket) {
            if (!acceptor_.is_open()) return;
            if (error) {
                log(LogLevel::warn, "accept: " + error.message());
            } else if (shared_.open.load() >= shared_.options.connections) {
                boost::system::error_code ignored;
                socket.close(ignored); // full: better a closed door than a server that runs out of memory
            } else if (tls_) {
                start_tls_connection(std::move(socket), *tls_, shared_);
            } else {
                start_plain_connection(std::move(socket), shared_);
            }
            accept();
        });
    }

    Shared shared_;
    asio::io_context io_;
    tcp::acceptor acceptor_;
    std::unique_ptr<asio::ssl::context> tls_;
};

} // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::bind(const ListenOptions& options) {
    auto server = std::make_unique<BeastServer>(options);
    TRY(server->open(options));
    return server;
}

} // namespace exhyperv::server
