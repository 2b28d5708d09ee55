#include "assign/core/directory.h"

#include "platform/file.h"

#include <algorithm>
#include <filesystem>

namespace exhyperv::assign {

namespace {

namespace fs = std::filesystem;

fs::path from_utf8(const std::string& text) {
    return fs::path(std::u8string(text.begin(), text.end()));
}

std::string to_utf8_text(const fs::path& path) {
    const std::u8string text = path.u8string();
    return std::string(text.begin(), text.end());
}

tl::unexpected<Error> file_error(const std::string& path, const std::error_code& code) {
    Error error{"file.io", {{"path", path}, {"reason", code.message()}}, {}, {}, {}};
    error.with_native(NativeKind::posix, code.value());
    return fail(std::move(error));
}

} // namespace

std::string open_directory(const std::string& state_directory) {
    return state_directory + "/journal/open";
}

std::string closed_directory(const std::string& state_directory) {
    return state_directory + "/journal/closed";
}

Result<std::vector<std::string>> journal_files(const std::string& directory, std::size_t limit) {
    std::error_code code;
    std::vector<std::string> names;
    fs::directory_iterator at(from_utf8(directory), code);
    if (code == std::errc::no_such_file_or_directory) return names;
    if (code) return file_error(directory, code);
    for (const fs::directory_iterator end; at != end; at.increment(code)) {
        const std::string name = to_utf8_text(at->path().filename());
        if (name.ends_with(".jsonl")) names.push_back(name);
        if (code) return file_error(directory, code);
    }
    std::sort(names.begin(), names.end());
    if (names.size() > limit) names.erase(names.begin(), names.end() - static_cast<std::ptrdiff_t>(limit));
    for (std::string& name : names)
        name = directory + "/" + name;
    return names;
}

Result<> move_to_closed(const std::string& open_path) {
    const std::string open = platform::directory_of(open_path);
    const std::string closed = platform::directory_of(open) + "/closed";
    TRY(platform::make_directories(closed));
    std::error_code code;
    fs::rename(from_utf8(open_path), from_utf8(closed + "/" + platform::file_name_of(open_path)), code);
    if (code) return file_error(open_path, code);
    TRY(platform::flush_directory(closed));
    return platform::flush_directory(open);
}

} // namespace exhyperv::assign
