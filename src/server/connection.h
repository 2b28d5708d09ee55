#pragma once

#include "server/http_server.h"
#include "server/lanes.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>

namespace exhyperv::server {

/// What all connections of a server use.
struct Shared {
    Shared(const ListenOptions& given, int threads) : options(given), workers(static_cast<std::size_t>(threads)) {}
    const ListenOptions options;
    std::atomic<std::size_t> open{0};
    Dispatcher* dispatcher = nullptr;
    api::EventHub* events = nullptr;
    boost::asio::thread_pool workers; ///< pages, checks, sign-ins: what may take a moment, but waits for no host
    Lanes lanes;                      ///< API calls, which may wait for their host
    std::atomic<std::uint64_t> requests{0};
};

/// The connection owns itself from here: it lives as long as one of its asynchronous calls is under way.
void start_plain_connection(boost::asio::ip::tcp::socket socket, Shared& shared);
void start_tls_connection(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context& tls, Shared& shared);

} // namespace exhyperv::server
