#include "windows_image.h"

namespace exhyperv::guest {
namespace {

using namespace testing;

/// An import as it is: few large files and many small ones in many directories. Sizes add up to about 200 MB.
std::vector<std::size_t> import_sizes() {
    std::vector<std::size_t> sizes;
    for (int i = 0; i < 1200; ++i)
        sizes.push_back(i % 100 == 0 ? 13'000'000
                        : i % 3 == 0 ? 60'000
                                     : 1'000 + 37 * static_cast<std::size_t>(i % 700));
    return sizes;
}

TEST(ImageGrowth, AnImportGrowsADynamicImageByLittleMoreThanItsData) {
    ScratchDirectory scratch;
    auto path = scratch.file("win.vhdx");
    make_image(path, {.disk_size = 20ull << 30});
    auto before = std::filesystem::file_size(path);
    std::uint64_t data = 0;
    {
        auto disk = open_guest(path);
        ASSERT_TRUE(disk);
        auto pattern = synthetic_bytes(1, 13'000'000);
        int number = 0;
        for (auto size : import_sizes()) {
            auto directory = "Windows/System32/HostDriverStore/FileRepository/package" + std::to_string(number % 40);
            ASSERT_TRUE(disk->volume().make_directories(directory));
            put_file(disk->volume(), directory + "/file" + std::to_string(number++) + ".dll",
                     {pattern.begin(), pattern.begin() + static_cast<std::ptrdiff_t>(size)});
            data += size;
        }
        ASSERT_TRUE(disk->commit());
    }
    auto growth = std::filesystem::file_size(path) - before;
    EXPECT_GE(data, 180'000'000u);
    EXPECT_LE(growth, data * 13 / 10) << "before " << before << ", data " << data;
    if (have_tool("qemu-img")) {
        EXPECT_EQ(run_tool("qemu-img check '" + path + "'").status, 0);
    }
    auto disk = open_guest(path, {.writable = false});
    ASSERT_TRUE(disk);
    EXPECT_EQ(disk->volume().list("Windows/System32/HostDriverStore/FileRepository")->size(), 40u);
}

} // namespace
} // namespace exhyperv::guest
