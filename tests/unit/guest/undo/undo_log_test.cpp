#include "guest/undo/undo_log.h"

#include <gtest/gtest.h>

namespace exhyperv::guest {
namespace {

TEST(UndoLog, EveryKindOfRecordIsReadAsItWasWritten) {
    using enum UndoRecord::Kind;
    for (const auto& record : {UndoRecord{made, "Windows\\System32\\a.dll", "", 0},
                               UndoRecord{moved, "Windows\\a", "ExHyperV.undo\\kept\\1", 0},
                               UndoRecord{attributes, "Windows\\显卡", "", 0x21},
                               UndoRecord{modified, "Windows", "", 0xFFFFFFFFFFFFFFFFull}}) {
        const auto read = parse_undo_record(undo_record_text(record));
        ASSERT_TRUE(read) << undo_record_text(record);
        EXPECT_EQ(*read, record);
    }
}

TEST(UndoLog, ATornRecordIsNone) {
    const auto whole = undo_record_text({UndoRecord::Kind::moved, "a", "b", 7});
    for (std::size_t length = 0; length < whole.size(); ++length)
        EXPECT_FALSE(parse_undo_record(whole.substr(0, length))) << length;
}

TEST(UndoLog, NonsenseIsNone) {
    for (const auto* text : {"", "\n", "made\n\n\n0\nend\n", "gone\na\n\n0\nend\n", "made\na\n\nx\nend\n",
                             "moved\na\n\n0\nend\n", "made\na\n\n0\nend\nmore\n", "made\nExHyperV.undo\n\n0\nend\n",
                             "moved\na\nexhyperv.UNDO\n0\nend\n", "made\na\n\n18446744073709551616\nend\n"})
        EXPECT_FALSE(parse_undo_record(text)) << text;
}

TEST(UndoLog, RecordsAreNumberedByTheirNames) {
    const auto path = undo_record_path(12);
    EXPECT_EQ(path, "ExHyperV.undo\\0000000012.undo");
    EXPECT_EQ(undo_record_number("0000000012.undo"), 12u);
    for (const auto* name : {"kept", "committed", "12.undo", "0000000012.txt", "00000000x2.undo"})
        EXPECT_FALSE(undo_record_number(name)) << name;
}

} // namespace
} // namespace exhyperv::guest
