#include "transport/sim/material/guest_image.h"

#include "guest/ext4.h"
#include "guest/format.h"
#include "guest/ntfs/ntfs_volume.h"
#include "guest/transaction.h"
#include "platform/file.h"
#include "support/scope_guard.h"
#include "transport/sim/material/disk_layout.h"
#include "transport/sim/material/foreign_volumes.h"
#include "transport/sim/material/full_volume.h"
#include "transport/sim/material/linux_tree.h"
#include "transport/sim/material/ntfs_marks.h"
#include "transport/sim/material/random_stream.h"
#include "transport/sim/material/vhdx_marks.h"
#include "transport/sim/material/windows_tree.h"

#include <filesystem>
#include <fmt/format.h>

namespace exhyperv::sim {

namespace {

using guest::ImageFormat;

bool is_vhdx(ImageFormat format) {
    return format == ImageFormat::vhdx_fixed || format == ImageFormat::vhdx_dynamic ||
           format == ImageFormat::vhdx_differencing;
}

bool is_of_linux(GuestCondition condition) {
    return condition == GuestCondition::unclean_journal || condition == GuestCondition::volume_errors ||
           condition == GuestCondition::luks || condition == GuestCondition::lvm;
}

Result<> check(const GuestSpec& spec) {
    auto bad = [](const char* field, std::string value, const char* expected) {
        return fail("material.bad_value", {{"field", field}, {"value", std::move(value)}, {"expected", expected}});
    };
    if (spec.format != ImageFormat::raw && !is_vhdx(spec.format))
        return bad("format", std::string(guest::format_name(spec.format)),
                   "raw, vhdx_fixed, vhdx_dynamic, vhdx_differencing");
    if (spec.size_gib < 1 || spec.size_gib > 2048) return bad("size_gib", std::to_string(spec.size_gib), "1–2048");
    if (spec.files > 20'000) return bad("files", std::to_string(spec.files), "0–20000");
    if (spec.edition.size() > 100) return bad("edition", spec.edition, "at most 100 characters");
    bool child = spec.format == ImageFormat::vhdx_differencing;
    if (child != !spec.parent.empty())
        return bad("parent", spec.parent, "a path for vhdx_differencing, nothing for the others");
    if (spec.mbr && spec.content == GuestContent::empty) return bad("table", "mbr", "a content other than empty");
    bool windows = spec.content == GuestContent::windows || spec.content == GuestContent::two_windows;
    for (GuestCondition condition : spec.conditions) {
        if (condition == GuestCondition::unclean_vhdx) {
            if (!is_vhdx(spec.format)) return bad("conditions", "unclean_vhdx", "a VHDX format");
        } else if (is_of_linux(condition)) {
            if (spec.content != GuestContent::linux_root || child)
                return bad("conditions", "unclean_journal, volume_errors, luks, lvm", "content linux, no parent");
        } else if (condition != GuestCondition::truncated && (!windows || child)) {
            return bad("conditions", "bitlocker, hibernated, fast_startup, dirty_volume, dirty_hive, logged_hive",
                       "content windows, no parent");
        }
    }
    return {};
}

/// An NTFS volume with its files; each volume is one transaction.
Result<> make_ntfs(guest::Image& image, const PlannedVolume& place, const GuestSpec& spec, std::size_t index) {
    bool windows = place.role == VolumeRole::windows;
    guest::NtfsFormat format;
    format.label = windows ? "" : "Data";
    format.serial = derive_seed(spec.seed, fmt::format("volume serial {}", index)) | 1;
    TRY(guest::format_ntfs(image, place.offset, place.size, format));
    {
        TRY_ASSIGN(auto transaction, guest::TransactionBlock::begin(image));
        TRY_ASSIGN(auto volume, guest::NtfsVolume::open(*transaction, place.offset, place.size));
        TRY(windows ? fill_with_windows(*volume, spec) : fill_with_data(*volume, spec));
        TRY(volume->commit());
    }
    if (spec.free_mib)
        TRY(fill_up(image, place.offset, place.size, std::uint64_t(*spec.free_mib) << 20, "filler.bin", kFileTime));
    TRY(set_all_times(image, place.offset, kFileTime));
    if (spec.conditions.contains(GuestCondition::fast_startup)) TRY(mark_metadata_cached(image, place.offset));
    if (spec.conditions.contains(GuestCondition::dirty_volume)) TRY(mark_dirty(image, place.offset));
    return {};
}

Result<> make_ext4(guest::Image& image, const PlannedVolume& place, const GuestSpec& spec, std::uint64_t seed) {
    TRY(guest::format_ext4(image, place.offset, place.size, {"root", seed, kFileTime}));
    {
        TRY_ASSIGN(auto transaction, guest::TransactionBlock::begin(image));
        TRY_ASSIGN(auto volume, guest::open_ext4(*transaction, place.offset, place.size, kFileTime));
        TRY(fill_with_linux(*volume, spec));
        TRY(volume->commit());
    }
    return mark_ext4(image, place.offset, spec);
}

Result<> make_volume(guest::Image& image, const PlannedVolume& place, const GuestSpec& spec, std::size_t index) {
    std::uint64_t seed = derive_seed(spec.seed, fmt::format("volume {}", index));
    switch (place.role) {
    case VolumeRole::efi:
        return write_fat32(image, place.offset, place.size, std::uint32_t(seed));
    case VolumeRole::linux_root:
        if (spec.conditions.contains(GuestCondition::luks)) return write_luks(image, place.offset, place.size, seed);
        if (spec.conditions.contains(GuestCondition::lvm)) return write_lvm(image, place.offset, seed);
        return make_ext4(image, place, spec, seed);
    case VolumeRole::reserved:
    case VolumeRole::recovery:
        return {}; // nothing reads them
    default:
        break;
    }
    if (spec.conditions.contains(GuestCondition::bitlocker))
        return write_bitlocker(image, place.offset, place.size, seed);
    return make_ntfs(image, place, spec, index);
}

Result<> fill_image(guest::Image& image, const GuestSpec& spec) {
    TRY_ASSIGN(auto volumes, plan_volumes(spec));
    if (spec.content != GuestContent::empty) TRY(write_partition_table(image, spec, volumes));
    for (std::size_t i = 0; i < volumes.size(); ++i)
        TRY(make_volume(image, volumes[i], spec, i));
    return image.flush();
}

Result<> truncate_file(const std::string& path) {
    TRY_ASSIGN(platform::File file, platform::File::open(path, platform::OpenMode::read_write));
    TRY_ASSIGN(std::uint64_t size, file.size());
    return file.resize(size / 2 / 512 * 512 + 100); // in the middle of a sector: no format has such a length
}

} // namespace

Result<> make_guest_image(const std::string& path, const GuestSpec& spec) {
    TRY(check(spec));
    if (platform::file_exists(path)) return fail("disk.exists", {{"path", path}});
    guest::CreateOptions options;
    options.format = spec.format;
    options.size = disk_bytes(spec);
    options.parent = spec.parent;
    options.disk_id = Guid::from_name(fmt::format("exhyperv guest disk {} image", spec.seed));
    // Under its own name only when complete: a process that is killed leaves no half disk that looks like a whole one.
    std::string partial = path + ".partial";
    TRY(platform::remove_file(partial));
    TRY_ASSIGN(auto image, guest::create_image(partial, options));
    ScopeGuard clean([&] {
        image.reset();
        if (auto removed = platform::remove_file(partial); !removed) return; // the first error is the one to tell
    });
    if (spec.format != ImageFormat::vhdx_differencing) TRY(fill_image(*image, spec));
    image.reset();
    if (is_vhdx(spec.format)) {
        TRY(settle_vhdx_ids(partial, spec.seed));
        if (spec.conditions.contains(GuestCondition::unclean_vhdx)) TRY(leave_vhdx_log(partial, spec.seed));
    }
    if (spec.conditions.contains(GuestCondition::truncated)) TRY(truncate_file(partial));
    std::error_code error;
    std::filesystem::rename(partial, path, error);
    if (error) return fail("material.cannot_write", {{"path", path}}, error.message());
    clean.dismiss();
    return {};
}

} // namespace exhyperv::sim
