#pragma once

#include "api/request.h"

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace exhyperv::server {

/// Sessions of logged-in pages, in memory: a restart of the server logs everybody out. Thread-safe, bounded.
class Sessions {
  public:
    using Clock = std::chrono::steady_clock;
    using Now = std::function<Clock::time_point()>;

    struct Session {
        std::string id;   ///< the cookie's value
        std::string csrf; ///< what every change has to repeat in a header
        std::string user;
        api::Role role = api::Role::viewer;
        std::string credential; ///< the account's salt and hash; empty: opened by the token
        Clock::time_point last_used;
    };

    explicit Sessions(std::chrono::minutes idle_limit = std::chrono::hours(12), std::size_t at_most = 256,
                      Now now = Clock::now)
        : idle_limit_(idle_limit), at_most_(at_most), now_(std::move(now)) {}

    /// When there are too many, the one that was idle longest has to go.
    Session open(std::string user, api::Role role, std::string credential = {});
    std::optional<Session> find(std::string_view id); ///< renews it
    std::optional<Session> peek(std::string_view id); ///< does not: for a stream that is merely open
    void close(std::string_view id);
    /// All that the token opened but this one.
    void close_others_of_token(std::string_view id);

  private:
    void drop_expired(Clock::time_point now);

    const std::chrono::minutes idle_limit_;
    const std::size_t at_most_;
    const Now now_;
    std::mutex mutex_;
    std::unordered_map<std::string, Session> sessions_;
};

/// Slows guessing down: after `free_attempts` failures from one peer each further attempt has to wait, twice as long
/// each time, at most five minutes. Thread-safe, bounded (peers that were quiet longest are forgotten first).
class LoginLimiter {
  public:
    using Clock = std::chrono::steady_clock;
    explicit LoginLimiter(int free_attempts = 5, std::function<Clock::time_point()> now = Clock::now)
        : free_attempts_(free_attempts), now_(std::move(now)) {}

    /// How long the peer has still to wait; zero: may try now.
    [[nodiscard]] std::chrono::seconds wait(const std::string& peer);
    void failed(const std::string& peer);
    void succeeded(const std::string& peer);

  private:
    struct Record {
        int failures = 0;
        Clock::time_point not_before;
        Clock::time_point last;
    };
    const int free_attempts_;
    const std::function<Clock::time_point()> now_;
    std::mutex mutex_;
    std::unordered_map<std::string, Record> records_;
};

} // namespace exhyperv::server
