#include "guest/block/image_file.h"

#include "guest/block/bytes.h"

#include <algorithm>
#include <utility>

namespace exhyperv::guest {

namespace {

template <class T>
Result<T> translated(Result<T> result) {
    if (!result) return fail(as_disk_error(std::move(result).error()));
    return result;
}

} // namespace

Error as_disk_error(Error error) {
    constexpr std::pair<const char*, const char*> codes[] = {{"file.not_found", "disk.not_found"},
                                                             {"file.exists", "disk.exists"},
                                                             {"file.busy", "disk.in_use"},
                                                             {"file.access_denied", "disk.access_denied"},
                                                             {"file.no_space", "disk.no_space"},
                                                             {"file.truncated", "disk.truncated"},
                                                             {"file.not_regular", "disk.not_a_file"},
                                                             {"file.io", "disk.io"}};
    for (const auto& [file_code, disk_code] : codes)
        if (error.code == file_code) {
            error.code = disk_code;
            break;
        }
    return error;
}

tl::unexpected<Error> fail_corrupt(const std::string& path, std::string what) {
    return fail("disk.corrupt", {{"path", path}, {"what", std::move(what)}});
}

tl::unexpected<Error> fail_unsupported(const std::string& path, std::string what) {
    return fail("disk.unsupported", {{"path", path}, {"what", std::move(what)}});
}

tl::unexpected<Error> fail_out_of_range(const std::string& path, std::uint64_t offset, std::uint64_t length) {
    return fail("disk.out_of_range",
                {{"path", path}, {"offset", std::to_string(offset)}, {"length", std::to_string(length)}});
}

Result<ImageFile> ImageFile::open(const std::string& path, bool writable) {
    using platform::OpenMode;
    TRY_ASSIGN(auto file, translated(platform::File::open(path, writable ? OpenMode::read_write : OpenMode::read)));
    TRY(translated(writable ? file.lock_exclusive() : file.lock_shared()));
    return ImageFile(std::move(file), writable);
}

Result<ImageFile> ImageFile::peek(const std::string& path) {
    TRY_ASSIGN(auto file, translated(platform::File::open(path, platform::OpenMode::read)));
    return ImageFile(std::move(file), false);
}

Result<ImageFile> ImageFile::create(const std::string& path) {
    TRY_ASSIGN(auto file, translated(platform::File::open(path, platform::OpenMode::create_new)));
    TRY(translated(file.lock_exclusive()));
    return ImageFile(std::move(file), true);
}

Result<> ImageFile::read(std::uint64_t offset, std::span<std::byte> out) const {
    return translated(file_.read_at(offset, out));
}

Result<> ImageFile::write(std::uint64_t offset, std::span<const std::byte> data) {
    TRY(translated(file_.write_at(offset, data)));
    return translated(behind_.wrote(file_, offset, data.size()));
}

Result<> ImageFile::write_zeroes(std::uint64_t offset, std::uint64_t length) {
    TRY_ASSIGN(const auto end, size());
    static const Bytes zeroes(1u << 20);
    std::uint64_t inside = offset < end ? std::min(length, end - offset) : 0;
    for (std::uint64_t done = 0; done < inside;) {
        const auto part = std::min<std::uint64_t>(inside - done, zeroes.size());
        TRY(write(offset + done, std::span(zeroes).first(part)));
        done += part;
    }
    if (inside < length) TRY(resize(offset + length));
    return {};
}

Result<std::uint64_t> ImageFile::size() const {
    return translated(file_.size());
}

Result<> ImageFile::resize(std::uint64_t size) {
    return translated(file_.resize(size));
}

Result<> ImageFile::flush() {
    return translated(file_.flush());
}

Result<std::string> ImageFile::identity() const {
    return translated(file_.identity());
}

} // namespace exhyperv::guest
