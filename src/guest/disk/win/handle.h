#pragma once

#include "support/result.h"

#include <string>
#include <utility>
#include <windows.h>

namespace exhyperv::guest {

/// An open file, directory, volume or disk.
class Handle {
  public:
    Handle() = default;
    explicit Handle(HANDLE handle) : handle_(handle) {}
    Handle(Handle&& other) noexcept : handle_(std::exchange(other.handle_, INVALID_HANDLE_VALUE)) {}
    Handle& operator=(Handle&& other) noexcept {
        std::swap(handle_, other.handle_);
        return *this;
    }
    ~Handle() { close(); }
    void close() {
        if (*this) CloseHandle(handle_);
        handle_ = INVALID_HANDLE_VALUE;
    }
    explicit operator bool() const { return handle_ != INVALID_HANDLE_VALUE && handle_ != nullptr; }
    [[nodiscard]] HANDLE get() const { return handle_; }

  private:
    HANDLE handle_ = INVALID_HANDLE_VALUE;
};

/// What a guest's disk is made one of this machine for. Nothing on it changes for reading, by its mounting neither.
enum class Access : std::uint8_t { read, write };

/// GetLastError() of a call on a file in the guest: guest.not_found, guest.exists, guest.no_space,
/// guest.directory_not_empty, guest.access {reason}, else guest.io; the native code and `call` are kept.
[[nodiscard]] tl::unexpected<Error> fail_in_guest(std::uint32_t code, const std::string& path, std::string_view call);

} // namespace exhyperv::guest
