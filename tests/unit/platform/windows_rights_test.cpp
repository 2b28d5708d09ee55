#include "platform/elevation.h"
#include "platform/file.h"
#include "platform/private_file.h"
#include "platform/process.h"
#include "platform/win/account.h"
#include "platform/win/wide.h"

#include "temp_directory.h"

#include <gtest/gtest.h>

#include <windows.h>

#include <aclapi.h>
#include <sddl.h>

namespace exhyperv::platform {
namespace {

/// Whom the access list lets in, "S-1-…" each.
std::vector<std::string> let_in(const std::string& path) {
    PACL list = nullptr;
    PSECURITY_DESCRIPTOR descriptor = nullptr;
    std::vector<std::string> out;
    if (GetNamedSecurityInfoW(to_wide(path).data(), SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, nullptr, nullptr, &list,
                              nullptr, &descriptor) != ERROR_SUCCESS ||
        !list)
        return {"everybody"};
    for (DWORD i = 0; i < list->AceCount; ++i) {
        void* entry = nullptr;
        if (!GetAce(list, i, &entry)) continue;
        const auto* const allowed = static_cast<const ACCESS_ALLOWED_ACE*>(entry);
        if (allowed->Header.AceType != ACCESS_ALLOWED_ACE_TYPE || (allowed->Mask & FILE_READ_DATA) == 0) continue;
        wchar_t* text = nullptr;
        if (ConvertSidToStringSidW(const_cast<DWORD*>(&allowed->SidStart), &text)) {
            out.push_back(from_wide(text));
            LocalFree(text);
        }
    }
    LocalFree(descriptor);
    return out;
}

TEST(WindowsRights, APrivateFileLetsNobodyElseIn) {
    TempDirectory directory;
    const auto path = directory / "key.pem";
    ASSERT_TRUE(write_file_atomically(path, "readable")); // and the list of the file it replaces does not stay
    ASSERT_TRUE(write_private_file(path, "secret"));
    EXPECT_EQ(read_text_file(path, 100).value_or("not read"), "secret");
    ASSERT_FALSE(own_account().empty());
    for (const auto& account : let_in(path))
        EXPECT_TRUE(account == own_account() || account == "S-1-5-18" || account == "S-1-5-32-544") << account;
}

TEST(WindowsRights, AProcessThatWasAskedForKeepsTheAskersDataDirectory) {
    TempDirectory directory;
    const auto data = directory / "data of the user";
    ASSERT_TRUE(make_directories(data));
    std::vector<std::string> words{"--streams-of=0:-:-:-", "--data-of-asker=" + data,
                                   "--account-of-asker=S-1-5-21-1-2-3-1001", "gpu", "list"};
    take_over(words);
    EXPECT_EQ(words, (std::vector<std::string>{"gpu", "list"}));
    EXPECT_EQ(data_directory().value_or("none"), data);
    EXPECT_EQ(asking_account(), "S-1-5-21-1-2-3-1001");
    EXPECT_FALSE(can_ask_for_elevation()); // people are asked once
}

TEST(WindowsRights, WordsOfTheSameNameElsewhereAreNobodysDataDirectory) {
    std::vector<std::string> words{"gpu", "list", "--data-of-asker=C:\\x"};
    take_over(words);
    EXPECT_EQ(words.size(), 3u);
}

} // namespace
} // namespace exhyperv::platform
