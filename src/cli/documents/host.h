#pragma once

#include "app/config.h"
#include "cli/document.h"
#include "model/host_facts.h"

namespace exhyperv::cli {

[[nodiscard]] Document hosts_document(const std::vector<app::ConfiguredHost>& hosts, const std::string& standard);
[[nodiscard]] Document host_document(const app::ConfiguredHost& host);
[[nodiscard]] Document policy_document(const model::HostFacts& facts);

} // namespace exhyperv::cli
