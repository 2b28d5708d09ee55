#pragma once

#include "drivers/import_scope.h"
#include "drivers/manifest.h"
#include "drivers/package.h"
#include "host/files.h"
#include "support/deadline.h"

namespace exhyperv::drivers {

inline constexpr std::size_t kMaxExtraFiles = 18'000;
inline constexpr std::size_t kMaxStoreFiles = 190'000;

/// May a user's file go there? Below Program Files, Program Files (x86), ProgramData, and Windows\System32, SysWOW64
/// and SyChpe32 without the registry, the boot files and the driver stores.
[[nodiscard]] bool is_extra_place(std::string_view path);

/// What earlier imports of the card were asked for. The host's own copy of the manifest is believed. The guest's is the
/// guest's word: it can ask for more of the driver store, but for no other file of the host, or a guest could have
/// itself sent what it likes.
[[nodiscard]] ImportScope remembered_scope(const Manifest& guest, const Manifest* host_copy,
                                           const std::string& instance_path);

/// The wish on top of what is known. Sources inside the driver store are written relative to it (`repository`).
[[nodiscard]] ImportScope scope_after(const ImportScope& known, const ScopeWish& wish, const std::string& repository);

/// Looks the scope's files up on the host and adds them to the card's: drivers.scope, packages marked optional, extras.
/// What is missing becomes a warning. Errors: drivers.extra_target {path, target}, drivers.extra_too_many {path,
/// limit}, drivers.extra_source {path}, host.too_many_files, and the port's.
[[nodiscard]] Result<> add_scope(ResolvedDrivers& drivers, const ImportScope& scope, host::HostFiles& files,
                                 const CallContext& context);

/// Fails with drivers.extra_missing {path} when something the user asks for just now is not there.
[[nodiscard]] Result<> require_extras(const ScopeWish& wish, const std::string& repository, host::HostFiles& files,
                                      const CallContext& context);

} // namespace exhyperv::drivers
