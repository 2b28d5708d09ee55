#pragma once

#include "support/guid.h"

#include <optional>
#include <string>
#include <string_view>

namespace exhyperv::hyperv {

// InstanceIDs of settings (wmi-facts 1.0): "Microsoft:<VM or checkpoint GUID>[\<device>…]" and, for templates,
// "Microsoft:Definition\<GUID>\Default".

/// The GUID at the front; nullopt for templates and foreign ids.
[[nodiscard]] std::optional<Guid> owner_of_setting(std::string_view instance_id);
[[nodiscard]] bool is_template(std::string_view instance_id);
[[nodiscard]] bool is_default_template(std::string_view instance_id);
/// "Microsoft:<GUID>": the realized settings of a VM.
[[nodiscard]] std::string settings_id(const Guid& vm);

} // namespace exhyperv::hyperv
