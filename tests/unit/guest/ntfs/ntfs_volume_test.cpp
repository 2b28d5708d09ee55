#include "fresh_volume.h"

#include <set>

namespace exhyperv::guest {
namespace {

using namespace testing;
using Volume = FreshVolume;

TEST_F(Volume, FilesOfEverySizeAreReadBackByAnIndependentReader) {
    NEED_TOOL("ntfscat");
    make("Windows/System32");
    std::vector<std::size_t> sizes{0, 1, 511, 512, 700, 4095, 4096, 4097, 65536, 1'000'001, 9u << 20};
    for (auto size : sizes)
        write("Windows\\System32\\file" + std::to_string(size) + ".bin", synthetic_bytes(size, size));
    for (auto size : sizes) {
        auto name = "windows/system32/FILE" + std::to_string(size) + ".BIN";
        EXPECT_EQ(content(name), synthetic_bytes(size, size)) << "before the commit, in another case";
    }
    commit();
    for (auto size : sizes) {
        auto name = "Windows/System32/file" + std::to_string(size) + ".bin";
        EXPECT_EQ(ntfscat(path_, name), synthetic_bytes(size, size)) << size;
        EXPECT_EQ(content(name), synthetic_bytes(size, size));
    }
    expect_sound();
}

TEST_F(Volume, WithoutACommitNothingIsOnTheDisk) {
    write("gone.txt", synthetic_bytes(1, 100));
    write("gone.bin", synthetic_bytes(1, 100'000));
    volume_.reset();
    reopen();
    EXPECT_TRUE(volume_->list("")->empty());
    expect_sound();
}

TEST_F(Volume, AbortForgetsAndEndsTheVolume) {
    write("kept.txt", synthetic_bytes(1, 100));
    commit();
    write("gone.txt", synthetic_bytes(1, 100));
    ASSERT_TRUE(volume_->abort());
    EXPECT_EQ(volume_->stat("kept.txt").error().code, "guest.closed");
    EXPECT_EQ(volume_->commit().error().code, "guest.closed");
    reopen();
    EXPECT_EQ(volume_->list("")->size(), 1u);
}

TEST_F(Volume, FileDataOfManySmallFilesIsWrittenInFewLargePieces) {
    for (int i = 0; i < 500; ++i)
        write("small" + std::to_string(i), synthetic_bytes(i, 10'000));
    commit();
    EXPECT_LE(held_->data_writes, 40u);
    EXPECT_GE(held_->data_bytes, 500u * 10'000u);
    std::uint64_t low = UINT64_MAX, high = 0;
    for (auto [offset, length] : held_->data_extents)
        low = std::min(low, offset), high = std::max(high, offset + length);
    EXPECT_LT(high - low, 16u << 20) << "files lie next to each other, or a dynamic image grows with every file";
    expect_sound();
}

TEST_F(Volume, ListShowsWhatIsThereInItsOwnCase) {
    make("Dir/Sub Directory");
    write("Dir/ReadMe.TXT", synthetic_bytes(1, 5), kReadOnly | kHidden | kArchive);
    ASSERT_TRUE(volume_->make_symlink("Dir/link.dll", "C:\\Windows\\System32\\real.dll", false));
    auto entries = volume_->list("DIR");
    ASSERT_TRUE(entries) << describe(entries.error());
    std::map<std::string, FileInfo> all;
    for (const auto& each : *entries)
        all[each.name] = each;
    ASSERT_EQ(all.size(), 3u);
    EXPECT_TRUE(all.at("Sub Directory").directory);
    EXPECT_EQ(all.at("ReadMe.TXT").size, 5u);
    EXPECT_EQ(all.at("ReadMe.TXT").attributes, kReadOnly | kHidden | kArchive);
    EXPECT_EQ(all.at("ReadMe.TXT").modified, 133'000'000'000'000'000ull);
    EXPECT_EQ(all.at("link.dll").reparse_tag, 0xA000000Cu);
    auto one = volume_->stat("dir/readme.txt");
    ASSERT_TRUE(one && *one);
    EXPECT_EQ((*one)->name, "ReadMe.TXT");
    EXPECT_FALSE(*volume_->stat("dir/none"));
    EXPECT_FALSE(*volume_->stat("none/none"));
    EXPECT_TRUE((*volume_->stat(""))->directory);
}

TEST_F(Volume, NamesInAnyScriptSurvive) {
    NEED_TOOL("ntfsls");
    write("显卡驱动 – Grafiktreiber Ä.dll", synthetic_bytes(1, 10));
    commit();
    EXPECT_EQ(content("显卡驱动 – grafiktreiber ä.DLL"), synthetic_bytes(1, 10))
        << "case is ignored by the volume's own table";
    EXPECT_NE(run_tool("ntfsls -f " + path_).output.find("显卡驱动 – Grafiktreiber Ä.dll"), std::string::npos);
}

TEST_F(Volume, BadPathsAreRefused) {
    auto refuse = [&](const std::string& path) { return volume_->write_new(path, {}, source_of({})).error().code; };
    EXPECT_EQ(refuse("a/../b"), "guest.bad_name");
    EXPECT_EQ(refuse("."), "guest.bad_name");
    EXPECT_EQ(refuse("what?"), "guest.bad_name");
    EXPECT_EQ(refuse("dot."), "guest.bad_name");
    EXPECT_EQ(refuse("nul.txt"), "guest.bad_name");
    EXPECT_EQ(refuse("COM1"), "guest.bad_name");
    EXPECT_EQ(refuse(std::string(256, 'a')), "guest.bad_name");
    EXPECT_EQ(refuse("no/such/directory"), "guest.not_found");
    EXPECT_EQ(volume_->stat(std::string("a\xff", 2)).error().code, "guest.bad_name");
    EXPECT_FALSE(*volume_->stat("$MFT")) << "the volume's own files are not files";
    EXPECT_EQ(volume_->list("$Extend").error().code, "guest.not_found");
    write("file", {});
    EXPECT_EQ(refuse("FILE"), "guest.exists");
    EXPECT_EQ(refuse("file/below"), "guest.not_a_directory");
    EXPECT_EQ(volume_->make_directories("file").error().code, "guest.not_a_directory");
    EXPECT_EQ(volume_->list("file").error().code, "guest.not_a_directory");
    make("directory");
    EXPECT_EQ(volume_->read_file("directory", 10).error().code, "guest.is_a_directory");
    EXPECT_EQ(volume_->read_file("none", 10).error().code, "guest.not_found");
}

TEST_F(Volume, ASourceThatEndsEarlyOrLateLeavesNoFile) {
    NewFile file{.size = 100'000};
    EXPECT_EQ(volume_->write_new("short", file, source_of(synthetic_bytes(1, 50'000))).error().code,
              "guest.source_changed");
    EXPECT_EQ(volume_->write_new("long", file, source_of(synthetic_bytes(1, 150'000))).error().code,
              "guest.source_changed");
    EXPECT_EQ(volume_->write_new("tiny", {.size = 10}, source_of(synthetic_bytes(1, 11))).error().code,
              "guest.source_changed");
    ByteSource broken = [](std::span<std::byte>) -> Result<std::size_t> { return fail("file.io"); };
    EXPECT_EQ(volume_->write_new("broken", file, broken).error().code, "file.io");
    write("good", synthetic_bytes(2, 100'000));
    commit();
    EXPECT_EQ(volume_->list("")->size(), 1u);
    expect_sound();
}

TEST_F(Volume, FilesLargerThanTheLimitOrTheVolumeAreRefused) {
    write("file", synthetic_bytes(1, 5000));
    EXPECT_EQ(volume_->read_file("file", 4999).error().code, "guest.too_large");
    auto error = volume_->write_new("huge", {.size = size_ * 2}, source_of({})).error();
    EXPECT_EQ(error.code, "guest.no_space");
    EXPECT_NE(error.arg("needed"), nullptr);
    EXPECT_NE(error.arg("free"), nullptr);
    commit();
    expect_sound();
}

TEST_F(Volume, ReplaceKeepsAttributesAndSecurityAndTheOldFileWhenItFails) {
    make("Windows");
    ASSERT_TRUE(volume_->set_security("Windows", "O:BAG:BAD:P(A;OICI;FA;;;SY)(A;OICI;0x1200a9;;;BU)"));
    write("Windows/Config", synthetic_bytes(1, 50'000), kSystem | kArchive);
    auto before = *volume_->security("windows/config");
    ByteSource broken = [](std::span<std::byte>) -> Result<std::size_t> { return fail("file.io"); };
    EXPECT_EQ(volume_->replace("windows/config", {.size = 50'000}, broken).error().code, "file.io");
    EXPECT_EQ(content("windows/config"), synthetic_bytes(1, 50'000));
    ASSERT_TRUE(
        volume_->replace("windows/CONFIG", {.size = 60'000, .attributes = 0}, source_of(synthetic_bytes(2, 60'000))));
    commit();
    auto entries = *volume_->list("windows");
    ASSERT_EQ(entries.size(), 1u);
    EXPECT_EQ(entries[0].name, "Config");
    EXPECT_EQ(entries[0].attributes, kSystem | kArchive);
    EXPECT_EQ(content("Windows/Config"), synthetic_bytes(2, 60'000));
    EXPECT_EQ(*volume_->security("Windows/Config"), before);
    expect_sound();
}

TEST_F(Volume, ClustersFreedInATransactionAreNotWrittenBeforeItsCommit) {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> old;
    for (int i = 0; i < 20; ++i)
        write("old" + std::to_string(i), synthetic_bytes(i, 1u << 20));
    commit();
    old = held_->data_extents;
    held_->data_extents.clear();
    for (int i = 0; i < 20; ++i)
        ASSERT_TRUE(volume_->replace("old" + std::to_string(i), {.size = 1u << 20},
                                     source_of(synthetic_bytes(100 + i, 1u << 20))));
    for (int i = 0; i < 10; ++i)
        ASSERT_TRUE(volume_->remove("old" + std::to_string(i)));
    auto left = *volume_->free_bytes() - (3u << 20);
    write("filler", std::vector<std::byte>(left)); // takes everything that may be taken
    ASSERT_TRUE(volume_->read_file("filler", [](auto) { return Result<>{}; }));
    for (auto [offset, length] : held_->data_extents)
        for (auto [was, was_length] : old)
            EXPECT_TRUE(offset + length <= was || was + was_length <= offset)
                << "new data at " << offset << " over old data at " << was;
    // The process dies here: the disk still has every old file.
    volume_.reset();
    reopen();
    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(content("old" + std::to_string(i)), synthetic_bytes(i, 1u << 20));
    expect_sound();
}

TEST_F(Volume, FreedSpaceIsUsableAfterTheCommit) {
    auto empty = *volume_->free_bytes();
    write("big", std::vector<std::byte>(empty / 2));
    commit();
    ASSERT_TRUE(volume_->remove("big"));
    EXPECT_LT(*volume_->free_bytes(), empty * 6 / 10) << "not before";
    commit();
    EXPECT_GT(*volume_->free_bytes(), empty * 95 / 100);
    write("again", std::vector<std::byte>(empty * 9 / 10));
    commit();
    expect_sound();
}

TEST_F(Volume, AFragmentedVolumeStillTakesALargeFile) {
    std::vector<std::string> names;
    for (int i = 0; i < 40; ++i) {
        names.push_back("piece" + std::to_string(i));
        write(names.back(), std::vector<std::byte>(1u << 20));
    }
    auto rest = *volume_->free_bytes();
    write("rest", std::vector<std::byte>(rest - (4u << 20)));
    commit();
    for (std::size_t i = 0; i < names.size(); i += 2)
        ASSERT_TRUE(volume_->remove(names[i]));
    commit();
    auto data = synthetic_bytes(7, 16u << 20);
    write("large", data);
    commit();
    auto read = volume_->read_file("large", 1u << 30);
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, data);
    expect_sound();
}

TEST_F(Volume, RenameMovesFilesAndDirectories) {
    make("a/b");
    make("c");
    write("a/b/file", synthetic_bytes(1, 5000));
    ASSERT_TRUE(volume_->rename("a/b", "C/moved"));
    EXPECT_EQ(content("c/moved/file"), synthetic_bytes(1, 5000));
    ASSERT_TRUE(volume_->rename("c/moved", "c/MOVED"));
    EXPECT_EQ(volume_->list("c")->front().name, "MOVED");
    EXPECT_EQ(volume_->rename("c", "c/moved/inside").error().code, "guest.bad_name");
    write("other", {});
    EXPECT_EQ(volume_->rename("other", "c/moved/FILE").error().code, "guest.exists");
    EXPECT_EQ(volume_->rename("none", "x").error().code, "guest.not_found");
    EXPECT_EQ(volume_->rename("other", "none/x").error().code, "guest.not_found");
    commit();
    EXPECT_EQ(content("c/moved/file"), synthetic_bytes(1, 5000));
    expect_sound();
}

TEST_F(Volume, RemoveAndRemoveTree) {
    for (int d = 0; d < 30; ++d) {
        auto directory = "tree/d" + std::to_string(d) + "/sub";
        make(directory);
        for (int i = 0; i < 40; ++i)
            write(directory + "/file" + std::to_string(i), synthetic_bytes(i, 3000), kReadOnly);
    }
    make("elsewhere");
    write("elsewhere/precious", synthetic_bytes(1, 10));
    ASSERT_TRUE(volume_->make_junction("tree/junction", "C:\\elsewhere"));
    commit();
    EXPECT_EQ(volume_->remove("tree").error().code, "guest.directory_not_empty");
    EXPECT_EQ(volume_->remove("").error().code, "guest.bad_name");
    ASSERT_TRUE(volume_->remove("tree/d0/sub/file0"));
    ASSERT_TRUE(volume_->remove_tree("Tree"));
    commit();
    EXPECT_FALSE(*volume_->stat("tree"));
    EXPECT_EQ(content("elsewhere/precious"), synthetic_bytes(1, 10)) << "links are removed, not followed";
    expect_sound();
}

TEST_F(Volume, AttributesAndTimesAreWhatNtfsInfoSees) {
    NEED_TOOL("ntfsinfo");
    make("dir");
    write("dir/file", synthetic_bytes(1, 100));
    ASSERT_TRUE(volume_->set_attributes("dir/file", kReadOnly | kHidden));
    ASSERT_TRUE(volume_->set_modified("dir/file", 132'539'328'000'000'000ull)); // 2021-01-01 00:00 UTC
    ASSERT_TRUE(volume_->set_attributes("dir", kReadOnly));
    commit();
    auto info = run_tool("ntfsinfo -F dir/file " + path_).output;
    EXPECT_NE(info.find("READONLY HIDDEN"), std::string::npos) << info;
    EXPECT_NE(info.find("File Altered Time:\t Fri Jan  1 00:00:00 2021"), std::string::npos) << info;
    EXPECT_EQ((*volume_->stat("dir"))->attributes, kReadOnly | kDirectory);
}

TEST_F(Volume, NewEntriesInheritTheSecurityOfTheirDirectory) {
    NEED_TOOL("ntfssecaudit");
    make("Windows");
    ASSERT_TRUE(apply_windows_acl(*volume_, "", WindowsAcl::system_root));
    ASSERT_TRUE(apply_windows_acl(*volume_, "Windows", WindowsAcl::windows_directory));
    make("Windows/System32/HostDriverStore");
    write("Windows/System32/HostDriverStore/driver.sys", synthetic_bytes(1, 10));
    commit();
    auto audit = run_tool("ntfssecaudit " + path_ + " Windows/System32/HostDriverStore/driver.sys").output;
    EXPECT_NE(audit.find("Windows owner S-1-5-32-544"), std::string::npos) << audit;
    auto descriptor = *volume_->security("Windows/System32/HostDriverStore/driver.sys");
    ASSERT_GT(descriptor.size(), 20u);
    EXPECT_GE(std::to_integer<int>(descriptor[20 + 4]), 5)
        << "inherited entries: system, administrators, users, TrustedInstaller…";
    auto whole = run_tool("ntfssecaudit -a " + path_);
    EXPECT_NE(whole.output.find("No errors were found"), std::string::npos) << whole.output;
}

TEST_F(Volume, LinksAreWhatWindowsWrites) {
    ASSERT_TRUE(volume_->make_symlink("absolute", "C:\\Windows\\System32\\nvapi64.dll", false));
    ASSERT_TRUE(volume_->make_symlink("relative", "sub/target", true));
    ASSERT_TRUE(volume_->make_junction("junction", "C:\\Windows\\System32\\DriverStore"));
    commit();
    EXPECT_EQ((*volume_->stat("absolute"))->link_target, "\\??\\C:\\Windows\\System32\\nvapi64.dll");
    EXPECT_EQ((*volume_->stat("relative"))->link_target, "sub\\target");
    EXPECT_TRUE((*volume_->stat("relative"))->directory);
    EXPECT_EQ((*volume_->stat("junction"))->link_target, "\\??\\C:\\Windows\\System32\\DriverStore");
    EXPECT_EQ((*volume_->stat("junction"))->reparse_tag, 0xA0000003u);
    EXPECT_EQ(volume_->read_file("absolute", 100).error().code, "guest.special_file");
    EXPECT_EQ(volume_->list("junction").error().code, "guest.special_file");
    EXPECT_EQ(volume_->stat("junction/file").error().code, "guest.special_file");
    EXPECT_EQ(volume_->make_junction("bad", "relative").error().code, "guest.bad_name");
    ASSERT_TRUE(volume_->remove("junction"));
    commit();
    expect_sound();
}

TEST_F(Volume, ADiskErrorInTheMiddleOfAChangeMakesCommitImpossible) {
    write("kept", synthetic_bytes(1, 5000));
    commit();
    for (int after = 0; after < 12; ++after) {
        reopen();
        held_->fail_writes_after = after;
        auto done = volume_->write_new("new", {.size = 5000}, source_of(synthetic_bytes(2, 5000)));
        if (done) continue;
        EXPECT_EQ(done.error().code, "disk.io");
        held_->fail_writes_after = -1;
        EXPECT_FALSE(volume_->commit());
        ASSERT_TRUE(volume_->abort());
        reopen();
        EXPECT_EQ(volume_->list("")->size(), 1u);
    }
    expect_sound();
}

TEST_F(Volume, TwentyThousandFilesInOneDirectoryStayFast) {
    make("many");
    for (int i = 0; i < 20'000; ++i) {
        NewFile file{.size = 8};
        ASSERT_TRUE(
            volume_->write_new("many/file" + std::to_string(i) + ".txt", file, source_of(synthetic_bytes(i, 8))));
    }
    commit();
    EXPECT_EQ(volume_->list("many")->size(), 20'000u);
    EXPECT_EQ(content("many/file12345.txt"), synthetic_bytes(12345, 8));
    expect_sound();
}

} // namespace
} // namespace exhyperv::guest
