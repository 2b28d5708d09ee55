#include "client.h"
#include "running_server.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <utility>

namespace exhyperv::server::test {
namespace {

using namespace std::chrono_literals;

/// Sooner or later, but at most within half a minute.
template <class Condition>
bool comes_true(Condition condition) {
    const auto end = std::chrono::steady_clock::now() + 30s;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(20ms);
    }
    return true;
}

/// Memory of this process that is in use, in MiB.
double resident_mib() {
    std::ifstream statm("/proc/self/statm");
    std::uint64_t size = 0, resident = 0;
    statm >> size >> resident;
    return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1048576;
}

TEST(HostileHttp, a_body_that_is_too_large_is_refused_before_it_is_read) {
    const RunningServer server;
    const std::string headers = server.session() + "Content-Type: application/json\r\n";
    EXPECT_EQ(status_of(exchange(server.port(), "POST /api/v1/plans HTTP/1.1\r\nHost: " + server.host() + "\r\n" +
                                                    headers + "Content-Length: 1073741824\r\n\r\n")),
              413);
    std::string chunks = "POST /api/v1/plans HTTP/1.1\r\nHost: " + server.host() + "\r\n" + headers +
                         "Transfer-Encoding: chunked\r\n\r\n";
    for (int i = 0; i < 64; ++i)
        chunks += "4000\r\n" + std::string(0x4000, 'x') + "\r\n";
    const int status = status_of(exchange(server.port(), chunks + "0\r\n\r\n"));
    EXPECT_TRUE(status == 413 || status == 0) << status; // 0: closed while we were still sending
    EXPECT_EQ(server.calls(), 0);
    EXPECT_TRUE(server.well());
}

TEST(HostileHttp, a_head_that_is_too_large_is_refused) {
    const RunningServer server;
    for (const std::string& request :
         {"GET /" + std::string(100'000, 'a') + " HTTP/1.1\r\nHost: " + server.host() + "\r\n\r\n",
          "GET / HTTP/1.1\r\nHost: " + server.host() + "\r\nX-Long: " + std::string(100'000, 'b') + "\r\n\r\n"}) {
        const int status = status_of(exchange(server.port(), request));
        EXPECT_TRUE(status == 413 || status == 400 || status == 0) << status;
    }
    EXPECT_TRUE(server.well());
}

TEST(HostileHttp, a_request_that_trickles_in_is_given_up) {
    ListenOptions options;
    options.header_timeout = 1s;
    const RunningServer server(options);
    const std::string session = server.session();
    Client body(server.port()), head(server.port()), silent(server.port());
    body.send("POST /api/v1/plans HTTP/1.1\r\nHost: " + server.host() + "\r\n" + session +
              "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{");
    head.send("GET / HTTP/1.1\r\nHost: " + server.host() + "\r\nX-Slow: ");
    for (Client* client : {&body, &head, &silent}) {
        (void)client->receive_all();
        EXPECT_FALSE(client->timed_out());
    }
    EXPECT_EQ(server.calls(), 0);
    EXPECT_TRUE(server.well());
}

TEST(HostileHttp, malformed_requests_are_refused_or_closed_one_by_one) {
    const RunningServer server;
    const std::string host = "Host: " + server.host() + "\r\n";
    const std::string cases[] = {
        "\r\n\r\n\r\n",
        std::string(4096, '\0'),
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 TLS to a plain port\r\n\r\n",
        "GARBAGE\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/9.9\r\n" + host + "\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET http://evil.example/ HTTP/1.1\r\n" + host + "\r\n",
        "GET / HTTP/1.1\r\nHost\r\n\r\n",
        "GET / HTTP/1.1\r\n" + host + " folded: header\r\n\r\n",
        "POST /api/v1/session HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n",
        "POST /api/v1/session HTTP/1.1\r\n" + host + "Content-Length: 99999999999999999999\r\n\r\n",
        "POST /api/v1/session HTTP/1.1\r\n" + host + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        "POST /api/v1/session HTTP/1.1\r\n" + host + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /api/v1/session HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        "POST /api/v1/session HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
        "OPTIONS * HTTP/1.1\r\n" + host + "\r\n",
        "CONNECT evil.example:443 HTTP/1.1\r\n" + host + "\r\n",
        "TRACE / HTTP/1.1\r\n" + host + "\r\n",
    };
    for (const std::string& bytes : cases) {
        Client client(server.port());
        client.send(bytes);
        const std::string answer = client.receive_all(2s); // some leave the connection open for the rest of a request
        EXPECT_TRUE(status_of(answer) == 0 || status_of(answer) >= 400)
            << bytes.substr(0, 40) << " → " << answer.substr(0, 40);
        EXPECT_TRUE(server.well()) << bytes.substr(0, 40);
    }
    EXPECT_EQ(server.calls(), 0);
}

TEST(HostileHttp, two_thousand_idle_connections_do_not_keep_others_out_for_long) {
    rlimit limit{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    ::getrlimit(RLIMIT_NOFILE, &limit);
    // Both ends of each connection are in this process.
    const auto wanted = std::min<rlim_t>(2000, limit.rlim_cur == RLIM_INFINITY ? 2000 : (limit.rlim_cur - 128) / 2);
    ListenOptions options;
    options.header_timeout = 2s;
    const RunningServer server(options);
    const double before = resident_mib();
    std::vector<Client> idle;
    for (rlim_t i = 0; i < wanted; ++i)
        idle.emplace_back(server.port());
    const double grown = resident_mib() - before;
    std::printf("%zu idle connections opened, %zu taken, memory grew by %.1f MiB\n", idle.size(),
                server.open_connections(), grown);
    EXPECT_LT(grown, 64); // both ends of each are in this process
    EXPECT_LE(server.open_connections(), options.connections);
    // They are still held from here; the server lets them go by itself.
    EXPECT_TRUE(comes_true([&] { return server.well(); }));
    EXPECT_TRUE(comes_true([&] { return server.open_connections() < 16; }));
}

TEST(HostileHttp, many_bodies_of_the_largest_size_at_once_take_bounded_memory) {
    ListenOptions options;
    options.header_timeout = 20s;
    const RunningServer server(options);
    const std::string head = "POST /api/v1/plans HTTP/1.1\r\nHost: " + server.host() + "\r\n" + server.session() +
                             "Content-Type: application/json\r\nContent-Length: " + std::to_string(options.body_limit) +
                             "\r\n\r\n";
    const double before = resident_mib();
    std::vector<Client> clients;
    for (int i = 0; i < 64; ++i) { // all but the last byte: each has to be kept until it is given up
        clients.emplace_back(server.port());
        EXPECT_TRUE(clients.back().send(head + std::string(options.body_limit - 1, ' ')));
    }
    EXPECT_TRUE(comes_true([&] { return server.open_connections() >= 64; }));
    double grown = -1;
    EXPECT_TRUE(comes_true([&] { // the server has read what there is when its memory grows no further
        const double last = std::exchange(grown, resident_mib() - before);
        std::this_thread::sleep_for(200ms);
        return grown - last < 0.05;
    }));
    std::printf("64 bodies of %zu KiB under way: memory grew by %.1f MiB\n", options.body_limit >> 10, grown);
    EXPECT_LT(grown, 128);
    EXPECT_TRUE(server.well());
    EXPECT_EQ(server.calls(), 0);
}

TEST(HostileHttp, a_server_with_open_streams_and_half_requests_stops_at_once) {
    std::vector<Client> clients;
    {
        const RunningServer server;
        const std::string session = server.session();
        for (int i = 0; i < 20; ++i) {
            clients.emplace_back(server.port());
            clients.back().send(i % 2 ? "GET /api/v1/events HTTP/1.1\r\nHost: " + server.host() + "\r\n" + session +
                                            "\r\n"
                                      : "POST /api/v1/plans HTTP/1.1\r\nHost: " + server.host() + "\r\nContent-Le");
        }
        EXPECT_TRUE(comes_true([&] { return server.open_connections() >= 20; }));
    }
    for (Client& client : clients) {
        (void)client.receive_all();
        EXPECT_FALSE(client.timed_out());
    }
}

} // namespace
} // namespace exhyperv::server::test
