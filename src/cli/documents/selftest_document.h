#pragma once

#include "assign/selftest/selftest.h"
#include "cli/document.h"

#include <string>

namespace exhyperv::cli {

/// The report: what the host is, each check, and the observations. Names of VMs, users and the computer are not in it.
[[nodiscard]] Document selftest_document(const assign::SelfTest& found, const std::string& host_uri,
                                         text::Language language);
[[nodiscard]] std::string document_text(const Document& document); ///< indented, ends with a line end

} // namespace exhyperv::cli
