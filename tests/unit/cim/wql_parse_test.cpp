#include "cim/wql.h"

#include <gtest/gtest.h>

namespace exhyperv::cim::wql {
namespace {

std::string again(std::string_view text) {
    const auto query = Query::parse(text);
    return query ? query->text() : describe(query.error());
}

TEST(WqlParse, ReadsWhatClientsSend) {
    EXPECT_EQ(again("select * from Msvm_ComputerSystem"), "SELECT * FROM Msvm_ComputerSystem");
    EXPECT_EQ(again("SELECT Name,ElementName FROM X WHERE Name=\"a\""),
              "SELECT Name, ElementName FROM X WHERE Name = 'a'");
    EXPECT_EQ(again("SELECT * FROM X WHERE A=1 AND B<>2 OR NOT C LIKE 'x%'"),
              "SELECT * FROM X WHERE (A = 1 AND B <> 2) OR NOT (C LIKE 'x%')");
    EXPECT_EQ(again("SELECT * FROM X WHERE A = 1 and (B = TRUE or C != -5)"),
              "SELECT * FROM X WHERE A = 1 AND (B = TRUE OR C <> -5)");
    EXPECT_EQ(again("SELECT * FROM X WHERE A IS NULL OR B = NULL OR C IS NOT NULL OR D <> null"),
              "SELECT * FROM X WHERE A IS NULL OR B IS NULL OR C IS NOT NULL OR D IS NOT NULL");
    EXPECT_EQ(again("SELECT * FROM X WHERE 5 <= A AND __this ISA Y AND B NOT LIKE 'q'"),
              "SELECT * FROM X WHERE A >= 5 AND __this ISA 'Y' AND NOT (B LIKE 'q')");
    EXPECT_EQ(again(R"(ASSOCIATORS OF {Msvm_X.InstanceID="Microsoft:A\\B}"} WHERE ResultClass=Y AssocClass = Z)"),
              R"(ASSOCIATORS OF {Msvm_X.InstanceID="Microsoft:A\\B}"} WHERE AssocClass = Z ResultClass = Y)");
    EXPECT_EQ(again("references of { X.A=1 } where resultclass=Y role=Antecedent"),
              "REFERENCES OF {X.A=1} WHERE ResultClass = Y Role = Antecedent");
    EXPECT_EQ(again("ASSOCIATORS OF {X.A=1}"), "ASSOCIATORS OF {X.A=1}");
}

TEST(WqlParse, EscapesAsTheProviderWantsIt) {
    Select select;
    select.from = "X";
    select.condition = where("Path", Compare::equal, R"(C:\it's)");
    EXPECT_EQ(Query(select).text(), R"(SELECT * FROM X WHERE Path = 'C:\\it\'s')");
    select.condition = starts_with("InstanceID", R"(Microsoft:3A9E_50%\)");
    EXPECT_EQ(Query(select).text(), R"(SELECT * FROM X WHERE InstanceID LIKE 'Microsoft:3A9E[_]50[%]\\%')");
    select.condition = any_of({});
    EXPECT_EQ(Query(select).text(), "SELECT * FROM X WHERE __CLASS IS NULL");
}

TEST(WqlParse, RefusesWhatItCannotReadWhole) {
    for (const char* text : {"",
                             "SELECT",
                             "SELECT *",
                             "SELECT * FROM",
                             "SELECT FROM X",
                             "SELECT *, A FROM X",
                             "SELECT A B FROM X",
                             "DELETE FROM X",
                             "SELECT * FROM X WHERE",
                             "SELECT * FROM X WHERE A",
                             "SELECT * FROM X WHERE A =",
                             "SELECT * FROM X WHERE A = 'open",
                             "SELECT * FROM X WHERE A = 'C:\\x'",
                             "SELECT * FROM X WHERE A = 'x' B",
                             "SELECT * FROM X WHERE (A = 1",
                             "SELECT * FROM X WHERE A = 1)",
                             "SELECT * FROM X WHERE A = 12ab",
                             "SELECT * FROM X WHERE A < NULL",
                             "SELECT * FROM X WHERE A LIKE 5",
                             "SELECT * FROM X WHERE A = 18446744073709551616",
                             "SELECT * FROM X; DROP",
                             "SELECT * FROM X Y",
                             "SELECT COUNT(*) FROM X",
                             "ASSOCIATORS OF X",
                             "ASSOCIATORS OF {",
                             "ASSOCIATORS OF {}",
                             "ASSOCIATORS OF {X.A=}",
                             "ASSOCIATORS OF {X.A=1} WHERE",
                             "ASSOCIATORS OF {X.A=1} WHERE Foo = Y",
                             "REFERENCES OF {X.A=1} WHERE AssocClass = Y",
                             "ASSOCIATORS OF {X.A=1} WHERE Role = A Role = B",
                             "ASSOCIATORS OF {X.A=1} WHERE ResultClass = 'Y'"}) {
        const auto query = Query::parse(text);
        ASSERT_FALSE(query) << text;
        EXPECT_EQ(query.error().code, "cim.bad_query") << text;
        EXPECT_EQ(query.error().native, (NativeCode{NativeKind::hresult, 0x80041017})) << text;
    }
}

TEST(WqlParse, BoundsLengthAndDepth) {
    EXPECT_FALSE(Query::parse("SELECT * FROM X WHERE A = '" + std::string(70000, 'a') + "'"));
    const auto nested = [](int depth) {
        return "SELECT * FROM X WHERE " + std::string(depth, '(') + "A = 1" + std::string(depth, ')');
    };
    EXPECT_TRUE(Query::parse(nested(60)));
    EXPECT_FALSE(Query::parse(nested(65)));
    EXPECT_FALSE(Query::parse(nested(20000)));
    std::string nots = "SELECT * FROM X WHERE ";
    for (int i = 0; i < 10000; ++i)
        nots += "NOT ";
    EXPECT_FALSE(Query::parse(nots + "A = 1"));
}

TEST(WqlParse, NamesThePlaceOfTheError) {
    const auto error = Query::parse("SELECT * FROM X WHERE A ~ 1").error();
    EXPECT_EQ(*error.arg("position"), "24");
    EXPECT_EQ(*error.arg("text"), "~ 1");
}

} // namespace
} // namespace exhyperv::cim::wql
