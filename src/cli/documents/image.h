#pragma once

#include "app/image_drivers.h"
#include "cli/document.h"

namespace exhyperv::cli {

/// `result` null: nothing was executed.
[[nodiscard]] Document image_import_document(const app::ImageImport& import, const app::ImageImportResult* result,
                                             bool dry_run, text::Language language);
[[nodiscard]] Document image_purge_document(const app::ImagePurge& purge, const app::ImagePurgeResult* result,
                                            bool dry_run, text::Language language);

} // namespace exhyperv::cli
