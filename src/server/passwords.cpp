#include "server/passwords.h"

#include "platform/file.h"
#include "platform/private_file.h"
#include "server/security.h"
#include "support/strings.h"

#include <nlohmann/json.hpp>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>

namespace exhyperv::server {
namespace {

constexpr std::size_t kSaltBytes = 16, kHashBytes = 32;
constexpr std::uint64_t kCost = 1u << 15, kBlock = 8, kParallel = 1, kMemory = 64u << 20;
constexpr std::size_t kPasswordLimit = 1024;

std::string file_of(const std::string& data_directory) {
    return data_directory + "/accounts.json";
}

std::string hex(const unsigned char* bytes, std::size_t count) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string out;
    for (std::size_t i = 0; i < count; ++i) {
        out += digits[bytes[i] >> 4];
        out += digits[bytes[i] & 15];
    }
    return out;
}

Result<std::string> hash_of(std::string_view password, std::string_view salt) {
    std::array<unsigned char, kHashBytes> out{};
    const int ok = EVP_PBE_scrypt(password.data(), password.size(), reinterpret_cast<const unsigned char*>(salt.data()),
                                  salt.size(), kCost, kBlock, kParallel, kMemory, out.data(), out.size());
    if (ok != 1) return fail("accounts.hash_failed");
    return hex(out.data(), out.size());
}

Result<Account> account_from(const nlohmann::json& entry) {
    const auto text = [&](const char* name) {
        const auto member = entry.find(name);
        return member != entry.end() && member->is_string() ? member->get<std::string>() : std::string();
    };
    Account account{text("user"), text("role") == "operator" ? api::Role::operator_ : api::Role::viewer, text("salt"),
                    text("hash")};
    if (account.user.empty() || account.salt.size() != kSaltBytes * 2 || account.hash.size() != kHashBytes * 2)
        return fail("accounts.corrupt");
    return account;
}

/// Empty when there is no file.
Result<std::string> read_file(const std::string& path) {
    auto content = platform::read_text_file(path, 1u << 20);
    if (!content && content.error().code == "file.not_found") return std::string();
    return content;
}

Result<std::vector<Account>> parse(const std::string& path, const std::string& content) {
    if (content.empty()) return std::vector<Account>{};
    const auto document = nlohmann::json::parse(content, nullptr, false);
    if (!document.is_array() || document.size() > 1000) return fail("accounts.corrupt", {{"file", path}});
    std::vector<Account> accounts;
    for (const auto& entry : document) {
        auto account = entry.is_object() ? account_from(entry) : Result<Account>(fail("accounts.corrupt"));
        if (!account) return fail("accounts.corrupt", {{"file", path}});
        accounts.push_back(std::move(*account));
    }
    return accounts;
}

Result<> save(const std::string& data_directory, const std::vector<Account>& accounts) {
    auto document = nlohmann::json::array();
    for (const Account& known : accounts)
        document.push_back({{"user", known.user},
                            {"role", known.role == api::Role::operator_ ? "operator" : "viewer"},
                            {"salt", known.salt},
                            {"hash", known.hash}});
    TRY(platform::make_directories(data_directory));
    return platform::write_private_file(file_of(data_directory), document.dump(2) + "\n");
}

} // namespace

Result<std::vector<Account>> load_accounts(const std::string& data_directory) {
    const std::string path = file_of(data_directory);
    TRY_ASSIGN(const std::string content, read_file(path));
    return parse(path, content);
}

Result<AccountFile::Accounts> AccountFile::now() {
    const std::lock_guard lock(mutex_);
    if (directory_.empty()) return accounts_;
    const std::string path = file_of(directory_);
    TRY_ASSIGN(std::string content, read_file(path));
    if (content == content_) return accounts_;
    TRY_ASSIGN(auto accounts, parse(path, content));
    accounts_ = std::make_shared<const std::vector<Account>>(std::move(accounts));
    content_ = std::move(content);
    return accounts_;
}

Result<> set_password(const std::string& data_directory, const std::string& user, std::string_view password,
                      api::Role role) {
    const bool plain = !user.empty() && user.size() <= 64 && std::all_of(user.begin(), user.end(), [](unsigned char c) {
        return std::isalnum(c) || c == '.' || c == '-' || c == '_' || c == '@';
    });
    if (!plain) return fail("accounts.bad_user", {{"user", user}});
    if (password.size() < 10 || password.size() > kPasswordLimit) return fail("accounts.weak_password");
    TRY_ASSIGN(auto accounts, load_accounts(data_directory));
    std::array<unsigned char, kSaltBytes> salt{};
    if (RAND_bytes(salt.data(), salt.size()) != 1) return fail("accounts.hash_failed");
    Account account{user, role, hex(salt.data(), salt.size()), {}};
    TRY_ASSIGN(account.hash, hash_of(password, account.salt));
    std::erase_if(accounts, [&](const Account& known) { return known.user == user; });
    accounts.push_back(std::move(account));
    return save(data_directory, accounts);
}

Result<> remove_account(const std::string& data_directory, const std::string& user) {
    TRY_ASSIGN(auto accounts, load_accounts(data_directory));
    if (std::erase_if(accounts, [&](const Account& known) { return known.user == user; }) == 0) {
        std::vector<std::string> names;
        for (const Account& known : accounts)
            names.push_back(known.user);
        if (names.empty()) return fail("accounts.none", {{"user", user}});
        return fail("accounts.unknown_user", {{"user", user}, {"known", join(names, ", ")}});
    }
    return save(data_directory, accounts);
}

Result<Account> check_password(const std::vector<Account>& accounts, std::string_view user, std::string_view password) {
    const auto known =
        std::find_if(accounts.begin(), accounts.end(), [&](const Account& account) { return account.user == user; });
    // An unknown user is hashed against a salt all the same: the answer's time must not tell which names exist.
    const std::string salt = known == accounts.end() ? std::string(kSaltBytes * 2, '0') : known->salt;
    TRY_ASSIGN(const std::string hash, hash_of(password.substr(0, kPasswordLimit), salt));
    if (known == accounts.end() || !equal_in_constant_time(hash, known->hash)) return fail("api.login_failed");
    return *known;
}

} // namespace exhyperv::server
