#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace exhyperv::server::test {

/// A TCP connection to 127.0.0.1 that sends whatever it is given: well-formed or not.
class Client {
  public:
    explicit Client(std::uint16_t port);
    Client(Client&& other) noexcept;
    Client& operator=(Client&&) = delete;
    ~Client();
    [[nodiscard]] bool connected() const { return socket_ >= 0; }
    /// False when the peer has gone.
    bool send(const std::string& bytes);
    /// What comes until the peer closes, or until `patience` is over: then `timed_out()` says so.
    std::string receive_all(std::chrono::milliseconds patience = std::chrono::seconds(20));
    [[nodiscard]] bool timed_out() const { return timed_out_; }

  private:
    int socket_ = -1;
    bool timed_out_ = false;
};

/// One request on a connection of its own; the answer, headers and all. Empty: closed without a word.
[[nodiscard]] std::string exchange(std::uint16_t port, const std::string& bytes);
/// "200" of the first line; 0 when there is no answer.
[[nodiscard]] int status_of(const std::string& answer);
/// Value of the first header of that name; "" when missing.
[[nodiscard]] std::string header_of(const std::string& answer, const std::string& name);

} // namespace exhyperv::server::test
