#pragma once

#include "server/http_server.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>

namespace exhyperv::server {

/// What all connections of a server use.
struct Shared {
    const ListenOptions options;
    std::atomic<std::size_t> open{0};
    Dispatcher* dispatcher = nullptr;
    api::EventHub* events = nullptr;
    boost::asio::thread_pool workers; ///< API calls may wait for the host; socket threads never do
    std::atomic<std::uint64_t> requests{0};
};

/// The connection owns itself from here: it lives as long as one of its asynchronous calls is under way.
void start_plain_connection(boost::asio::ip::tcp::socket socket, Shared& shared);
void start_tls_connection(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context& tls, Shared& shared);

} // namespace exhyperv::server
