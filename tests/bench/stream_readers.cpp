#include "stream_readers.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

namespace exhyperv::bench {

namespace {

Result<int> connect_to(std::uint16_t port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (socket < 0 || ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        if (socket >= 0) ::close(socket);
        return fail("bench.failed", {}, "no connection");
    }
    return socket;
}

std::string head(std::uint16_t port, const std::string& line, const std::string& more) {
    return line + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) + "\r\n" + more + "\r\n\r\n";
}

} // namespace

Result<std::string> log_in(std::uint16_t port, const std::string& token) {
    TRY_ASSIGN(const int socket, connect_to(port));
    const std::string body = R"({"token":")" + token + R"("})";
    const std::string request =
        head(port, "POST /api/v1/session",
             "Content-Type: application/json\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size())) +
        body;
    std::string answer;
    if (::send(socket, request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size())) {
        char buffer[4096];
        for (ssize_t got = 0; (got = ::recv(socket, buffer, sizeof buffer, 0)) > 0;)
            answer.append(buffer, static_cast<std::size_t>(got));
    }
    ::close(socket);
    const auto at = answer.find("Set-Cookie: ");
    if (at == std::string::npos) return fail("bench.failed", {}, "not signed in: " + answer.substr(0, 60));
    const auto start = at + 12;
    return "Cookie: " + answer.substr(start, answer.find(';', start) - start);
}

struct StreamReaders::State {
    std::vector<int> sockets;
    std::vector<std::string> rests; ///< what has come of a line
    std::mutex mutex;
    std::condition_variable news;
    std::map<std::uint64_t, std::vector<Time>> seen;
    std::atomic<bool> ending{false};
    std::thread thread;

    void take(std::size_t page, const char* bytes, std::size_t count, Time now) {
        std::string& rest = rests[page];
        rest.append(bytes, count);
        std::size_t end = 0;
        while ((end = rest.find('\n')) != std::string::npos) {
            if (rest.starts_with("id: ")) {
                const std::lock_guard lock(mutex);
                seen[std::strtoull(rest.c_str() + 4, nullptr, 10)].push_back(now);
                news.notify_all();
            }
            rest.erase(0, end + 1);
        }
    }

    void read() {
        std::vector<pollfd> waiting;
        for (const int socket : sockets)
            waiting.push_back({socket, POLLIN, 0});
        while (!ending) {
            if (::poll(waiting.data(), waiting.size(), 100) <= 0) continue;
            for (std::size_t page = 0; page < waiting.size(); ++page) {
                if (!(waiting[page].revents & POLLIN)) continue;
                char buffer[4096];
                const ssize_t got = ::recv(waiting[page].fd, buffer, sizeof buffer, 0);
                if (got > 0) take(page, buffer, static_cast<std::size_t>(got), std::chrono::steady_clock::now());
            }
        }
    }
};

StreamReaders::StreamReaders() : state_(std::make_unique<State>()) {}

Result<std::unique_ptr<StreamReaders>> StreamReaders::open(std::uint16_t port, const std::string& session, int count) {
    std::unique_ptr<StreamReaders> readers(new StreamReaders);
    for (int i = 0; i < count; ++i) {
        TRY_ASSIGN(const int socket, connect_to(port));
        readers->state_->sockets.push_back(socket);
        const std::string request = head(port, "GET /api/v1/events", session);
        if (::send(socket, request.data(), request.size(), MSG_NOSIGNAL) < 0)
            return fail("bench.failed", {}, "the stream could not be asked for");
        char byte = 0; // the answer begins: from now on this page gets events
        if (::recv(socket, &byte, 1, MSG_PEEK) != 1) return fail("bench.failed", {}, "no stream");
    }
    readers->state_->rests.resize(readers->state_->sockets.size());
    readers->state_->thread = std::thread([state = readers->state_.get()] { state->read(); });
    return readers;
}

StreamReaders::~StreamReaders() {
    state_->ending = true;
    if (state_->thread.joinable()) state_->thread.join();
    for (const int socket : state_->sockets)
        ::close(socket);
}

Result<std::vector<StreamReaders::Time>> StreamReaders::arrivals(std::uint64_t event,
                                                                 std::chrono::milliseconds patience) {
    std::unique_lock lock(state_->mutex);
    const bool all =
        state_->news.wait_for(lock, patience, [&] { return state_->seen[event].size() >= state_->sockets.size(); });
    if (!all)
        return fail("bench.failed", {},
                    "an event reached " + std::to_string(state_->seen[event].size()) + " of " +
                        std::to_string(state_->sockets.size()) + " pages");
    return state_->seen[event];
}

} // namespace exhyperv::bench
