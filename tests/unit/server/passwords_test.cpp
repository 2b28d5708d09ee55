#include "platform/file.h"
#include "server/passwords.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

namespace exhyperv::server {
namespace {

class PasswordsTest : public ::testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = (std::filesystem::temp_directory_path() / "exhyperv-passwords-XXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        folder = pattern;
    }
    void TearDown() override { std::filesystem::remove_all(folder); }
    std::string folder;
};

TEST_F(PasswordsTest, TakeTheRightOneAndNoOther) {
    ASSERT_TRUE(set_password(folder, "anna", "correct horse battery", api::Role::viewer));
    const auto accounts = load_accounts(folder);
    ASSERT_TRUE(accounts);
    const auto right = check_password(*accounts, "anna", "correct horse battery");
    ASSERT_TRUE(right);
    EXPECT_EQ(right->role, api::Role::viewer);
    EXPECT_FALSE(check_password(*accounts, "anna", "correct horse batterx"));
    EXPECT_FALSE(check_password(*accounts, "bob", "correct horse battery"));
}

TEST_F(PasswordsTest, AreNotReadableFromTheFile) {
    ASSERT_TRUE(set_password(folder, "anna", "correct horse battery", api::Role::viewer));
    const auto content = platform::read_text_file(folder + "/accounts.json", 1 << 20);
    ASSERT_TRUE(content);
    EXPECT_EQ(content->find("correct horse"), std::string::npos);
}

TEST_F(PasswordsTest, ChangeInsteadOfDoubling) {
    ASSERT_TRUE(set_password(folder, "anna", "correct horse battery", api::Role::viewer));
    ASSERT_TRUE(set_password(folder, "anna", "another long secret", api::Role::operator_));
    const auto accounts = load_accounts(folder);
    ASSERT_TRUE(accounts);
    EXPECT_EQ(accounts->size(), 1u);
    EXPECT_FALSE(check_password(*accounts, "anna", "correct horse battery"));
    EXPECT_TRUE(check_password(*accounts, "anna", "another long secret"));
}

TEST_F(PasswordsTest, RefuseShortOnesStrangeNamesAndDamagedFiles) {
    EXPECT_EQ(set_password(folder, "anna", "short", api::Role::viewer).error().code, "accounts.weak_password");
    EXPECT_EQ(set_password(folder, "a b", "long enough password", api::Role::viewer).error().code, "accounts.bad_user");
    ASSERT_TRUE(platform::write_file_atomically(folder + "/accounts.json", "[{\"user\":\"x\"}]"));
    EXPECT_EQ(load_accounts(folder).error().code, "accounts.corrupt");
}

} // namespace
} // namespace exhyperv::server
