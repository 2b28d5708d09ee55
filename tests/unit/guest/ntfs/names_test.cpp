#include "fresh_volume.h"
#include "names_by_library.h"

#include "support/utf.h"

namespace exhyperv::guest {
namespace {

using namespace testing;

/// Files with more than one name, as System32 and WinSxS have them.
class Names : public FreshVolume {
  protected:
    /// Works on the volume with the library itself, while it is not open otherwise.
    void by_library(const std::function<int(exh_volume*)>& change) {
        volume_.reset();
        VolumeDevice device(*disk_, 0, size_, true);
        auto mounted = MountedNtfs::mount(device);
        ASSERT_TRUE(mounted);
        EXPECT_EQ(change(mounted->get()), 0);
        EXPECT_EQ(mounted->unmount(), 0);
        reopen();
    }
    static std::uint64_t look_up(exh_volume* volume, std::uint64_t directory, const std::u16string& name) {
        std::uint64_t found = 0;
        EXPECT_EQ(
            exh_lookup(volume, directory, reinterpret_cast<const std::uint16_t*>(name.data()), name.size(), &found), 0);
        return found;
    }
    void make_linked() {
        make("System32");
        make("WinSxS");
        write("System32/library.dll", synthetic_bytes(1, 50'000));
        commit();
        by_library([](exh_volume* volume) {
            auto file = look_up(volume, look_up(volume, EXH_ROOT, u"System32"), u"library.dll");
            const std::u16string name = u"other.dll";
            return test_add_hard_link(volume, file, look_up(volume, EXH_ROOT, u"WinSxS"),
                                      reinterpret_cast<const std::uint16_t*>(name.data()), name.size());
        });
    }
};

TEST_F(Names, ReplacingOneNameOfAFileLeavesTheOtherWithTheOldContent) {
    make_linked();
    ASSERT_TRUE(volume_->replace("System32/library.dll", {.size = 9000}, source_of(synthetic_bytes(2, 9000))));
    commit();
    EXPECT_EQ(content("System32/library.dll"), synthetic_bytes(2, 9000));
    EXPECT_EQ(content("WinSxS/other.dll"), synthetic_bytes(1, 50'000));
    expect_sound();
}

TEST_F(Names, RemovingOneNameOfAFileLeavesTheOther) {
    make_linked();
    ASSERT_TRUE(volume_->remove("System32/library.dll"));
    commit();
    EXPECT_FALSE(*volume_->stat("System32/library.dll"));
    EXPECT_EQ(content("WinSxS/other.dll"), synthetic_bytes(1, 50'000));
    ASSERT_TRUE(volume_->remove("WinSxS/other.dll"));
    commit();
    expect_sound();
}

TEST_F(Names, AttributesAndRenamesOfAFileWithTwoNamesReachBoth) {
    make_linked();
    ASSERT_TRUE(volume_->set_attributes("WinSxS/other.dll", kReadOnly));
    ASSERT_TRUE(volume_->rename("System32/library.dll", "System32/kept.dll"));
    commit();
    EXPECT_EQ((*volume_->stat("System32/kept.dll"))->attributes, kReadOnly);
    EXPECT_EQ(content("WinSxS/other.dll"), content("System32/kept.dll"));
    EXPECT_FALSE(*volume_->stat("System32/library.dll"));
    expect_sound();
}

TEST_F(Names, AShortNameFindsTheFileAndGoesWithIt) {
    make("Program Files");
    write("Program Files/A long name.txt", synthetic_bytes(1, 100));
    commit();
    by_library([](exh_volume* volume) {
        return test_set_short_name(volume, look_up(volume, EXH_ROOT, u"Program Files"), EXH_ROOT, "PROGRA~1");
    });
    by_library([](exh_volume* volume) {
        auto directory = look_up(volume, EXH_ROOT, u"Program Files");
        return test_set_short_name(volume, look_up(volume, directory, u"A long name.txt"), directory, "ALONGN~1.TXT");
    });
    auto found = volume_->stat("progra~1/alongn~1.txt");
    ASSERT_TRUE(found && *found);
    EXPECT_EQ((*found)->name, "A long name.txt");
    EXPECT_EQ(volume_->list("PROGRA~1")->size(), 1u) << "short names are not listed";
    ASSERT_TRUE(volume_->rename("Program Files/A long name.txt", "Program Files/new.txt"));
    EXPECT_FALSE(*volume_->stat("Program Files/ALONGN~1.TXT")) << "the short name goes with the long one";
    ASSERT_TRUE(volume_->replace("progra~1/new.txt", {.size = 5}, source_of(synthetic_bytes(2, 5))));
    ASSERT_TRUE(volume_->remove_tree("Program Files"));
    commit();
    EXPECT_TRUE(volume_->list("")->empty());
    expect_sound();
}

} // namespace
} // namespace exhyperv::guest
