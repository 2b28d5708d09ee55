#pragma once

#include "api/request.h"
#include "support/result.h"

#include <cstdint>
#include <mutex>
#include <string>

namespace exhyperv::server {

/// <data directory>/audit.jsonl: one JSON object a line for every change and every attempt at one: when, who, in which
/// role, from where, what, and how it ended. Appended, readable by the owner only; above `rotate_at` bytes it becomes
/// audit.1.jsonl (older ones move up to .9). Thread-safe. A line that cannot be written goes to the log instead.
class AuditFile {
  public:
    explicit AuditFile(std::string data_directory, std::uint64_t rotate_at = 8u << 20)
        : directory_(std::move(data_directory)), rotate_at_(rotate_at) {}

    void line(const api::Principal& who, const std::string& what, const std::string& result);

  private:
    Result<> append(const std::string& text);
    void rotate();

    const std::string directory_;
    const std::uint64_t rotate_at_;
    std::mutex mutex_;
};

} // namespace exhyperv::server
