#include "cli/table.h"

#include "support/strings.h"
#include "support/utf.h"

#include <gtest/gtest.h>

namespace exhyperv::cli {
namespace {

TEST(Table, AlignsByDisplayWidth) {
    Table table({{"NAME"}, {"STATE"}});
    table.add({{"win11"}, {"off"}});
    table.add({{"游戏虚拟机"}, {"running"}});
    EXPECT_EQ(table.render({}), "NAME        STATE\n"
                                "win11       off\n"
                                "游戏虚拟机  running\n");
}

TEST(Table, RightAlignsNumbers) {
    Table table({{"N", true}, {"X"}});
    table.add({{"5"}, {"a"}});
    table.add({{"1,200"}, {"b"}});
    EXPECT_EQ(table.render({}), "    N  X\n    5  a\n1,200  b\n");
}

TEST(Table, CutsTheWidestColumnToTheTerminalButNeverIds) {
    Table table({{"NAME"}, {"ID", false, true}});
    table.add({{std::string(80, 'n')}, {"3F2504E0-4F89-11D3-9A0C-0305E82C3301"}});
    Ui ui;
    ui.width = 60;
    const auto lines = split(table.render(ui), '\n');
    EXPECT_EQ(display_width(lines[1]), 60u);
    EXPECT_NE(lines[1].find("…"), std::string::npos);
    EXPECT_NE(lines[1].find("3F2504E0-4F89-11D3-9A0C-0305E82C3301"), std::string::npos);
}

TEST(Table, ColoursDoNotMoveColumns) {
    Table table({{"A"}, {"B"}});
    table.add({{"x", Tone::good}, {"y"}});
    Ui ui;
    ui.color = true;
    EXPECT_NE(table.render(ui).find("\x1b[32mx\x1b[0m  y"), std::string::npos);
}

TEST(Table, MakesHostileNamesHarmless) {
    Table table({{"NAME"}, {"B"}});
    table.add({{"evil\x1b[2J\nname"}, {"b"}});
    EXPECT_EQ(table.render({}), "NAME          B\nevil[2J name  b\n");
}

TEST(Fields, AlignLabelsAndWrapValues) {
    Fields fields;
    fields.add("Name", "win11");
    fields.add("处理器", "8");
    EXPECT_EQ(fields.render({}, 2), "  Name    win11\n  处理器  8\n");
}

} // namespace
} // namespace exhyperv::cli
