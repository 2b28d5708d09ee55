#include "ext4_disk.h"

namespace exhyperv::guest {
namespace {

using namespace testing;

/// Volumes as we make them and as mke2fs does, with what distributions turned on over the years.
class Ext4Volumes : public ::testing::TestWithParam<const char*> {};

TEST_P(Ext4Volumes, EveryKindOfChangeIsWhatIndependentReadersSee) {
    NEED_TOOL("debugfs");
    Ext4Disk disk(GetParam());
    auto& volume = disk.volume();
    ASSERT_TRUE(volume.make_directories("usr\\lib/wsl/drivers/nv_dispi.inf_amd64_1"));
    ASSERT_TRUE(volume.make_directories("gone/below"));
    const auto big = synthetic_bytes(1, 5'000'001), small = synthetic_bytes(2, 700);
    disk.write("usr/lib/wsl/drivers/nv_dispi.inf_amd64_1/libcuda.so", big, kReadOnly, true);
    disk.write("usr/lib/wsl/drivers/nv_dispi.inf_amd64_1/nv.inf", small, kReadOnly);
    disk.write("usr/lib/wsl/empty", {});
    disk.write("gone/below/a", small);
    disk.write("old", synthetic_bytes(3, 90'000));
    ASSERT_TRUE(volume.make_symlink("usr/lib/wsl/lib", "drivers\\nv_dispi.inf_amd64_1", true));
    ASSERT_TRUE(volume.make_symlink("long", std::string(200, 'x'), false));
    disk.commit();
    ASSERT_TRUE(volume.replace("old", {.size = small.size()}, source_of(small)));
    ASSERT_TRUE(volume.rename("usr/lib/wsl/empty", "usr/lib/moved"));
    ASSERT_TRUE(volume.remove_tree("gone"));
    ASSERT_TRUE(volume.set_attributes("usr/lib/wsl/drivers", kDirectory | kReadOnly));
    ASSERT_TRUE(volume.set_modified("old", 133'111'111'111'111'111ull));
    disk.commit();

    EXPECT_EQ(volume.stat("old").value()->modified, 133'111'111'111'111'111ull);
    EXPECT_EQ(volume.stat("usr/lib/wsl/drivers/nv_dispi.inf_amd64_1/nv.inf").value()->modified,
              133'000'000'012'345'678ull);
    EXPECT_EQ(volume.stat("usr/lib/wsl/lib").value()->link_target, "drivers/nv_dispi.inf_amd64_1");
    EXPECT_EQ(volume.stat("long").value()->link_target, std::string(200, 'x'));
    EXPECT_EQ(volume.read_file("usr/lib/wsl/drivers/nv_dispi.inf_amd64_1/libcuda.so", 8u << 20).value(), big);
    EXPECT_FALSE(volume.stat("gone").value());
    EXPECT_FALSE(volume.stat("OLD").value()) << "names are found exactly as written";
    disk.close();

    disk.expect_sound();
    const std::string package = "/usr/lib/wsl/drivers/nv_dispi.inf_amd64_1/";
    EXPECT_EQ(disk.content(package + "libcuda.so"), big);
    EXPECT_EQ(disk.content(package + "nv.inf"), small);
    EXPECT_EQ(disk.content("/old"), small);
    const auto listing = disk.debugfs("ls -l " + package);
    EXPECT_NE(listing.find("100555 (1)      0      0   5000001"), std::string::npos) << listing;
    EXPECT_NE(listing.find("100444 (1)      0      0     700"), std::string::npos) << listing;
    const auto above = disk.debugfs("ls -l /usr/lib/wsl");
    EXPECT_NE(above.find("40555 (2)      0      0"), std::string::npos) << above;
    EXPECT_NE(above.find("120777 (7)"), std::string::npos) << above;
    EXPECT_NE(disk.debugfs("stat /usr/lib/wsl/lib").find("Fast link dest: \"drivers/nv_dispi.inf_amd64_1\""),
              std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Kinds, Ext4Volumes,
                         ::testing::Values("", "-L ubuntu", "-O ^metadata_csum,^64bit", "-O ^has_journal",
                                           "-O metadata_csum_seed,orphan_file", "-O ^flex_bg,^resize_inode",
                                           "-O large_dir,^dir_index", "-N 4096"),
                         [](const auto& name) {
                             std::string text = *name.param == 0 ? "ours" : name.param;
                             std::erase_if(text,
                                           [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; });
                             return text;
                         });

/// Small volumes have small blocks: file data and metadata share the pages of the transaction.
TEST(Ext4Volume, BlocksSmallerThanThePagesOfTheTransactionKeepTheirBytes) {
    NEED_TOOL("mke2fs");
    ScratchDirectory scratch;
    const auto path = scratch.file("small.raw");
    ASSERT_EQ(run_tool("mke2fs -q -t ext4 -b 1024 " + path + " 64M").status, 0);
    const auto first = synthetic_bytes(1, 3'000'001);
    {
        auto image = open_image(path, {.writable = true});
        ASSERT_TRUE(image) << describe(image.error());
        auto transaction = TransactionBlock::begin(**image);
        ASSERT_TRUE(transaction);
        auto volume = open_ext4(**transaction, 0, (*image)->size());
        ASSERT_TRUE(volume) << describe(volume.error());
        for (int i = 0; i < 100; ++i) {
            ASSERT_TRUE((*volume)->make_directories("d" + std::to_string(i)));
            const NewFile file{.size = 1000u + 700u * static_cast<unsigned>(i)};
            ASSERT_TRUE(
                (*volume)->write_new("d" + std::to_string(i) + "/f", file, source_of(synthetic_bytes(i, file.size))));
        }
        ASSERT_TRUE((*volume)->write_new("first", {.size = first.size()}, source_of(first)));
        ASSERT_TRUE((*volume)->commit());
    }
    EXPECT_EQ(run_tool("e2fsck -fn " + path).status, 0);
    const auto image = open_image(path, {});
    ASSERT_TRUE(image);
    const auto volume = open_ext4_read_only(**image, 0, (*image)->size());
    ASSERT_TRUE(volume);
    EXPECT_TRUE((*volume)->read_file("first", 4u << 20).value() == first);
    for (int i = 0; i < 100; ++i)
        EXPECT_TRUE((*volume)->read_file("d" + std::to_string(i) + "/f", 1u << 20).value() ==
                    synthetic_bytes(i, 1000u + 700u * static_cast<unsigned>(i)))
            << i;
}

TEST(Ext4Volume, NothingIsVisibleBeforeTheCommit) {
    Ext4Disk disk;
    disk.write("file", synthetic_bytes(1, 100'000));
    disk.commit();
    ASSERT_TRUE(disk.volume().remove("file"));
    disk.write("other", synthetic_bytes(2, 300'000));
    disk.reopen();
    EXPECT_EQ(disk.volume().read_file("file", 1u << 20).value(), synthetic_bytes(1, 100'000));
    EXPECT_FALSE(disk.volume().stat("other").value());
    disk.expect_sound();
}

TEST(Ext4Volume, WhatAFileHeldStaysOnTheDiskUntilTheCommitThatRemovesIt) {
    Ext4Disk disk({}, 64ull << 20);
    disk.write("old", synthetic_bytes(1, 20'000'000));
    disk.commit();
    const auto old = disk.held().data_extents;
    ASSERT_TRUE(disk.volume().remove("old"));
    // There is room for this only where the old file lay, and that is not to be had yet.
    const auto free = disk.volume().free_bytes().value();
    auto full = disk.volume().write_new("new", {.size = free + 1'000'000}, source_of({}));
    ASSERT_FALSE(full);
    EXPECT_EQ(full.error().code, "guest.no_space");
    disk.write("new", synthetic_bytes(2, 5'000'000));
    for (std::size_t i = old.size(); i < disk.held().data_extents.size(); ++i)
        for (const auto& [at, length] : old) {
            const auto& [fresh, size] = disk.held().data_extents[i];
            EXPECT_TRUE(fresh + size <= at || at + length <= fresh) << "over the old file's bytes at " << fresh;
        }
    disk.commit();
    EXPECT_GE(disk.volume().free_bytes().value(), free + 19'000'000 - 6'000'000);
    disk.expect_sound();
}

TEST(Ext4Volume, ASourceThatFailsLeavesNothingAndTheOldFile) {
    Ext4Disk disk;
    disk.write("file", synthetic_bytes(1, 10'000));
    const auto free = disk.volume().free_bytes().value();
    const ByteSource broken = [](std::span<std::byte>) -> Result<std::size_t> { return fail("file.io"); };
    EXPECT_FALSE(disk.volume().write_new("new", {.size = 1'000'000}, broken));
    EXPECT_FALSE(disk.volume().replace("file", {.size = 1'000'000}, broken));
    const auto longer = disk.volume().write_new("new", {.size = 10}, source_of(synthetic_bytes(2, 11)));
    ASSERT_FALSE(longer);
    EXPECT_EQ(longer.error().code, "guest.source_changed");
    EXPECT_FALSE(disk.volume().stat("new").value());
    EXPECT_GE(disk.volume().free_bytes().value() + 3'000'000, free);
    disk.commit();
    EXPECT_EQ(disk.content("/file"), synthetic_bytes(1, 10'000));
    disk.expect_sound();
}

TEST(Ext4Volume, ManyFilesInOneDirectoryGrowItAndGoAgain) {
    Ext4Disk disk;
    ASSERT_TRUE(disk.volume().make_directories("many"));
    for (int i = 0; i < 1500; ++i)
        disk.write("many/a rather long name of a file, number " + std::to_string(i), synthetic_bytes(1, 10));
    disk.commit();
    EXPECT_EQ(disk.volume().list("many").value().size(), 1500u);
    disk.expect_sound();
    ASSERT_TRUE(disk.volume().remove_tree("many"));
    disk.commit();
    disk.expect_sound();
    EXPECT_EQ(disk.debugfs("ls /").find("many"), std::string::npos);
}

TEST(Ext4Volume, AnIndexedDirectoryOfTheKernelsKindTakesNewNames) {
    NEED_TOOL("debugfs");
    // mke2fs -d writes the directory; e2fsck -D gives it the index that a kernel would have made.
    ScratchDirectory source;
    for (int i = 0; i < 600; ++i)
        std::ofstream(source.file("etc-file-with-a-longer-name-" + std::to_string(i))) << i;
    Ext4Disk disk("-d " + source.file(""));
    disk.close();
    const auto indexed = run_tool("e2fsck -fyD " + disk.path());
    ASSERT_LE(indexed.status, 1) << indexed.output;
    ASSERT_NE(disk.debugfs("htree_dump /").find("Root node dump"), std::string::npos);
    disk.reopen();
    for (int i = 0; i < 300; ++i)
        disk.write("another-file-with-a-longer-name-" + std::to_string(i), synthetic_bytes(i, 100));
    ASSERT_TRUE(disk.volume().remove("etc-file-with-a-longer-name-7"));
    disk.commit();
    disk.close();
    disk.expect_sound();
    EXPECT_EQ(disk.content("/another-file-with-a-longer-name-299"), synthetic_bytes(299, 100));
}

TEST(Ext4Volume, AFragmentedVolumeTakesAFileInPieces) {
    Ext4Disk disk({}, 64ull << 20);
    std::size_t files = 0;
    for (; disk.volume().free_bytes().value() > 3'000'000; ++files)
        disk.write("f" + std::to_string(files), synthetic_bytes(files, 32'768));
    disk.commit();
    for (std::size_t i = 0; i < files; i += 2)
        ASSERT_TRUE(disk.volume().remove("f" + std::to_string(i)));
    disk.commit();
    const auto data = synthetic_bytes(77, 14'000'000);
    disk.write("pieces", data);
    disk.commit();
    EXPECT_EQ(disk.volume().read_file("pieces", 16u << 20).value(), data);
    EXPECT_EQ(disk.content("/pieces"), data);
    disk.expect_sound();
}

TEST(Ext4Volume, HardLinksSparseAndUnwrittenPartsAreReadAsTheyAre) {
    NEED_TOOL("debugfs");
    Ext4Disk disk("-L x");
    disk.close();
    const auto made = run_tool("printf 'write /etc/hostname one\\nln one two\\nsif one links_count 2\\n"
                               "fallocate two 10 20\\nsif two size 90112\\n' | debugfs -w -f - " +
                               disk.path());
    ASSERT_EQ(made.status, 0) << made.output;
    disk.reopen();
    const auto data = disk.volume().read_file("two", 1u << 20);
    ASSERT_TRUE(data) << describe(data.error());
    EXPECT_EQ(data->size(), 90'112u);
    EXPECT_EQ(data->back(), std::byte{0});
    ASSERT_TRUE(disk.volume().remove("one"));
    disk.commit();
    disk.close();
    disk.expect_sound();
    EXPECT_EQ(disk.content("/two"), *data);
}

TEST(Ext4Volume, NamesAndPlacesThatCannotBeAreRefused) {
    Ext4Disk disk;
    disk.write("file", {});
    ASSERT_TRUE(disk.volume().make_directories("a/b"));
    const auto code = [](const auto& result) { return result ? std::string("done") : result.error().code; };
    EXPECT_EQ(code(disk.volume().write_new("file", {}, source_of({}))), "guest.exists");
    EXPECT_EQ(code(disk.volume().write_new("missing/x", {}, source_of({}))), "guest.not_found");
    EXPECT_EQ(code(disk.volume().write_new("file/x", {}, source_of({}))), "guest.not_a_directory");
    EXPECT_EQ(code(disk.volume().write_new("../x", {}, source_of({}))), "guest.bad_name");
    EXPECT_EQ(code(disk.volume().write_new(std::string(256, 'n'), {}, source_of({}))), "guest.bad_name");
    EXPECT_EQ(code(disk.volume().remove("a")), "guest.directory_not_empty");
    EXPECT_EQ(code(disk.volume().remove("nothing")), "guest.not_found");
    EXPECT_EQ(code(disk.volume().rename("a/b", "b")), "guest.bad_name");
    EXPECT_EQ(code(disk.volume().rename("file", "a")), "guest.exists");
    EXPECT_EQ(code(disk.volume().make_junction("j", "C:\\Windows")), "guest.bad_name");
    EXPECT_EQ(code(disk.volume().make_directories("file/x")), "guest.not_a_directory");
    EXPECT_EQ(code(disk.volume().read_file("a", 100)), "guest.is_a_directory");
    disk.commit();
    disk.expect_sound();
}

TEST(Ext4Volume, AReadOnlyOneRefusesEveryChange) {
    Ext4Disk disk;
    disk.write("file", synthetic_bytes(1, 10));
    disk.commit();
    auto volume = open_ext4_read_only(disk.disk(), 0, disk.size());
    ASSERT_TRUE(volume);
    EXPECT_EQ((*volume)->read_file("file", 100).value(), synthetic_bytes(1, 10));
    EXPECT_EQ((*volume)->remove("file").error().code, "guest.read_only");
    EXPECT_EQ((*volume)->write_new("x", {}, source_of({})).error().code, "guest.read_only");
    EXPECT_EQ((*volume)->commit().error().code, "guest.read_only");
}

TEST(Ext4Volume, ADiskThatBreaksInTheMiddleIsNotCommitted) {
    Ext4Disk disk;
    disk.write("file", synthetic_bytes(1, 10));
    disk.commit();
    disk.held().fail_writes_after = 3;
    Result<> done;
    for (int i = 0; i < 20 && done; ++i)
        done = disk.volume().write_new("n" + std::to_string(i), {.size = 10}, source_of(synthetic_bytes(2, 10)));
    ASSERT_FALSE(done);
    EXPECT_EQ(disk.volume().commit().error().code, "guest.change_incomplete");
    disk.close();
    disk.expect_sound();
}

TEST(Ext4Format, EqualSeedsGiveEqualBytes) {
    ScratchDirectory scratch;
    std::string files[2] = {scratch.file("a"), scratch.file("b")};
    for (const auto& path : files) {
        PlainDisk disk(path, 64ull << 20);
        ASSERT_TRUE(format_ext4(disk, 0, disk.size(), {.label = "root", .seed = 3, .now = 133'000'000'000'000'000ull}));
        HeldBackDisk held(disk);
        auto volume = open_ext4(held, 0, disk.size(), 133'000'000'000'000'000ull);
        ASSERT_TRUE(volume);
        ASSERT_TRUE((*volume)->make_directories("etc"));
        ASSERT_TRUE((*volume)->write_new("etc/x", {.size = 5}, source_of(synthetic_bytes(1, 5))));
        ASSERT_TRUE((*volume)->commit());
    }
    EXPECT_EQ(run_tool("cmp " + files[0] + " " + files[1]).output, "");
    EXPECT_EQ(run_tool("e2fsck -fn " + files[0]).status, 0);
}

} // namespace
} // namespace exhyperv::guest
