#include "guest/block/image_open.h"

#include "guest/block/bytes.h"
#include "guest/block/children.h"
#include "guest/block/raw_image.h"
#include "guest/block/vhd_image.h"
#include "guest/block/vhdx_image.h"

#include <algorithm>

namespace exhyperv::guest {

namespace {

/// Formats of others: taken for raw disks they would be written to pieces.
struct Foreign {
    std::size_t offset;
    std::string_view signature;
    const char* name;
};
constexpr Foreign kForeign[] = {{0, {"QFI\xfb", 4}, "qcow2"},
                                {0, {"KDMV", 4}, "VMDK"},
                                {0, {"COWD", 4}, "VMDK"},
                                {0, {"# Disk DescriptorFile", 21}, "VMDK"},
                                {0x40, {"\x7f\x10\xda\xbe", 4}, "VDI"},
                                {0, {"WithoutFreeSpace", 16}, "Parallels"},
                                {0, {"WithouFreSpacExt", 16}, "Parallels"},
                                {0, {"QED\0", 4}, "QED"}};

} // namespace

std::string_view format_name(ImageFormat format) {
    switch (format) {
    case ImageFormat::raw:
        return "raw";
    case ImageFormat::vhdx_fixed:
        return "vhdx fixed";
    case ImageFormat::vhdx_dynamic:
        return "vhdx dynamic";
    case ImageFormat::vhdx_differencing:
        return "vhdx differencing";
    case ImageFormat::vhd_fixed:
        return "vhd fixed";
    case ImageFormat::vhd_dynamic:
        return "vhd dynamic";
    case ImageFormat::vhd_differencing:
        return "vhd differencing";
    }
    return "unknown";
}

Result<std::unique_ptr<Image>> open_image_at_depth(const std::string& path, const OpenOptions& options, int depth) {
    if (depth > kDeepestChain)
        return fail_unsupported(path, "a chain of more than " + std::to_string(kDeepestChain) + " images");
    TRY_ASSIGN(auto file, ImageFile::open(path, options.writable));
    TRY_ASSIGN(const auto size, file.size());
    Bytes beginning(std::min<std::uint64_t>(size, 1024));
    TRY(file.read(0, beginning));
    if (vhdx::is_vhdx(beginning)) return vhdx::open_vhdx(std::move(file), options, depth);
    TRY_ASSIGN(const bool vhd, vhd::is_vhd(file));
    if (vhd) return vhd::open_vhd(std::move(file), depth);
    if (has_signature(beginning, 0, std::string_view("LUKS\xba\xbe", 6)))
        return fail("disk.encrypted_image", {{"path", path}, {"format", "LUKS"}});
    for (const auto& [offset, signature, name] : kForeign)
        if (has_signature(beginning, offset, signature))
            return fail_unsupported(path, std::string("the format ") + name);
    return open_raw(std::move(file), 512);
}

Result<std::unique_ptr<Image>> open_image(const std::string& path, const OpenOptions& options) {
    return open_image_at_depth(path, options, 0);
}

Result<> require_no_child(const std::string& path) {
    auto child = child_of(path);
    if (!child) return fail(as_disk_error(std::move(child).error()));
    if (*child) return fail("disk.has_child", {{"path", path}, {"child", **child}});
    return {};
}

Result<std::unique_ptr<Image>> ParentSearch::open_candidate(const std::string& path) {
    tried_ += (tried_.empty() ? "" : ", ") + path;
    auto image = open_image_at_depth(path, {}, depth_ + 1);
    if (image) return image;
    if (image.error().code == "disk.not_found") return nullptr;
    return fail(std::move(image).error());
}

tl::unexpected<Error> ParentSearch::failure() const {
    if (!changed_.empty()) return fail("disk.parent_changed", {{"path", child_}, {"parent", changed_}});
    return fail("disk.parent_missing", {{"path", child_}, {"tried", tried_.empty() ? "-" : tried_}});
}

} // namespace exhyperv::guest
