#pragma once

#include "api/request.h"
#include "support/result.h"

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace exhyperv::server {

/// Accounts for `serve --listen`, in <data directory>/accounts.json, readable by the owner only. Passwords are kept as
/// scrypt hashes (N = 2^15, r = 8, p = 1, 16 bytes of salt): slow on purpose, 32 MiB a try.
struct Account {
    std::string user;
    api::Role role = api::Role::viewer;
    std::string salt, hash; ///< hexadecimal
};

/// A missing file is no accounts. Strict: `accounts.corrupt`.
[[nodiscard]] Result<std::vector<Account>> load_accounts(const std::string& data_directory);
/// Adds the account or gives it a new password and role. `accounts.weak_password` below 10 characters,
/// `accounts.bad_user`.
[[nodiscard]] Result<> set_password(const std::string& data_directory, const std::string& user,
                                    std::string_view password, api::Role role);
/// `accounts.unknown_user` {user, known} when there is none of that name, `accounts.none` {user} when there is none.
[[nodiscard]] Result<> remove_account(const std::string& data_directory, const std::string& user);
/// The account, when the password is right. Takes as long for an unknown user as for a wrong password.
[[nodiscard]] Result<Account> check_password(const std::vector<Account>& accounts, std::string_view user,
                                             std::string_view password);

/// The accounts as the file has them at the moment of asking: what "serve passwd" does counts in a running server at
/// once. Thread-safe.
class AccountFile {
  public:
    using Accounts = std::shared_ptr<const std::vector<Account>>;
    /// `data_directory` empty: there is no file, and never an account.
    explicit AccountFile(std::string data_directory) : directory_(std::move(data_directory)) {}
    /// Errors: accounts.corrupt, file.*: then nobody can be told to be somebody.
    [[nodiscard]] Result<Accounts> now();

  private:
    const std::string directory_;
    std::mutex mutex_;
    std::string content_; ///< what accounts_ were made of; looking at the bytes leaves no gap that a time stamp has
    Accounts accounts_ = std::make_shared<const std::vector<Account>>();
};

} // namespace exhyperv::server
