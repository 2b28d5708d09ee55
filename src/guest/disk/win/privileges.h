#pragma once

namespace exhyperv::guest {

/// Lets this process read and write a guest's files whoever owns them there, and make links: the rights of backup
/// programs, which an administrator has but must ask for. Once; what is refused shows where it is needed.
void take_backup_privileges();

} // namespace exhyperv::guest
