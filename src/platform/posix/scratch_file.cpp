#include "platform/scratch_file.h"

#include "platform/file.h"
#include "platform/posix/errors.h"

#include <cerrno>
#include <sys/mman.h>
#include <unistd.h>

namespace exhyperv::platform {

struct ScratchFile::State {
    int descriptor = -1;
    std::string path;

    explicit State(int fd) : descriptor(fd), path("/proc/self/fd/" + std::to_string(fd)) {}
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() { ::close(descriptor); }
};

ScratchFile::ScratchFile(std::unique_ptr<State> state) : state_(std::move(state)) {}
ScratchFile::ScratchFile(ScratchFile&&) noexcept = default;
ScratchFile& ScratchFile::operator=(ScratchFile&&) noexcept = default;
ScratchFile::~ScratchFile() = default;

const std::string& ScratchFile::path() const {
    return state_->path;
}

Result<ScratchFile> ScratchFile::create(std::span<const std::byte> content) {
    const int descriptor = ::memfd_create("exhyperv-scratch", MFD_CLOEXEC);
    if (descriptor < 0) return fail_errno(errno, "memfd", "memfd_create");
    auto state = std::make_unique<State>(descriptor);
    for (std::size_t done = 0; done < content.size();) {
        const auto put = ::write(descriptor, content.data() + done, content.size() - done);
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return fail_errno(put < 0 ? errno : EIO, "memfd", "write");
        done += static_cast<std::size_t>(put);
    }
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
