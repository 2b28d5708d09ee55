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

TEST_F(PasswordsTest, GoWithTheirAccount) {
    ASSERT_TRUE(set_password(folder, "anna", "correct horse battery", api::Role::viewer));
    ASSERT_TRUE(set_password(folder, "bert", "correct horse battery", api::Role::viewer));
    ASSERT_TRUE(remove_account(folder, "anna"));
    const auto accounts = load_accounts(folder);
    ASSERT_TRUE(accounts);
    ASSERT_EQ(accounts->size(), 1u);
    EXPECT_EQ(accounts->front().user, "bert");
    const auto unknown = remove_account(folder, "anna");
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().code, "accounts.unknown_user");
}

TEST_F(PasswordsTest, CountInARunningServerAsSoonAsTheyAreWritten) {
    AccountFile file(folder);
    ASSERT_TRUE(file.now());
    EXPECT_TRUE((*file.now())->empty());
    ASSERT_TRUE(set_password(folder, "anna", "correct horse battery", api::Role::viewer));
    ASSERT_TRUE(file.now());
    EXPECT_EQ((*file.now())->size(), 1u);
    ASSERT_TRUE(set_password(folder, "anna", "correct horse battery", api::Role::operator_));
    EXPECT_EQ((*file.now())->front().role, api::Role::operator_);
    ASSERT_TRUE(platform::write_file_atomically(folder + "/accounts.json", "{"));
    EXPECT_FALSE(file.now());
    ASSERT_TRUE(platform::remove_file(folder + "/accounts.json"));
    ASSERT_TRUE(file.now());
    EXPECT_TRUE((*file.now())->empty());
}

TEST_F(PasswordsTest, RefuseShortOnesStrangeNamesAndDamagedFiles) {
    EXPECT_EQ(set_password(folder, "anna", "short", api::Role::viewer).error().code, "accounts.weak_password");
    EXPECT_EQ(set_password(folder, "a b", "long enough password", api::Role::viewer).error().code, "accounts.bad_user");
    ASSERT_TRUE(platform::write_file_atomically(folder + "/accounts.json", "[{\"user\":\"x\"}]"));
    EXPECT_EQ(load_accounts(folder).error().code, "accounts.corrupt");
}

} // namespace
} // namespace exhyperv::server
