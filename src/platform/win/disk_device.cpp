#include "platform/win/disk_device.h"

#include "platform/win/errors.h"
#include "support/strings.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>
#include <vector>
#include <windows.h>

#include <winioctl.h>

namespace exhyperv::platform {

namespace {

constexpr std::uint64_t kSector = 4096; ///< no disk has larger ones
constexpr std::uint64_t kPiece = 1u << 20;

/// A text of the answer, which tells where it begins: 0 means that there is none.
std::string text_at(std::span<const char> answer, DWORD offset) {
    if (offset == 0 || offset >= answer.size()) return {};
    const auto rest = answer.subspan(offset);
    const auto end = std::find(rest.begin(), rest.end(), '\0');
    return std::string(trim(std::string_view(rest.data(), static_cast<std::size_t>(end - rest.begin()))));
}

} // namespace

Result<std::uint64_t> disk_size(void* handle, const std::string& path) {
    GET_LENGTH_INFORMATION told{};
    DWORD got = 0;
    if (!DeviceIoControl(handle, IOCTL_DISK_GET_LENGTH_INFO, nullptr, 0, &told, sizeof told, &got, nullptr))
        return fail_win32(GetLastError(), path, "IOCTL_DISK_GET_LENGTH_INFO");
    return static_cast<std::uint64_t>(told.Length.QuadPart);
}

Result<std::string> disk_identity(void* handle, const std::string& path) {
    TRY_ASSIGN(const auto size, disk_size(handle, path));
    STORAGE_PROPERTY_QUERY query{};
    query.PropertyId = StorageDeviceProperty;
    query.QueryType = PropertyStandardQuery;
    alignas(STORAGE_DEVICE_DESCRIPTOR) std::array<char, 4096> answer{};
    DWORD got = 0;
    if (!DeviceIoControl(handle, IOCTL_STORAGE_QUERY_PROPERTY, &query, sizeof query, answer.data(),
                         static_cast<DWORD>(answer.size()), &got, nullptr))
        return fail_win32(GetLastError(), path, "IOCTL_STORAGE_QUERY_PROPERTY");
    STORAGE_DEVICE_DESCRIPTOR told{};
    std::memcpy(&told, answer.data(), std::min<std::size_t>(sizeof told, got));
    const auto text = std::span<const char>(answer).first(got);
    const std::string serial = text_at(text, told.SerialNumberOffset);
    return join({"disk", text_at(text, told.VendorIdOffset), text_at(text, told.ProductIdOffset),
                 serial.empty() ? ascii_lower(path) : serial, std::to_string(size)},
                "|");
}

Result<> read_disk(void* handle, const std::string& path, std::uint64_t offset, std::span<std::byte> out) {
    TRY_ASSIGN(const auto size, disk_size(handle, path));
    if (offset > size || out.size() > size - offset)
        return fail("file.truncated", {{"path", path}, {"offset", std::to_string(offset)}});
    std::vector<std::byte> piece;
    while (!out.empty()) {
        const auto begin = offset / kSector * kSector;
        const auto needed = (offset + out.size() + kSector - 1) / kSector * kSector;
        const auto length = std::min({kPiece, needed - begin, size - begin});
        piece.resize(static_cast<std::size_t>(length));
        OVERLAPPED place{};
        place.Offset = static_cast<DWORD>(begin);
        place.OffsetHigh = static_cast<DWORD>(begin >> 32);
        DWORD got = 0;
        if (!ReadFile(handle, piece.data(), static_cast<DWORD>(length), &got, &place))
            return fail_win32(GetLastError(), path, "ReadFile");
        if (got != length) return fail("file.truncated", {{"path", path}, {"offset", std::to_string(offset)}});
        const auto ahead = static_cast<std::size_t>(offset - begin);
        const auto part = std::min(out.size(), piece.size() - ahead);
        std::copy_n(piece.begin() + static_cast<std::ptrdiff_t>(ahead), part, out.begin());
        out = out.subspan(part);
        offset += part;
    }
    return {};
}

} // namespace exhyperv::platform
