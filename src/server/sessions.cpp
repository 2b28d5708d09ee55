#include "server/sessions.h"

#include "server/security.h"

#include <algorithm>

namespace exhyperv::server {

Sessions::Session Sessions::open(std::string user, api::Role role, std::string credential) {
    const auto now = now_();
    Session session{random_token(), random_token(), std::move(user), role, std::move(credential), now};
    const std::lock_guard lock(mutex_);
    drop_expired(now);
    if (sessions_.size() >= at_most_) {
        const auto oldest = std::min_element(sessions_.begin(), sessions_.end(), [](const auto& a, const auto& b) {
            return a.second.last_used < b.second.last_used;
        });
        sessions_.erase(oldest);
    }
    sessions_.emplace(session.id, session);
    return session;
}

std::optional<Sessions::Session> Sessions::find(std::string_view id) {
    const auto now = now_();
    const std::lock_guard lock(mutex_);
    drop_expired(now);
    const auto entry = sessions_.find(std::string(id));
    if (entry == sessions_.end()) return std::nullopt;
    entry->second.last_used = now;
    return entry->second;
}

std::optional<Sessions::Session> Sessions::peek(std::string_view id) {
    const std::lock_guard lock(mutex_);
    drop_expired(now_());
    const auto entry = sessions_.find(std::string(id));
    return entry == sessions_.end() ? std::nullopt : std::optional(entry->second);
}

void Sessions::close(std::string_view id) {
    const std::lock_guard lock(mutex_);
    sessions_.erase(std::string(id));
}

void Sessions::close_others_of_token(std::string_view id) {
    const std::lock_guard lock(mutex_);
    std::erase_if(sessions_, [&](const auto& entry) { return entry.second.credential.empty() && entry.first != id; });
}

void Sessions::drop_expired(Clock::time_point now) {
    std::erase_if(sessions_, [&](const auto& entry) { return now - entry.second.last_used > idle_limit_; });
}

namespace {
constexpr std::size_t kPeersRemembered = 4096;
constexpr std::chrono::seconds kLongestWait = std::chrono::minutes(5);
} // namespace

std::chrono::seconds LoginLimiter::wait(const std::string& peer) {
    const std::lock_guard lock(mutex_);
    const auto entry = records_.find(peer);
    if (entry == records_.end()) return std::chrono::seconds(0);
    const auto left = entry->second.not_before - now_();
    return left <= Clock::duration::zero() ? std::chrono::seconds(0) : std::chrono::ceil<std::chrono::seconds>(left);
}

void LoginLimiter::failed(const std::string& peer) {
    const auto now = now_();
    const std::lock_guard lock(mutex_);
    if (records_.size() >= kPeersRemembered && !records_.contains(peer)) {
        const auto quietest = std::min_element(records_.begin(), records_.end(), [](const auto& a, const auto& b) {
            return a.second.last < b.second.last;
        });
        records_.erase(quietest);
    }
    Record& record = records_[peer];
    record.last = now;
    ++record.failures;
    if (record.failures < free_attempts_) return;
    const int doublings = std::min(record.failures - free_attempts_, 16);
    record.not_before = now + std::min(kLongestWait, std::chrono::seconds(1LL << doublings));
}

void LoginLimiter::succeeded(const std::string& peer) {
    const std::lock_guard lock(mutex_);
    records_.erase(peer);
}

} // namespace exhyperv::server
