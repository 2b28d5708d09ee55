#pragma once

#include "assign/image_drivers.h"
#include "cli/ui.h"

#include <string>

namespace exhyperv::cli {

/// What an import into a plain image would do: the Windows it goes into, packages, links, registry values, space,
/// warnings.
[[nodiscard]] std::string image_import_text(const assign::ImageImport& import, const Ui& ui);
/// What was done and read back.
[[nodiscard]] std::string image_import_result_text(const assign::ImageImportResult& result, const Ui& ui);
[[nodiscard]] std::string image_purge_text(const assign::ImagePurge& purge, const Ui& ui);
[[nodiscard]] std::string image_purge_result_text(const assign::ImagePurgeResult& result, const Ui& ui);

} // namespace exhyperv::cli
