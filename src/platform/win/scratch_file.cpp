#include "platform/scratch_file.h"

#include "platform/file.h"
#include "platform/win/errors.h"
#include "platform/win/wide.h"
#include "support/guid.h"

#include <array>
#include <windows.h>

namespace exhyperv::platform {

/// Windows has no files without a name that a library could open again: a temporary one, deleted with the object.
struct ScratchFile::State {
    std::string path;

    explicit State(std::string name) : path(std::move(name)) {}
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() { DeleteFileW(to_wide(path).c_str()); }
};

ScratchFile::ScratchFile(std::unique_ptr<State> state) : state_(std::move(state)) {}
ScratchFile::ScratchFile(ScratchFile&&) noexcept = default;
ScratchFile& ScratchFile::operator=(ScratchFile&&) noexcept = default;
ScratchFile::~ScratchFile() = default;

const std::string& ScratchFile::path() const {
    return state_->path;
}

Result<ScratchFile> ScratchFile::create(std::span<const std::byte> content) {
    std::array<wchar_t, MAX_PATH + 2> folder{};
    const DWORD length = GetTempPathW(static_cast<DWORD>(folder.size()), folder.data()); // the user's own directory
    if (length == 0 || length >= folder.size()) return fail_win32(GetLastError(), "%TEMP%", "GetTempPath");
    auto state =
        std::make_unique<State>(from_wide({folder.data(), length}) + "exhyperv-" + Guid::random().str() + ".tmp");
    TRY_ASSIGN(auto file, File::open(state->path, OpenMode::create_new));
    TRY(file.write_at(0, content));
    return ScratchFile(std::move(state));
}

Result<std::vector<std::byte>> ScratchFile::content(std::uint64_t limit) const {
    TRY_ASSIGN(auto file, File::open(state_->path, OpenMode::read));
    TRY_ASSIGN(auto size, file.size());
    if (size > limit)
        return fail("file.too_large",
                    {{"path", state_->path}, {"size", std::to_string(size)}, {"limit", std::to_string(limit)}});
    std::vector<std::byte> out(static_cast<std::size_t>(size));
    TRY(file.read_at(0, out));
    return out;
}

} // namespace exhyperv::platform
