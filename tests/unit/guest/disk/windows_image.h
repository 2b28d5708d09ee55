#pragma once

#include "../hive/hive_tools.h"
#include "../ntfs/plain_disk.h"

#include "guest/format.h"
#include "guest/guest_disk.h"
#include "guest/transaction.h"

#include <cstring>
#include <functional>

namespace exhyperv::guest::testing {

/// What a synthetic Windows image is made of. Its content has nothing of a real Windows but the places and values that
/// are read.
struct ImageRecipe {
    ImageFormat format = ImageFormat::vhdx_dynamic;
    std::uint64_t disk_size = 256u << 20;
    bool windows = true;
    std::uint32_t build = 26100, revision = 4202;
    std::string product = "Windows 10 Pro", edition = "Professional", installation = "Client", architecture = "AMD64";
    std::vector<std::uint32_t> control_sets{1};
    std::uint32_t current = 1, last_known_good = 1;
    std::function<void(GuestVolume&)> more; ///< further files
};

inline constexpr std::uint64_t kWindowsOffset = 117u << 20; ///< after 100 MiB EFI and 16 MiB reserved
inline constexpr std::uint32_t kWindowsPartition = 3;

inline Guid test_guid(const std::string& name) {
    return Guid::from_name("exhyperv test " + name);
}

inline std::vector<std::byte> synthetic_software(const ImageRecipe& recipe) {
    auto hive = open_hive(make_empty_hive("SOFTWARE"));
    const std::string key = "Microsoft\\Windows NT\\CurrentVersion";
    merge(hive,
          {set_string(key, "CurrentBuildNumber", std::to_string(recipe.build)), set_dword(key, "UBR", recipe.revision),
           set_string(key, "ProductName", recipe.product), set_string(key, "EditionID", recipe.edition),
           set_string(key, "InstallationType", recipe.installation)});
    return *hive.content();
}

inline std::vector<std::byte> synthetic_system(const ImageRecipe& recipe) {
    auto hive = open_hive(make_empty_hive("SYSTEM"));
    std::vector<HiveEdit> edits{set_dword("Select", "Current", recipe.current),
                                set_dword("Select", "Default", recipe.current),
                                set_dword("Select", "LastKnownGood", recipe.last_known_good)};
    for (auto number : recipe.control_sets) {
        auto set = "ControlSet00" + std::to_string(number);
        if (!recipe.architecture.empty())
            edits.push_back(set_string(set + "\\Control\\Session Manager\\Environment", "PROCESSOR_ARCHITECTURE",
                                       recipe.architecture));
        edits.push_back(set_dword(set + "\\Services\\disk", "Start", 0));
    }
    merge(hive, edits);
    return *hive.content();
}

inline void put_file(GuestVolume& volume, const std::string& path, std::vector<std::byte> data) {
    NewFile file{.size = data.size()};
    auto done = volume.write_new(path, file, source_of(std::move(data)));
    ASSERT_TRUE(done) << path << ": " << describe(done.error());
}

inline void fill_windows(Image& image, std::uint64_t offset, std::uint64_t size, const ImageRecipe& recipe) {
    auto formatted = format_ntfs(image, offset, size, {.label = "Windows"});
    ASSERT_TRUE(formatted) << describe(formatted.error());
    auto transaction = TransactionBlock::begin(image);
    ASSERT_TRUE(transaction) << describe(transaction.error());
    auto volume = open_ntfs(**transaction, offset, size);
    ASSERT_TRUE(volume) << describe(volume.error());
    ASSERT_TRUE(apply_windows_acl(**volume, "", WindowsAcl::system_root));
    if (recipe.windows) {
        ASSERT_TRUE((*volume)->make_directories("Windows"));
        ASSERT_TRUE(apply_windows_acl(**volume, "Windows", WindowsAcl::windows_directory));
        ASSERT_TRUE((*volume)->make_directories("Windows/System32/config"));
        put_file(**volume, "Windows/System32/config/SOFTWARE", synthetic_software(recipe));
        put_file(**volume, "Windows/System32/config/SYSTEM", synthetic_system(recipe));
    }
    if (recipe.more) recipe.more(**volume);
    auto done = (*volume)->commit();
    ASSERT_TRUE(done) << describe(done.error());
}

/// A disk with EFI, reserved and Windows partitions.
inline void make_image(const std::string& path, const ImageRecipe& recipe = {}) {
    // Small disks get small blocks, so that tests which compare whole files have little to compare.
    const std::uint32_t block = recipe.disk_size < 1ull << 30 ? 1u << 20 : 32u << 20;
    auto image = create_image(
        path, {.format = recipe.format, .size = recipe.disk_size, .block_size = block, .disk_id = test_guid("disk")});
    ASSERT_TRUE(image) << describe(image.error());
    auto size = ntfs_template_for_disk(recipe.disk_size);
    auto table =
        write_gpt(**image, test_guid("table"),
                  {{partition_type::efi_system(), test_guid("efi"), "EFI system partition", 1u << 20, 100u << 20},
                   {partition_type::microsoft_reserved(), test_guid("msr"), "Microsoft reserved partition", 101u << 20,
                    16u << 20},
                   {partition_type::basic_data(), test_guid("windows"), "Basic data partition", kWindowsOffset, size}});
    ASSERT_TRUE(table) << describe(table.error());
    fill_windows(**image, kWindowsOffset, size, recipe);
    ASSERT_TRUE((*image)->flush());
}

/// The Windows partition of an image as a raw file, made by qemu-img (not by our own code), for the NTFS programs.
inline std::string extract_volume(const ScratchDirectory& scratch, const std::string& image, std::uint64_t disk_size) {
    auto raw = scratch.file("disk.raw"), volume = scratch.file("volume.raw");
    auto converted = run_tool("qemu-img convert -O raw '" + image + "' '" + raw + "'");
    EXPECT_EQ(converted.status, 0) << converted.output;
    auto copied =
        run_tool("dd if='" + raw + "' of='" + volume + "' bs=1M skip=" + std::to_string(kWindowsOffset >> 20) +
                 " count=" + std::to_string(ntfs_template_for_disk(disk_size) >> 20) + " conv=sparse status=none");
    EXPECT_EQ(copied.status, 0) << copied.output;
    std::filesystem::remove(raw);
    return volume;
}

inline void expect_sound_volume(const std::string& volume) {
    auto check = run_tool("ntfsresize -i -f '" + volume + "'");
    EXPECT_EQ(check.status, 0) << check.output;
    auto fix = run_tool("ntfsfix -n '" + volume + "'");
    EXPECT_EQ(fix.status, 0) << fix.output;
}

inline std::string whole_file(const std::string& path) {
    std::string content(std::filesystem::file_size(path), '\0');
    std::ifstream(path, std::ios::binary).read(content.data(), static_cast<std::streamsize>(content.size()));
    return content;
}

inline std::unique_ptr<GuestDisk> open_guest(const std::string& path, const GuestOpenOptions& options = {}) {
    auto disk = GuestDisk::open(path, options);
    if (!disk) ADD_FAILURE() << describe(disk.error());
    return disk ? std::move(*disk) : nullptr;
}

} // namespace exhyperv::guest::testing
