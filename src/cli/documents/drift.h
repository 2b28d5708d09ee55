#pragma once

#include "assign/gpu_drift.h"
#include "cli/document.h"

namespace exhyperv::cli {

[[nodiscard]] Document drift_document(const std::vector<assign::DriftRow>& rows, text::Language language);
[[nodiscard]] Document updated_driver_document(const std::string& host, const app::UpdatedDriver& updated);

} // namespace exhyperv::cli
