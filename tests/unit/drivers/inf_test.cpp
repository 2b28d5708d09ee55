#include "drivers/inf.h"
#include "support/utf.h"

#include <gtest/gtest.h>

#include <random>

using namespace exhyperv;
using namespace exhyperv::drivers;

namespace {

Result<Inf> parse(std::string_view text) {
    return Inf::parse(std::as_bytes(std::span(text.data(), text.size())));
}

const std::string kMinimal = "[Version]\nSignature=\"$Windows NT$\"\n";

std::vector<std::string> fields(const Inf& inf, std::string_view section, std::size_t line = 0) {
    const auto* lines = inf.section(section);
    return lines != nullptr && line < lines->size() ? (*lines)[line].fields : std::vector<std::string>{"(missing)"};
}

} // namespace

TEST(Inf, ReadsSectionsKeysAndLists) {
    const auto inf = parse(kMinimal + "[List]\n a.dll , b.dll,,c.dll\nkey = one, two ; comment\n").value();
    EXPECT_EQ(fields(inf, "list"), (std::vector<std::string>{"a.dll", "b.dll", "", "c.dll"}));
    EXPECT_EQ((*inf.section("LIST"))[1].key, "key");
    EXPECT_EQ(fields(inf, "List", 1), (std::vector<std::string>{"one", "two"}));
    EXPECT_EQ((*inf.section("List"))[0].number, 4u);
    EXPECT_EQ(inf.section("none"), nullptr);
}

TEST(Inf, JoinsSectionsOfOneName) {
    const auto inf = parse(kMinimal + "[A]\nx\n[B]\ny\n[a]\nz\n").value();
    EXPECT_EQ(inf.section("A")->size(), 2u);
    EXPECT_EQ(inf.section_names(), (std::vector<std::string>{"Version", "A", "B"}));
}

TEST(Inf, KeepsQuotedTextWithDoubledQuotesAndSpecialCharacters) {
    const auto inf = parse(kMinimal + "[A]\nv = \" say \"\"hi\"\" ; , = \\ \" , plain \"glued\"\n").value();
    EXPECT_EQ(fields(inf, "A"), (std::vector<std::string>{" say \"hi\" ; , = \\ ", "plain glued"}));
}

TEST(Inf, EndsAnOpenQuoteWithItsLine) {
    const auto inf = parse(kMinimal + "[A]\nv = \"open\nw = 2\n").value();
    EXPECT_EQ(fields(inf, "A"), (std::vector<std::string>{"open"}));
    EXPECT_EQ(inf.value("A", "w"), "2");
}

TEST(Inf, JoinsContinuedLinesEvenBehindComments) {
    const auto inf = parse(kMinimal + "[A]\nHKR,,Multi,0x10000,\\\r\n  \"a\",\\ ; why\r\n  \"b\"\r\nnext\r\n").value();
    EXPECT_EQ(fields(inf, "A"), (std::vector<std::string>{"HKR", "", "Multi", "0x10000", "a", "b"}));
    EXPECT_EQ(fields(inf, "A", 1), (std::vector<std::string>{"next"}));
}

TEST(Inf, KeepsBackslashesInsidePaths) {
    const auto inf = parse(kMinimal + "[A]\nHKR,Sub\\Key,Name,,C:\\dir\\file.dll\n").value();
    EXPECT_EQ(fields(inf, "A"), (std::vector<std::string>{"HKR", "Sub\\Key", "Name", "", "C:\\dir\\file.dll"}));
}

TEST(Inf, PutsStringsInAndPrefersTheLanguage) {
    const auto inf =
        parse(kMinimal +
              "[A]\n%Name% = %Name% 100%%, \"%Path%\\x\", %11%, %Unknown%\n"
              "[Strings.0804]\nName=Chinese\n[Strings]\nName=\"Plain\"\nPath=P\n[strings.0409]\nNAME=English\n")
            .value();
    EXPECT_EQ(fields(inf, "A"), (std::vector<std::string>{"English 100%", "P\\x", "%11%", "%Unknown%"}));
    EXPECT_EQ((*inf.section("A"))[0].key, "English");
    EXPECT_EQ(inf.string("path"), "P");
}

TEST(Inf, DoesNotExpandStringsInsideStrings) {
    const auto inf = parse(kMinimal + "[A]\nx = %a%\n[Strings]\na = \"%b%\"\nb = no\n").value();
    EXPECT_EQ(fields(inf, "A"), (std::vector<std::string>{"%b%"}));
}

TEST(Inf, ReadsEveryEncoding) {
    const std::string text = "[Version]\r\nProvider=\"Ünï 中\"\r\nDriverVer=1/2/2024,1.2.3.4\r\n";
    const auto wide = to_utf16le_bytes(text);
    std::vector<std::byte> marked = {std::byte{0xFF}, std::byte{0xFE}}, big = {std::byte{0xFE}, std::byte{0xFF}};
    marked.insert(marked.end(), wide.begin(), wide.end());
    for (std::size_t i = 0; i < wide.size(); i += 2) {
        big.push_back(wide[i + 1]);
        big.push_back(wide[i]);
    }
    for (const auto& bytes : {marked, big, wide})
        EXPECT_EQ(Inf::parse(bytes).value().value("version", "provider"), "Ünï 中");
    EXPECT_EQ(parse(text).value().value("version", "provider"), "Ünï 中");
    EXPECT_EQ(parse("\xEF\xBB\xBF" + text).value().value("version", "provider"), "Ünï 中");
    EXPECT_EQ(parse("[Version]\nProvider=\"\xDCn\xEF \x80\"\n").value().value("Version", "Provider"), "Ünï €");
}

