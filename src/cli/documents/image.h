#pragma once

#include "assign/image_drivers.h"
#include "cli/document.h"

namespace exhyperv::cli {

/// `result` null: nothing was executed.
[[nodiscard]] Document image_import_document(const assign::ImageImport& import, const assign::ImageImportResult* result,
                                             bool dry_run, text::Language language);
[[nodiscard]] Document image_purge_document(const assign::ImagePurge& purge, const assign::ImagePurgeResult* result,
                                            bool dry_run, text::Language language);

} // namespace exhyperv::cli
