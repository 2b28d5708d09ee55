#include "attached_volume.h"

#include "guest/ntfs/ntfs_volume.h"
#include "guest/partition_table.h"
#include "platform/file.h"
#include "platform/win/wide.h"
#include "support/strings.h"

#include <windows.h>

#include <algorithm>
#include <filesystem>
#include <map>

namespace exhyperv::standins {

namespace {

using guest::FileInfo;
using guest::NtfsVolume;

constexpr std::uint32_t kBits = 0x27; // read-only, hidden, system, archive: what Wine's files keep
constexpr std::uint64_t kSmallest = 64u << 20, kLargestFile = 1u << 30;

std::wstring native(const std::string& path) {
    return platform::to_wide("\\\\?\\" + path);
}

std::string below(const std::string& directory, const std::string& path) {
    return path.empty() ? directory : directory + '\\' + path;
}

tl::unexpected<Error> failed(const std::string& what, const std::string& path) {
    return fail("test.standin", {{"path", path}}, what + ": error " + std::to_string(GetLastError()));
}

Result<> set_basic(const std::string& path, std::uint32_t attributes, std::uint64_t modified) {
    const HANDLE handle = CreateFileW(native(path).c_str(), FILE_WRITE_ATTRIBUTES, 7, nullptr, OPEN_EXISTING,
                                      FILE_FLAG_BACKUP_SEMANTICS, nullptr);
    if (handle == INVALID_HANDLE_VALUE) return failed("CreateFile", path);
    FILE_BASIC_INFO info{};
    info.FileAttributes = (attributes & kBits) != 0 ? attributes & kBits : FILE_ATTRIBUTE_NORMAL;
    info.LastWriteTime.QuadPart = static_cast<LONGLONG>(modified);
    const bool done = SetFileInformationByHandle(handle, FileBasicInfo, &info, sizeof info) != 0;
    CloseHandle(handle);
    if (!done) return failed("SetFileInformationByHandle", path);
    return {};
}

Result<> extract(NtfsVolume& volume, const std::string& path, const std::string& directory) {
    TRY(platform::make_directories(below(directory, path)));
    TRY_ASSIGN(const auto entries, volume.list(path));
    for (const FileInfo& entry : entries) {
        if (entry.reparse_tag != 0 || entry.name.starts_with('$')) continue;
        const auto inside = path.empty() ? entry.name : path + '\\' + entry.name;
        const auto outside = below(directory, inside);
        if (entry.directory) {
            TRY(extract(volume, inside, directory));
        } else {
            TRY_ASSIGN(auto file, platform::File::open(outside, platform::OpenMode::create_new));
            std::uint64_t at = 0;
            const auto put = [&](std::span<const std::byte> piece) -> Result<> {
                auto written = file.write_at(at, piece);
                at += piece.size();
                return written;
            };
            TRY(volume.read_file(inside, put));
        }
        TRY(set_basic(outside, entry.attributes, entry.modified));
    }
    return {};
}

struct Outside {
    std::string name;
    bool directory = false;
    std::uint32_t attributes = 0;
    std::uint64_t size = 0, modified = 0;
};

Result<std::map<std::string, Outside, ILess>> list_outside(const std::string& directory) {
    std::map<std::string, Outside, ILess> out;
    WIN32_FIND_DATAW entry{};
    const HANDLE search = FindFirstFileW(native(directory + "\\*").c_str(), &entry);
    if (search == INVALID_HANDLE_VALUE) return failed("FindFirstFile", directory);
    do {
        Outside one;
        one.name = platform::from_wide(entry.cFileName);
        if (one.name == "." || one.name == "..") continue;
        one.attributes = entry.dwFileAttributes;
        one.directory = (entry.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
        one.size = static_cast<std::uint64_t>(entry.nFileSizeHigh) << 32 | entry.nFileSizeLow;
        one.modified = static_cast<std::uint64_t>(entry.ftLastWriteTime.dwHighDateTime) << 32 |
                       entry.ftLastWriteTime.dwLowDateTime;
        out.emplace(one.name, std::move(one));
    } while (FindNextFileW(search, &entry));
    FindClose(search);
    return out;
}

Result<std::vector<std::byte>> read_outside(const std::string& path) {
    TRY_ASSIGN(const auto file, platform::File::open(path, platform::OpenMode::read));
    TRY_ASSIGN(const auto size, file.size());
    std::vector<std::byte> data(static_cast<std::size_t>(size));
    TRY(file.read_at(0, data));
    return data;
}

guest::ByteSource source_of(const std::vector<std::byte>& data) {
    return [&data, at = std::size_t{0}](std::span<std::byte> out) mutable -> Result<std::size_t> {
        const auto length = std::min(out.size(), data.size() - at);
        std::copy_n(data.begin() + static_cast<std::ptrdiff_t>(at), length, out.begin());
        at += length;
        return length;
    };
}

Result<> put_file(NtfsVolume& volume, const std::string& inside, const std::string& outside, const Outside& file,
                  const FileInfo* old) {
    TRY_ASSIGN(const auto data, read_outside(outside));
    bool same = false;
    if (old && old->size == data.size()) {
        TRY_ASSIGN(const auto before, volume.read_file(inside, kLargestFile));
        same = before == data;
    }
    if (!same) {
        const guest::NewFile made{
            .size = data.size(), .attributes = file.attributes & kBits, .modified = file.modified};
        TRY(old ? volume.replace(inside, made, source_of(data)) : volume.write_new(inside, made, source_of(data)));
    }
    TRY_ASSIGN(const auto now, volume.stat(inside));
    if ((now->attributes & kBits) != (file.attributes & kBits))
        TRY(volume.set_attributes(inside, file.attributes & kBits));
    if (now->modified != file.modified) TRY(volume.set_modified(inside, file.modified));
    return {};
}

Result<> put_directory(NtfsVolume& volume, const std::string& path, const std::string& directory) {
    TRY_ASSIGN(const auto outside, list_outside(below(directory, path)));
    TRY_ASSIGN(const auto entries, volume.list(path));
    std::map<std::string, FileInfo, ILess> inside;
    for (const FileInfo& entry : entries) {
        if (entry.reparse_tag != 0 || entry.name.starts_with('$')) continue;
        inside.emplace(entry.name, entry);
        const auto there = outside.find(entry.name);
        if (there == outside.end() || there->second.directory != entry.directory) {
            TRY(volume.remove_tree(path.empty() ? entry.name : path + '\\' + entry.name));
            inside.erase(entry.name);
        }
    }
    for (const auto& [name, file] : outside) {
        const auto whole = path.empty() ? name : path + '\\' + name;
        const auto old = inside.find(name);
        if (file.directory) {
            if (old == inside.end()) TRY(volume.make_directories(whole));
            TRY(put_directory(volume, whole, directory));
            if (const auto now = volume.stat(whole);
                now && *now && ((*now)->attributes & kBits) != (file.attributes & kBits))
                TRY(volume.set_attributes(whole, file.attributes & kBits));
        } else {
            TRY(put_file(volume, whole, below(directory, whole), file, old == inside.end() ? nullptr : &old->second));
        }
    }
    return {};
}

} // namespace

Result<std::vector<AttachedVolume>> bring_out(const std::string& path) {
    TRY_ASSIGN(const auto image, guest::open_image(path, {.writable = false, .replay_log = false}));
    TRY_ASSIGN(const auto table, guest::read_partition_table(*image));
    std::vector<AttachedVolume> out;
    for (const auto& partition : table.partitions) {
        if (partition.gpt_type != guest::partition_type::basic_data() || partition.size < kSmallest) continue;
        auto volume = NtfsVolume::open_read_only(*image, partition.offset, partition.size);
        if (!volume) continue;
        AttachedVolume one{path + ".volume" + std::to_string(partition.number), partition.offset, partition.size};
        if (!platform::file_exists(one.directory)) TRY(extract(**volume, "", one.directory));
        out.push_back(std::move(one));
    }
    return out;
}

Result<> bring_back(const std::string& path, const std::vector<AttachedVolume>& volumes) {
    {
        TRY_ASSIGN(const auto image, guest::open_image(path, {.writable = true}));
        for (const AttachedVolume& one : volumes) {
            TRY_ASSIGN(const auto transaction, guest::TransactionBlock::begin(*image));
            TRY_ASSIGN(const auto volume, NtfsVolume::open(*transaction, one.offset, one.size));
            TRY(put_directory(*volume, "", one.directory));
            TRY(volume->commit());
        }
    }
    return forget(volumes);
}

Result<> forget(const std::vector<AttachedVolume>& volumes) {
    for (const AttachedVolume& one : volumes) {
        // Read-only files are not deleted: the bit goes first.
        std::error_code error;
        for (auto at = std::filesystem::recursive_directory_iterator(native(one.directory), error);
             at != std::filesystem::recursive_directory_iterator(); at.increment(error))
            SetFileAttributesW(at->path().c_str(), FILE_ATTRIBUTE_NORMAL);
        std::filesystem::remove_all(native(one.directory), error);
        if (error) return fail("test.standin", {{"path", one.directory}}, error.message());
    }
    return {};
}

} // namespace exhyperv::standins
