#pragma once

#include <windows.h>

#include <cstddef>
#include <cstring>

namespace exhyperv::standins {

/// What DeviceIoControl returns with an answer: all of it, or that the caller's room is too small.
inline BOOL answer(const void* data, std::size_t size, void* out, DWORD room, DWORD* got) {
    if (room < size) {
        SetLastError(ERROR_INSUFFICIENT_BUFFER);
        return FALSE;
    }
    std::memcpy(out, data, size);
    *got = static_cast<DWORD>(size);
    return TRUE;
}

} // namespace exhyperv::standins
