#include "guest/block/bytes.h"
#include "guest/block/image_open.h"
#include "guest/block/raw_image.h"
#include "guest/block/vhd_image.h"
#include "guest/block/vhdx_image.h"
#include "support/scope_guard.h"

#include <optional>

namespace exhyperv::guest {

namespace {

Result<> create_raw(ImageFile& file, const CreateOptions& options) {
    if (options.sector_size != 512 && options.sector_size != 4096)
        return fail("disk.bad_create_options",
                    {{"path", file.path()}, {"what", "sector size " + std::to_string(options.sector_size)}});
    if (options.size == 0 || !is_aligned(options.size, options.sector_size))
        return fail("disk.bad_create_options",
                    {{"path", file.path()}, {"what", "disk size " + std::to_string(options.size)}});
    return file.resize(options.size);
}

Result<std::unique_ptr<Image>> fill_and_open(ImageFile file, const CreateOptions& options) {
    constexpr OpenOptions writable{.writable = true};
    switch (options.format) {
    case ImageFormat::raw:
        TRY(create_raw(file, options));
        return open_raw(std::move(file), options.sector_size);
    case ImageFormat::vhdx_fixed:
    case ImageFormat::vhdx_dynamic:
    case ImageFormat::vhdx_differencing:
        TRY(vhdx::create_vhdx(file, options));
        return vhdx::open_vhdx(std::move(file), writable, 0);
    case ImageFormat::vhd_fixed:
    case ImageFormat::vhd_dynamic:
    case ImageFormat::vhd_differencing:
        TRY(vhd::create_vhd(file, options));
        return vhd::open_vhd(std::move(file), 0);
    }
    return fail("disk.bad_create_options", {{"path", file.path()}, {"what", "format"}});
}

} // namespace

Result<std::unique_ptr<Image>> create_image(const std::string& path, const CreateOptions& options) {
    TRY_ASSIGN(auto file, ImageFile::create(path));
    ScopeGuard remove_it([&] { (void)platform::remove_file(path); });
    TRY_ASSIGN(auto image, fill_and_open(std::move(file), options));
    if (auto flushed = platform::flush_directory(platform::directory_of(path)); !flushed)
        return fail(as_disk_error(std::move(flushed).error()));
    remove_it.dismiss();
    return image;
}

} // namespace exhyperv::guest
