#pragma once

#include <string>

namespace exhyperv::platform {

/// The account this process runs as, "S-1-5-21-…"; empty when the system does not tell.
[[nodiscard]] std::string own_account();
/// The account of the process that asked for this one's rights (platform/elevation.h); empty when nobody did. With an
/// administrator's name typed in, it is another one than own_account().
[[nodiscard]] std::string asking_account();
/// Ignored when it is no account's name.
void set_asking_account(const std::string& sid);

/// Does the account own what is at this path, or SYSTEM or the administrators? True when nothing is there.
[[nodiscard]] bool owned_by_one_of_us(const std::string& path);

} // namespace exhyperv::platform
