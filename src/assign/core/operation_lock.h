#pragma once

#include "platform/file.h"
#include "support/result.h"

#include <string>

namespace exhyperv::assign {

/// One operation a host at a time, across processes: an operating-system lock on <state>/operation.lock, gone with the
/// process that held it, however it ended. Held as long as the object lives.
class OperationLock {
  public:
    /// `operation.busy` {holder, process, operation, since} when another one holds it, and not just for a look.
    static Result<OperationLock> acquire(const std::string& state_directory, const std::string& operation);

    OperationLock(OperationLock&&) noexcept = default;
    OperationLock& operator=(OperationLock&&) noexcept = default;
    ~OperationLock() = default;

  private:
    explicit OperationLock(platform::File file) : file_(std::move(file)) {}
    platform::File file_;
};

/// Is somebody at work on this host right now?
[[nodiscard]] bool operation_running(const std::string& state_directory);

} // namespace exhyperv::assign
