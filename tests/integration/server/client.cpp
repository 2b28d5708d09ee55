#include "client.h"

#include "support/strings.h"

#include <arpa/inet.h>
#include <array>
#include <cstdlib>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace exhyperv::server::test {

Client::Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (socket_ >= 0 && ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        ::close(socket_);
        socket_ = -1;
    }
}

Client::Client(Client&& other) noexcept : socket_(std::exchange(other.socket_, -1)), timed_out_(other.timed_out_) {}

Client::~Client() {
    if (socket_ >= 0) ::close(socket_);
}

bool Client::send(const std::string& bytes) {
    for (std::size_t sent = 0; sent < bytes.size();) {
        const ssize_t written = ::send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (written <= 0) return false;
        sent += static_cast<std::size_t>(written);
    }
    return true;
}

std::string Client::receive_all(std::chrono::milliseconds patience) {
    std::string out;
    const auto end = std::chrono::steady_clock::now() + patience;
    std::array<char, 16384> buffer{};
    for (;;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        pollfd wait{socket_, POLLIN, 0};
        if (left.count() <= 0 || ::poll(&wait, 1, static_cast<int>(left.count())) <= 0) {
            timed_out_ = true;
            return out;
        }
        const ssize_t got = ::recv(socket_, buffer.data(), buffer.size(), 0);
        if (got <= 0) return out;
        out.append(buffer.data(), static_cast<std::size_t>(got));
    }
}

std::string exchange(std::uint16_t port, const std::string& bytes) {
    Client client(port);
    client.send(bytes);
    return client.receive_all();
}

int status_of(const std::string& answer) {
    return answer.starts_with("HTTP/1.1 ") ? std::atoi(answer.c_str() + 9) : 0;
}

std::string header_of(const std::string& answer, const std::string& name) {
    for (const std::string& line : split(answer.substr(0, answer.find("\r\n\r\n")), '\n'))
        if (istarts_with(line, name + ":")) return std::string(trim(std::string_view(line).substr(name.size() + 1)));
    return {};
}

} // namespace exhyperv::server::test
