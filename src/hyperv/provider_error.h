#pragma once

#include "support/error.h"

#include <string>
#include <string_view>

namespace exhyperv::hyperv {

/// The one place where the provider's refusals become Errors (wmi-facts 1.2, 5.4).
///
/// The code is chosen by the system codes inside the text first ("(0x800705AA)": the text itself is localized, the
/// numbers are not), then by `code`: a method's return value or a job's ErrorCode. Arguments: `operation` (the
/// provider's method) and `code`. The text is kept whole in `provider_text`.
[[nodiscard]] Error provider_refusal(NativeKind kind, std::uint32_t code, std::string_view operation, std::string text);

/// An error of a CIM call in the virtualization namespace: an invalid namespace or class means that Hyper-V, or this
/// part of it, is not on the host (hyperv.not_installed, hyperv.class_missing); all others pass as they are.
[[nodiscard]] Error session_error(Error error, std::string_view class_name);

} // namespace exhyperv::hyperv
