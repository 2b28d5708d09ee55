#pragma once

#include "support/result.h"

#include <optional>
#include <string>

namespace exhyperv::guest {

/// An image in the same folder that builds on this one (a checkpoint's .avhdx, a differencing disk): changing this one
/// would destroy it. Looks at the first 10,000 images of the folder, without locking them. Not found are children
/// elsewhere, and ones that their running VM keeps others from opening; that VM holds this image too.
[[nodiscard]] Result<std::optional<std::string>> child_of(const std::string& image_path);

} // namespace exhyperv::guest