TEST(Inf, ReadsTheDriverVersionAsIsoDate) {
    const auto version = parse("[Version]\nDriverVer = 03/04/2025 , 32.0.15.7283\n").value().driver_version();
    EXPECT_EQ(version, (DriverVersion{"2025-03-04", "32.0.15.7283"}));
    EXPECT_EQ(parse("[Version]\nDriverVer=13/99/2025,1.x\n").value().driver_version(), DriverVersion{});
    EXPECT_EQ(parse("[Version]\n").value().driver_version(), DriverVersion{});
}

TEST(Inf, FindsModelsOfTheArchitectureNewestWindowsFirst) {
    const auto inf =
        parse(kMinimal + "[Manufacturer]\n%V% = Dev, NTamd64.10.0...14310, NTamd64.10.0...19041, NTarm64.10.0\n"
                         "[Dev.NTamd64.10.0...14310]\nA = Old, PCI\\VEN_1&DEV_1\n"
                         "[Dev.NTamd64.10.0...19041]\nB = New, PCI\\VEN_1&DEV_2, PCI\\VEN_1\n"
                         "[Dev.NTarm64.10.0]\nC = Arm, PCI\\VEN_1&DEV_3\n[Dev]\nD = Plain, X\n")
            .value();
    const auto amd64 = inf.models("amd64");
    ASSERT_EQ(amd64.size(), 2u);
    EXPECT_EQ(amd64[0].install_section, "New");
    EXPECT_EQ(amd64[0].hardware_ids, (std::vector<std::string>{"PCI\\VEN_1&DEV_2", "PCI\\VEN_1"}));
    EXPECT_EQ(amd64[1].install_section, "Old");
    ASSERT_EQ(inf.models("arm64").size(), 1u);
    EXPECT_EQ(inf.models("x86").at(0).install_section, "Plain");
}

TEST(Inf, FindsDecoratedInstallSections) {
    const auto inf = parse(kMinimal + "[S1.ntamd64.Services]\na\n[S1.NT]\nb\n[S1]\nc\n").value();
    EXPECT_EQ(inf.install_section("S1", "amd64", ".Services")->at(0).field(0), "a");
    EXPECT_EQ(inf.install_section("S1", "amd64")->at(0).field(0), "b");
    EXPECT_EQ(inf.install_section("S1", "amd64", ".HW"), nullptr);
}

TEST(Inf, CollectsCopyInfNamesOnce) {
    const auto inf = parse(kMinimal + "[A]\nCopyINF=one.inf, two.inf\n[B]\ncopyinf = ONE.inf,three.inf\n").value();
    EXPECT_EQ(inf.copy_infs(), (std::vector<std::string>{"one.inf", "two.inf", "three.inf"}));
}

TEST(Inf, RefusesWhatIsNoInf) {
    EXPECT_EQ(parse("").error().code, "drivers.inf_invalid");
    EXPECT_EQ(parse(std::string("MZ\x90\0\x03\0\0\0", 8)).error().code, "drivers.inf_invalid");
    EXPECT_EQ(parse("stray text\n[Version]\n").error().code, "drivers.inf_invalid");
    EXPECT_EQ(parse("[Version]\n[unclosed\n").error().code, "drivers.inf_invalid");
    EXPECT_EQ(*parse("[Version]\n[unclosed\n").error().arg("line"), "2");
}

TEST(Inf, BoundsStringsThatGrowWithoutEnd) {
    std::string text = "[Version]\n[Strings]\nS=\"" + std::string(200'000, 'x') + "\"\n[A]\n";
    for (int i = 0; i < 1000; ++i)
        text += "%S%\n";
    EXPECT_EQ(parse(text).error().code, "drivers.inf_too_large");
    EXPECT_EQ(parse("[Version]\n" + std::string(2'100'000, ',')).error().code, "drivers.inf_too_large");
}

TEST(Inf, RefusesALineThatGrowsWithoutEndBeforeItIsMade) {
    // 20 GB, were they made: one field or key that names a string of 1 MB 20,000 times.
    std::string grown;
    for (int i = 0; i < 20'000; ++i)
        grown += "%a%";
    const auto strings = kMinimal + "[Strings]\na=\"" + std::string(1u << 20, 'x') + "\"\n[A]\n";
    EXPECT_EQ(parse(strings + "v = " + grown + "\n").error().code, "drivers.inf_too_large");
    EXPECT_EQ(parse(strings + grown + " = v\n").error().code, "drivers.inf_too_large");
    EXPECT_EQ(parse(strings + grown + "\n").error().code, "drivers.inf_too_large");
}

TEST(Inf, SurvivesDamagedFiles) {
    const std::string whole = kMinimal +
                              "[Manufacturer]\n%V%=Dev,NTamd64.10.0\n[Dev.NTamd64.10.0]\n\"a\"\"b\"=S,PCI\\VEN_1\n"
                              "[S]\nCopyINF=x.inf,\\\n y.inf\n[Strings]\nV=\"%%\"\n";
    std::mt19937 random(7);
    for (int round = 0; round < 3000; ++round) {
        auto text = whole.substr(0, random() % (whole.size() + 1));
        for (int i = 0; i < 4 && !text.empty(); ++i)
            text[random() % text.size()] = "\"\\%=,;[]\n\r\0\xFF"[random() % 12];
        if (const auto inf = parse(text)) {
            (void)inf->models("amd64");
            (void)inf->copy_infs();
            (void)inf->driver_version();
        } else {
            EXPECT_TRUE(inf.error().code.starts_with("drivers.inf_")) << inf.error().code;
        }
    }
}
