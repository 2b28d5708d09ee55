#include "platform/file.h"
#include "platform/win/errors.h"
#include "platform/win/wide.h"
#include "support/scope_guard.h"
#include "support/strings.h"
#include "transport/wmi_com/ports/files.h"
#include "transport/wmi_com/ports/long_path.h"
#include "transport/wmi_com/ports/win_driver_store.h"

#include <algorithm>
#include <windows.h>

namespace exhyperv::wmi_com {

namespace {

using Entry = host::HostFiles::Entry;

struct Walk {
    const std::string& top; ///< as the caller named it, for messages
    std::size_t limit;
    const CallContext& context;
    std::vector<Entry>& out;
};

Result<std::vector<WIN32_FIND_DATAW>> children(const Walk& walk, const std::string& directory, std::size_t room) {
    std::vector<WIN32_FIND_DATAW> found;
    WIN32_FIND_DATAW data{};
    const HANDLE search = FindFirstFileExW(platform::to_wide(long_path(directory) + "\\*").c_str(), FindExInfoBasic,
                                           &data, FindExSearchNameMatch, nullptr, FIND_FIRST_EX_LARGE_FETCH);
    if (search == INVALID_HANDLE_VALUE) {
        if (GetLastError() == ERROR_FILE_NOT_FOUND) return found; // the root of an empty volume has not even "."
        return platform::fail_win32(GetLastError(), directory, "FindFirstFileEx");
    }
    const ScopeGuard close_it([&] { FindClose(search); });
    do {
        const std::wstring_view name(data.cFileName);
        if (name == L"." || name == L"..") continue;
        TRY(walk.context.check("list the files of the host"));
        if (found.size() >= room)
            return fail("host.too_many_files", {{"directory", walk.top}, {"limit", std::to_string(walk.limit)}});
        found.push_back(data);
    } while (FindNextFileW(search, &data));
    if (const DWORD code = GetLastError(); code != ERROR_NO_MORE_FILES)
        return platform::fail_win32(code, directory, "FindNextFile");
    return found;
}

Result<> walk_level(const Walk& walk, const std::string& directory, const std::string& prefix, bool deep) {
    TRY_ASSIGN(const auto found, children(walk, directory, walk.limit - walk.out.size()));
    std::vector<Entry> entries;
    for (const auto& data : found) {
        const bool link =
            (data.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0 &&
            (data.dwReserved0 == IO_REPARSE_TAG_SYMLINK || data.dwReserved0 == IO_REPARSE_TAG_MOUNT_POINT);
        Entry entry;
        entry.path = platform::from_wide(data.cFileName);
        entry.directory = (data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0 && !link;
        if (!entry.directory) entry.size = std::uint64_t{data.nFileSizeHigh} << 32 | data.nFileSizeLow;
        entry.modified = std::uint64_t{data.ftLastWriteTime.dwHighDateTime} << 32 | data.ftLastWriteTime.dwLowDateTime;
        entries.push_back(std::move(entry));
    }
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return ILess{}(a.path, b.path); });
    for (auto& entry : entries) {
        if (walk.out.size() >= walk.limit)
            return fail("host.too_many_files", {{"directory", walk.top}, {"limit", std::to_string(walk.limit)}});
        const std::string name = entry.path;
        const bool descend = deep && entry.directory;
        entry.path.insert(0, prefix);
        const std::string below = entry.path + "\\";
        walk.out.push_back(std::move(entry));
        if (descend) TRY(walk_level(walk, directory + "\\" + name, below, true));
    }
    return {};
}

Result<std::vector<Entry>> listing(const std::string& directory, std::size_t limit, const CallContext& context,
                                   bool deep) {
    TRY(context.check("list the files of the host"));
    std::vector<Entry> out;
    std::string top = directory;
    while (top.size() > 1 && (top.back() == '\\' || top.back() == '/'))
        top.pop_back();
    const DWORD attributes = GetFileAttributesW(platform::to_wide(long_path(top + "\\")).c_str());
    if (attributes == INVALID_FILE_ATTRIBUTES)
        return platform::fail_win32(GetLastError(), directory, "GetFileAttributes");
    if (!(attributes & FILE_ATTRIBUTE_DIRECTORY))
        return platform::fail_win32(ERROR_DIRECTORY, directory, "GetFileAttributes");
    TRY(walk_level({directory, limit, context, out}, top, "", deep));
    return out;
}

class NativeFiles final : public host::HostFiles {
  public:
    Result<std::vector<Entry>> list_tree(const std::string& directory, std::size_t limit,
                                         const CallContext& context) override {
        return listing(directory, limit, context, true);
    }
    Result<std::vector<Entry>> list(const std::string& directory, std::size_t limit,
                                    const CallContext& context) override {
        return listing(directory, limit, context, false);
    }
    Result<bool> exists(const std::string& path, const CallContext& context) override {
        TRY(context.check("look for a file of the host"));
        if (GetFileAttributesW(platform::to_wide(long_path(path)).c_str()) != INVALID_FILE_ATTRIBUTES) return true;
        const DWORD code = GetLastError();
        if (code == ERROR_FILE_NOT_FOUND || code == ERROR_PATH_NOT_FOUND || code == ERROR_INVALID_NAME ||
            code == ERROR_BAD_NETPATH || code == ERROR_NOT_READY)
            return false;
        if (code == ERROR_SHARING_VIOLATION) return true; // page files and the like are there
        return platform::fail_win32(code, path, "GetFileAttributes");
    }
    Result<std::string> local_path(const std::string& host_path) const override { return host_path; }
    Result<std::string> driver_store_location(const std::string& inf_name, const CallContext& context) override {
        TRY(context.check("look up a driver package"));
        return find_driver_package(*this, inf_name, context);
    }
    Result<std::uint64_t> free_space(const std::string& directory, const CallContext& context) override {
        TRY(context.check("ask for free space"));
        return platform::free_space(directory);
    }
};

} // namespace

std::unique_ptr<host::HostFiles> make_files() {
    return std::make_unique<NativeFiles>();
}

} // namespace exhyperv::wmi_com
